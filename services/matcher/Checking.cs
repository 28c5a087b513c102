using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Matcher.Storage;
using Sandan.Shared.Http;
using Sandan.Shared.Messaging;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Storage;

namespace Sandan.Matcher;

/// <summary>A consignment as it would be judged.</summary>
/// <param name="Verdict">The one that would stand; null where it would wait.</param>
internal sealed record CheckedConsignment(JudgedConsignment Judged, ConsignmentJudged? Verdict, IReadOnlyList<NearMiss> Near);

/// <summary>What would follow from documents that were not sent.</summary>
/// <param name="Consignments">Those to which the company would be a party.</param>
/// <param name="Inventories">Likewise, as they would be told; withdrawn ones are left out.</param>
/// <param name="Unused">Documents that no consignment would take, whether the company would see it or not.</param>
/// <param name="Ambiguous">Order numbers under which a waybill may be one platform's or another's.</param>
/// <param name="Exports">The same of exports.</param>
/// <param name="Fits">All that is shown would agree, something of each order number is, and no document is unused.</param>
internal sealed record CheckResult(
    IReadOnlyList<CheckedConsignment> Consignments, IReadOnlyList<InventoryJudged> Inventories, IReadOnlyList<HeldDocument> Unused,
    IReadOnlySet<string> Ambiguous, CheckedExports Exports, bool Fits);

/// <summary>
/// Judges documents as if they had come, by the same rules and against the same state as <see cref="Matching"/>, in a transaction that
/// cannot write. What was accepted a moment ago may not be part of that state yet.
/// </summary>
internal sealed class Checking(
    Matching matching, ExportChecking exports, ConsignmentReader consignments, NpgsqlDataSource database, OutboxSignal signal,
    ForcedOutcomes forced, IOptions<MatcherOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Behind all that was told: whoever is asked what follows takes it for news.</summary>
    public const int Revision = int.MaxValue;

    private readonly Turns turns = new(2, TimeSpan.FromSeconds(1));

    /// <summary>Null where there was no turn within a second.</summary>
    /// <param name="imports">Documents as their services would tell them, or told them.</param>
    /// <param name="orderNumbers">Of these and of documents that would change nothing.</param>
    /// <param name="exported">The same of exports.</param>
    /// <param name="company">In upper case.</param>
    public async Task<CheckResult?> CheckAsync(
        IReadOnlyList<object> imports, IReadOnlyList<string> orderNumbers, IReadOnlyList<object> exported, string company, CancellationToken ct)
    {
        using var turn = await turns.TakeAsync(ct);
        if (turn is null)
        {
            return null;
        }

        var documents = imports.Select(HeldDocument.Of).ToArray();
        var numbers = documents.SelectMany(one => one.EarlierOrders.Append(one.OrderNo)).Concat(orderNumbers).ToHashSet();
        await using var unit = await UnitOfWork.LookAsync(database, signal, ct);
        var dossiers = await Matching.OpenAsync(unit, documents, numbers, ct);
        var (judged, _) = await matching.CompareAsync(unit, dossiers, time.GetUtcNow(), ct);
        return await ResultAsync(documents, orderNumbers, dossiers, judged, await exports.CheckAsync(unit, exported, company, ct), company, ct);
    }

    /// <inheritdoc />
    public void Dispose() => turns.Dispose();

    private async Task<CheckResult> ResultAsync(
        HeldDocument[] documents, IReadOnlyList<string> asked, List<Dossier> dossiers, List<JudgedConsignment> judged, CheckedExports exported,
        string company, CancellationToken ct)
    {
        var own = new List<CheckedConsignment>();
        foreach (var one in judged.Where(one => IsParty(one.Joined, company)))
        {
            own.Add(new(one, await VerdictAsync(one, ct), await NearAsync(one.Joined, dossiers, ct)));
        }

        var byKey = judged.ToDictionary(one => (one.Consignment.OrderNo, one.Consignment.PlatformCode));
        var inventories = dossiers.SelectMany(one => one.Documents).Where(one => one.Kind == DocumentKind.Inventory && IsParty(one.Inventory, company))
            .Select(held =>
            {
                var (state, discrepancies) = InventoryJudging.Compare(
                    held, byKey.GetValueOrDefault((held.OrderNo, held.Inventory.PlatformCode)), forced.Of(held.OrderNo), options.Value);
                return new InventoryJudged(held.Inventory, Revision, state, time.GetUtcNow(), discrepancies);
            }).ToArray();

        var standing = dossiers.SelectMany(one => one.Documents).Select(NameOf).ToHashSet();
        var used = judged.SelectMany(one => new[] { one.Joined.Order, one.Joined.Payment, one.Joined.Waybill }).OfType<HeldDocument>().Select(NameOf).ToHashSet();
        var unused = documents.DistinctBy(NameOf)
            .Where(one => one.Kind != DocumentKind.Inventory && standing.Contains(NameOf(one)) && !used.Contains(NameOf(one))).ToArray();
        var shown = own.Select(one => one.Judged.Consignment.OrderNo).Concat(inventories.Select(one => one.Inventory.OrderNo)).ToHashSet();
        var fits = exported.Fits && unused.Length == 0 && asked.All(shown.Contains)
            && own.All(one => one.Judged.Consignment.State == ConsignmentState.Matched
                && one.Verdict!.Risks.All(risk => risk.Severity == RiskSeverity.Watch))
            && inventories.All(one => one.State == ConsignmentState.Matched);
        return new(own, inventories, unused, judged.Where(one => one.Joined.Ambiguous).Select(one => one.Consignment.OrderNo).ToHashSet(), exported, fits);
    }

    /// <summary>As <c>GET /v1/consignments</c> would show it: where nothing new would be told, what was told last.</summary>
    private async Task<ConsignmentJudged?> VerdictAsync(JudgedConsignment one, CancellationToken ct) =>
        one.Consignment.State == ConsignmentState.Waiting ? null
        : one.Verdict ?? (await consignments.VerdictsAsync(one.Consignment.PlatformCode, one.Consignment.OrderNo, ct)).LastOrDefault();

    private async Task<IReadOnlyList<NearMiss>> NearAsync(JoinedConsignment joined, List<Dossier> dossiers, CancellationToken ct)
    {
        if (joined is not { Missing.Count: > 0 and < 3 })
        {
            return [];
        }

        // What is looked at here is not stored as it is here.
        var open = dossiers.ToDictionary(one => one.OrderNo);
        var variants = NearMisses.VariantsOf(joined.OrderNo);
        return NearMisses.Find(joined,
        [
            .. open.Values.SelectMany(one => one.Documents).Where(one => one.OrderNo == joined.OrderNo || variants.Contains(one.OrderNo)
                || (one.Kind == DocumentKind.Payment && one.Number == joined.Order?.Order.PaymentNo)),
            .. (await consignments.ElsewhereAsync(joined, ct)).Where(one => !open.ContainsKey(one.OrderNo)),
        ]);
    }

    private static (DocumentKind, string, string) NameOf(HeldDocument one) => (one.Kind, one.CompanyCode, one.Number);

    private static bool IsParty(JoinedConsignment joined, string company) => joined.PlatformCode == company
        || joined.Order?.Order.SellerCode == company || joined.Payment?.CompanyCode == company || joined.Waybill?.CompanyCode == company;

    private static bool IsParty(InventoryAccepted one, string company) => one.PlatformCode == company
        || one.SellerCode == company || one.DeclarantCode == company || one.LogisticsCompanyCode == company;
}
