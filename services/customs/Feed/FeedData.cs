using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Storage;

namespace Sandan.Customs.Feed;

/// <summary>The companies of a consignment, by customs code.</summary>
internal sealed record FeedCompanies(string? Platform, string? Seller, string? Payment, string? Logistics)
{
    /// <summary>Of an inventory or a return.</summary>
    public string? Declarant { get; init; }
}

/// <summary>CNY; null where not known (no goods in the verdict, no tax assessed).</summary>
internal sealed record FeedAmounts
{
    public decimal? GoodsValue { get; init; }
    public decimal? Freight { get; init; }
    public decimal? InsuredFee { get; init; }
    public decimal? DutiableValue { get; init; }
    public decimal? Tariff { get; init; }
    public decimal? Vat { get; init; }
    public decimal? ConsumptionTax { get; init; }
    public decimal? TaxTotal { get; init; }
}

/// <summary>Why tax is what it is.</summary>
internal sealed record FeedTaxReason(
    string Code, Localized Text, Localized? Fix, int? LineNo, string? Expected, string? Actual);

/// <summary>The tax route and its reasons.</summary>
internal sealed record FeedTax(TaxRoute Route, IReadOnlyList<FeedTaxReason> Reasons);

/// <summary>A discrepancy with its text; values are masked where personal, as they came from the matcher.</summary>
internal sealed record FeedDiscrepancy(
    string Rule,
    string Code,
    Localized Text,
    Localized? Fix,
    DiscrepancySeverity Severity,
    IReadOnlyList<ComparedField> Fields,
    decimal? Difference,
    decimal? Tolerance,
    DocumentKind Turn);

/// <summary>A risk. What was observed and the evidence are given to customs and operator only.</summary>
internal sealed record FeedRisk(
    string Rule,
    Localized Text,
    RiskSeverity Severity,
    decimal? Observed = null,
    decimal? Limit = null,
    IReadOnlyList<string>? Evidence = null);

/// <summary>The data of every event of the feed; members that a type does not have are left out.</summary>
internal sealed record FeedData
{
    /// <summary>Null, as the next, of a summary, which is of no order.</summary>
    public required string? EbpCode { get; init; }
    public required string? OrderNo { get; init; }

    /// <summary>Of a summary, with the next: who asked, and its own number.</summary>
    public string? AgentCode { get; init; }
    public string? CopNo { get; init; }

    /// <summary>Of a summary: the number that customs gave.</summary>
    public string? SumNo { get; init; }

    /// <summary>Of a summary: the declarations to which it came.</summary>
    public IReadOnlyList<string>? DeclSeqNos { get; init; }

    /// <summary>Of an inventory or a return, as the next two: the e-port's number.</summary>
    public string? PreNo { get; init; }

    /// <summary>Customs' number.</summary>
    public string? InvtNo { get; init; }

    /// <summary>Id of the version that the event speaks of.</summary>
    public Guid? Document { get; init; }

    /// <summary>Revision of the verdict.</summary>
    public int? Revision { get; init; }

    /// <summary>Counts the decisions on the consignment.</summary>
    public int? Decision { get; init; }
    public int? ReturnStatus { get; init; }
    public int? PreviousStatus { get; init; }
    public required string Code { get; init; }
    public required Localized Text { get; init; }
    public Localized? Fix { get; init; }
    public string? ReturnInfo { get; init; }

    /// <summary><c>rules</c> or <c>customs</c>, an officer; who it was is not told.</summary>
    public string? DecidedBy { get; init; }
    public ConsignmentState? State { get; init; }
    public SupervisionMode? TradeMode { get; init; }
    public required FeedCompanies Companies { get; init; }
    public FeedAmounts? Amounts { get; init; }
    public FeedTax? Tax { get; init; }
    public IReadOnlyList<FeedDiscrepancy>? Discrepancies { get; init; }
    public IReadOnlyList<FeedRisk>? Risks { get; init; }

    /// <summary>Overdue: the documents that did not come.</summary>
    public IReadOnlyList<DocumentKind>? Missing { get; init; }

    /// <summary>Overdue: since the first document; a delivery (R08): since the release.</summary>
    public DateTimeOffset? WaitingSince { get; init; }
}

/// <summary>An event to be written; its position is given by the database.</summary>
/// <param name="Subject"><c>ebpCode/orderNo</c>; of a summary <c>agentCode/copNo</c>.</param>
/// <param name="Parties">The companies that may read it, beside customs and operator; at most four.</param>
/// <param name="Data">A <see cref="FeedData"/> in JSON, made once, before the feed is locked.</param>
internal sealed record FeedEvent(
    Guid Id, string Type, string Subject, DateTimeOffset Time, IReadOnlyList<string> Parties, byte[] Data)
{
    /// <exception cref="ArgumentException">A text holds the character NUL, which the database cannot keep.</exception>
    public static FeedEvent Make(string type, DateTimeOffset time, IReadOnlyList<string> parties, FeedData data)
    {
        // Found out here, where one item can be parked, and not at the commit, where its neighbours would fall too.
        var json = JsonSerializer.SerializeToUtf8Bytes(data, CustomsJson.Plain.FeedData);
        return json.AsSpan().IndexOf("\\u0000"u8) >= 0
            ? throw new ArgumentException("A text holds the character NUL.", nameof(data))
            : new(EventIds.Next(time), type, $"{data.EbpCode ?? data.AgentCode}/{data.OrderNo ?? data.CopNo}", time, parties, json);
    }
}
