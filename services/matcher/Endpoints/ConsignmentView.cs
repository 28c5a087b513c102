using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Endpoints;

/// <summary>A consignment in the list.</summary>
internal sealed record ConsignmentSummary(
    string EbpCode,
    string OrderNo,
    Direction Direction,
    SupervisionMode? TradeMode,
    ConsignmentState State,
    int Revision,
    IReadOnlyList<DocumentKind> Missing,
    DateTimeOffset WaitingSince,
    bool Overdue,
    DateTimeOffset ChangedAt);

/// <summary>A page of consignments, newest first.</summary>
internal sealed record ConsignmentPage(IReadOnlyList<ConsignmentSummary> Data, string? Next, bool HasMore);

/// <summary>Everything about a consignment.</summary>
/// <param name="Tax">As <c>GET /v1/taxes/…</c> answers; null where there is none yet.</param>
/// <param name="Clearance">As <c>GET /v1/clearances/…</c> answers; null where there is none yet.</param>
/// <param name="Unavailable">Services that did not answer just now: their part is missing here, not in fact.</param>
internal sealed record ConsignmentView(
    string EbpCode,
    string OrderNo,
    Direction Direction,
    SupervisionMode? TradeMode,
    ConsignmentState State,
    int Revision,
    string? RulesVersion,
    IReadOnlyList<MissingView> Missing,
    IReadOnlyList<NearMissView> NearMisses,
    IReadOnlyList<DiscrepancyView> Discrepancies,
    IReadOnlyList<RiskView> Risks,
    DocumentsView Documents,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonNode? Tax,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonNode? Clearance,
    IReadOnlyList<string> Unavailable,
    IReadOnlyList<HistoryEntry> History);

/// <summary>A document that is not there.</summary>
internal sealed record MissingView(
    DocumentKind Document, string Code, DateTimeOffset Since, bool Overdue, Localized Text, Localized Fix);

/// <summary>A document elsewhere that is probably the one that is waited for.</summary>
/// <param name="EbpCode">Platform that it names; null where it names none.</param>
/// <param name="Company">Who sent it.</param>
internal sealed record NearMissView(
    DocumentKind Document, string Code, string? EbpCode, string OrderNo, string Company, string Number, Localized Text, Localized Fix)
{
    /// <summary>Those of which the reader may know: of another platform's only who sees everything, or sent it.</summary>
    /// <param name="company">Null for who sees everything.</param>
    public static IReadOnlyList<NearMissView> Of(IReadOnlyList<Domain.NearMiss> near, Domain.JoinedConsignment? joined, string? company) =>
        [.. near.Where(one => company is null || one.Document.PlatformCode is null || one.Document.PlatformCode == joined!.PlatformCode
                || one.Document.CompanyCode == company || one.Document.PlatformCode == company)
            .Select(one =>
            {
                var entry = CodeDictionary.Get(one.Code);
                return new NearMissView(
                    one.Document.Kind, one.Code, one.Document.PlatformCode, one.Document.OrderNo, one.Document.CompanyCode, one.Document.Number,
                    entry.Text, entry.Fix);
            })];
}

/// <summary>A discrepancy with its explanation.</summary>
/// <param name="Send">What to send: the official message, with appType 2.</param>
internal sealed record DiscrepancyView(
    string Rule,
    string Code,
    DiscrepancySeverity Severity,
    IReadOnlyList<ComparedField> Fields,
    decimal? Difference,
    decimal? Tolerance,
    DocumentKind Turn,
    string Send,
    Localized Explanation)
{
    public static DiscrepancyView Of(Discrepancy found) => new(
        found.Rule, found.Code, found.Severity, found.Fields, found.Difference, found.Tolerance, found.Turn,
        $"{Domain.Explanation.MessageOf(found.Turn)}, appType 2", Domain.Explanation.Of(found));
}

/// <summary>A risk with its text. What was observed, the limit and the evidence are for customs and operator only.</summary>
internal sealed record RiskView(
    string Rule, RiskSeverity Severity, decimal? Observed, decimal? Limit, IReadOnlyList<string>? Evidence, Localized Text)
{
    /// <summary>
    /// Risks as the reader may see them: customs does not disclose its thresholds, and evidence may name others'
    /// consignments, so a party reads only what holds or blocks its own.
    /// </summary>
    public static IReadOnlyList<RiskView> Of(IEnumerable<Risk> risks, bool everything) =>
        [.. SeenBy(risks, everything).Select(risk => new RiskView(
            risk.Rule,
            risk.Severity,
            everything ? risk.Observed : null,
            everything ? risk.Limit : null,
            everything ? risk.Evidence : null,
            CodeDictionary.Get(risk.Rule).Text))];

    /// <summary>The risks of which the reader may know.</summary>
    public static IEnumerable<Risk> SeenBy(IEnumerable<Risk> risks, bool everything) =>
        risks.Where(risk => everything || risk.Severity != RiskSeverity.Watch);
}

/// <summary>The documents of a consignment; null where one is missing.</summary>
internal sealed record DocumentsView(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DocumentView? Order,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DocumentView? Payment,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] WaybillView? Waybill);

/// <summary>A document and the version that the state rests on.</summary>
internal record DocumentView(
    Guid Id, string Company, string Number, int Version, DateTimeOffset AppTime, DateTimeOffset ReceivedAt);

/// <summary>A waybill, and when the parcel was signed for.</summary>
internal sealed record WaybillView(
    Guid Id, string Company, string Number, int Version, DateTimeOffset AppTime, DateTimeOffset ReceivedAt, DateTimeOffset? SignedForAt)
    : DocumentView(Id, Company, Number, Version, AppTime, ReceivedAt);

/// <summary>Something that happened, oldest first.</summary>
/// <param name="What">received, judged, signed for or decided.</param>
internal sealed record HistoryEntry(
    DateTimeOffset At, string What, DocumentKind? Document = null, int? Version = null, int? Revision = null,
    ConsignmentState? State = null, IReadOnlyList<string>? Codes = null, string? Status = null);
