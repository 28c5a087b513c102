using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using static Sandan.Customs.Declarations.ReasonedResult;

namespace Sandan.Customs.Exports;

/// <summary>Names a request to sum up, of whatever part.</summary>
internal readonly record struct SummaryKey(string DeclarantCode, string DeclarantNo)
{
    public static SummaryKey Of(SummaryPart part) => new(part.DeclarantCode, part.DeclarantNo);
}

/// <summary>A part of a request to sum up: its newest version.</summary>
/// <param name="Receipts">How many results this version has.</param>
/// <param name="Last">The last of them; null where there is none.</param>
internal sealed record SummaryRow(SummaryPart Part, int Receipts, DeclarationResult? Last, DateTimeOffset? DecidedAt)
{
    /// <summary>Summed up: no later version replaces it.</summary>
    public bool IsFinal => Last?.Status == OfficialCodes.Concluded && !Part.Document.Deleted;

    /// <summary>The companies that may see it.</summary>
    public IReadOnlyList<string> Parties => Domain.Clearance.PartiesOf(Part.DeclarantCode, Part.Terms.SellerCode, Part.Terms.FilerCode);

    /// <summary>With one result more, and the receipt that tells of it.</summary>
    /// <param name="sumNo">That customs gave with it; null where none.</param>
    public (SummaryRow Row, DeclarationReceipt Receipt) With(ReasonedResult result, string? sumNo, DateTimeOffset now) => (
        this with { Receipts = Receipts + 1, Last = result.Result, DecidedAt = now },
        new(Part.Document.Id, Receipts + 1, result.Result, result.Info, sumNo, now));
}

/// <summary>What follows for a whole request.</summary>
/// <param name="Inventories">To sum up; empty where it is refused.</param>
internal sealed record SummaryVerdict(ReasonedResult Result, IReadOnlyList<ExportInventoryAccepted> Inventories);

/// <summary>Decides on requests to sum up: pure, so that every replica and every repeat decides the same.</summary>
/// <remarks>
/// Source: CEB specification (2022-05) §2.21 (period or list, whose inventories), §2.11 (statisticsFlag B is summed up). That an inventory is
/// summed up once, and when its parcel has left, follows from what the messages are for; see <see cref="CustomsOptions"/>.
/// </remarks>
internal static class SummaryRules
{
    private const string Simplified = "A";

    /// <summary>It was withdrawn, or is summed up.</summary>
    public static ReasonedResult Concluded { get; } = Plain(OfficialCodes.Concluded, OfficialCodes.CustomsReviewPassed);

    /// <summary>A change, or a deletion, of what is summed up (-621012).</summary>
    public static ReasonedResult TooLate { get; } = Refuse(OfficialCodes.InventoryStateForbids);

    /// <summary>returnStatus of inventories that may be summed up.</summary>
    public static string[] Statuses(bool afterDeparture) =>
        afterDeparture ? [OfficialCodes.Closed] : [OfficialCodes.Released, OfficialCodes.Closed];

    /// <summary>The end of a period, exclusive: endTime names a second that belongs to it.</summary>
    public static DateTimeOffset EndOf(SummaryTerms terms) => terms.To!.Value.AddSeconds(1);

    /// <summary>What is wrong with a request by itself; null where nothing is: its parts say the same, and a period is over.</summary>
    /// <param name="parts">All of them, in their order.</param>
    public static ReasonedResult? FaultOf(IReadOnlyList<SummaryPart> parts)
    {
        var (terms, known) = (parts[0].Terms, FieldsOf(parts[0].Terms));
        foreach (var part in parts)
        {
            var (at, fields) = (0, FieldsOf(part.Terms));
            while (at < known.Length && fields[at] == known[at])
            {
                at++;
            }

            if (at < known.Length)
            {
                return Refuse(
                    SummaryCodes.PartsDiffer, ("msgSeqNo", "1"), ($"SummaryApplyHead.{known[at].Field}", known[at].Value),
                    ("msgSeqNo", Number(part.Part)), ($"SummaryApplyHead.{fields[at].Field}", fields[at].Value));
            }
        }

        return terms.To is { } end && EndOf(terms) > parts.Max(one => one.Document.ReceivedAt)
            ? Refuse(SummaryCodes.PeriodNotOver, ("SummaryApplyHead.endTime", ShanghaiTime.Format14(end)))
            : null;
    }

    /// <summary>What follows for a list of inventories; null while one of them is waited for.</summary>
    /// <param name="first">The first part.</param>
    /// <param name="listed">invtNo of all parts.</param>
    /// <param name="inventories">Those that there are, by invtNo.</param>
    /// <param name="summed">sumNo of those that were summed up before, by invtNo.</param>
    public static SummaryVerdict? DecideList(
        SummaryPart first, IReadOnlyCollection<string> listed, IReadOnlyDictionary<string, ExportRow> inventories,
        IReadOnlyDictionary<string, string> summed, bool afterDeparture, int most)
    {
        if (listed.Count > most)
        {
            return new(TooMany(most), []);
        }

        foreach (var number in listed)
        {
            if (FaultOf(first, number, inventories.GetValueOrDefault(number), summed.GetValueOrDefault(number)) is { } fault)
            {
                return new(fault, []);
            }
        }

        var statuses = Statuses(afterDeparture);
        return listed.All(number => statuses.Contains(inventories[number].Last?.Status))
            ? new(Concluded, [.. listed.Select(number => inventories[number].Inventory)])
            : null;
    }

    /// <summary>What follows for a period.</summary>
    /// <param name="fit">The inventories of the period that were not summed up yet, at most one more than <paramref name="most"/>.</param>
    public static SummaryVerdict DecidePeriod(SummaryTerms terms, IReadOnlyList<ExportRow> fit, int most) =>
        fit.Count > most ? new(TooMany(most), [])
        : fit.Count > 0 ? new(Concluded, [.. fit.Select(one => one.Inventory)])
        : new(
            Refuse(
                SummaryCodes.NothingThere, ("SummaryApplyHead.startTime", ShanghaiTime.Format14(terms.From!.Value)),
                ("SummaryApplyHead.endTime", ShanghaiTime.Format14(terms.To!.Value))),
            []);

    private static ReasonedResult? FaultOf(SummaryPart asked, string number, ExportRow? row, string? sumNo)
    {
        var named = ("SummaryApplyList.invtNo", number);
        if (row is not { Inventory: var declared })
        {
            return Refuse(SummaryCodes.InventoryUnknown, named);
        }

        (string Field, string Asked, string Declared)[] names =
        [
            ("agentCode", asked.DeclarantCode, declared.DeclarantCode), ("ebcCode", asked.Terms.SellerCode, declared.SellerCode ?? ""),
            ("customsCode", asked.Terms.CustomsCode, declared.CustomsCode),
        ];
        if (Array.Find(names, one => one.Asked != one.Declared) is { Field: { } field } other)
        {
            return Refuse(
                SummaryCodes.DiffersFromInventory, named, ($"SummaryApplyHead.{field}", other.Asked), ($"InventoryHead.{field}", other.Declared));
        }

        return declared.Statistics == Simplified ? Refuse(SummaryCodes.Simplified, named, ("InventoryHead.statisticsFlag", Simplified))
            : row.IsSettled && !ExportRules.IsReleased(row.Last) ? Refuse(SummaryCodes.NotReleased, named, ("InventoryReturn.returnStatus", row.Last!.Status))
            : sumNo is not null ? Refuse(SummaryCodes.SummedUp, named, ("sumNo", sumNo))
            : null;
    }

    private static ReasonedResult TooMany(int most) => Refuse(SummaryCodes.TooMany, ("most", Number(most)));

    private static (string Field, string Value)[] FieldsOf(SummaryTerms terms) =>
    [
        ("customsCode", terms.CustomsCode), ("agentName", terms.DeclarantName), ("ebcCode", terms.SellerCode), ("ebcName", terms.SellerName),
        ("declAgentCode", terms.FilerCode), ("declAgentName", terms.FilerName), ("startTime", TimeOf(terms.From)), ("endTime", TimeOf(terms.To)),
        ("summaryFlag", terms.ByProducer ? "2" : "1"), ("itemNameFlag", terms.ByItemName ? "1" : ""),
    ];

    private static string TimeOf(DateTimeOffset? time) => time is { } known ? ShanghaiTime.Format14(known) : "";
}
