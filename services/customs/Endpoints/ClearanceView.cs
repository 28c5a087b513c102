using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Shared.Security;

namespace Sandan.Customs.Endpoints;

/// <summary>A decision of the history as its reader may see it.</summary>
internal sealed record DecisionView(
    int Decision,
    int Revision,
    int ReturnStatus,
    int? PreviousStatus,
    string Code,
    Localized Text,
    string? Rule,
    DateTimeOffset DecidedAt,
    string DecidedBy,
    string? Reason);

/// <summary>A clearance as its reader may see it. Amounts in CNY.</summary>
internal sealed record ClearanceView
{
    public required string EbpCode { get; init; }
    public required string OrderNo { get; init; }

    /// <summary>Revision of the newest verdict, and what it says.</summary>
    public required int Revision { get; init; }
    public required ConsignmentState State { get; init; }
    public SupervisionMode? TradeMode { get; init; }
    public required FeedCompanies Companies { get; init; }
    public string? PaymentNo { get; init; }
    public string? WaybillNo { get; init; }

    /// <summary>Left out where nothing was decided yet, as the next ones.</summary>
    public int? ReturnStatus { get; init; }
    public string? Code { get; init; }
    public Localized? Text { get; init; }
    public Localized? Fix { get; init; }
    public string? ReturnInfo { get; init; }
    public int Decision { get; init; }
    public int? DecidedRevision { get; init; }
    public DateTimeOffset? DecidedAt { get; init; }
    public string? DecidedBy { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset? ReleasedAt { get; init; }
    public DateTimeOffset? JudgedAt { get; init; }
    public FeedAmounts? Amounts { get; init; }
    public FeedTax? Tax { get; init; }
    public IReadOnlyList<TaxedLine>? Lines { get; init; }
    public IReadOnlyList<FeedDiscrepancy>? Discrepancies { get; init; }
    public IReadOnlyList<FeedRisk>? Risks { get; init; }

    /// <summary>All decisions, oldest first; only where one clearance is asked for.</summary>
    public IReadOnlyList<DecisionView>? History { get; init; }

    /// <summary>
    /// Customs and operator see everything. A party sees neither who the officer was nor the reason of a hold or an
    /// inspection; the reason of a rejection it does see, as in the official receipt 1300.
    /// </summary>
    public static ClearanceView Of(Clearance clearance, Caller reader, IReadOnlyList<Decision>? history = null)
    {
        var lines = FeedEvents.LinesOf(clearance);
        var isDecided = clearance.Status is not null;
        var reason = ReasonFor(reader, clearance.Status, clearance.Reason);
        return new()
        {
            EbpCode = clearance.Key.PlatformCode,
            OrderNo = clearance.Key.OrderNo,
            Revision = clearance.Revision,
            State = clearance.State,
            TradeMode = clearance.Mode,
            Companies = FeedEvents.CompaniesOf(clearance),
            PaymentNo = clearance.Judged?.PaymentNo,
            WaybillNo = clearance.Judged?.WaybillNo,
            ReturnStatus = (int?)clearance.Status,
            Code = clearance.Code,
            Text = isDecided ? Explained.TextOf(clearance.Code!) : null,
            Fix = isDecided ? Explained.FixOf(clearance.Code!) : null,
            ReturnInfo = isDecided
                ? FeedEvents.ReturnInfoOf(clearance, clearance.Status == Domain.ReturnStatus.Rejected ? reason : null)
                : null,
            Decision = clearance.Decision,
            DecidedRevision = isDecided ? clearance.DecidedRevision : null,
            DecidedAt = clearance.DecidedAt,
            DecidedBy = isDecided ? OfficerFor(reader, clearance.DecidedBy!) : null,
            Reason = reason,
            ReleasedAt = clearance.ReleasedAt,
            JudgedAt = clearance.Judged?.JudgedAt,
            Amounts = FeedEvents.AmountsOf(clearance),
            Tax = FeedEvents.TaxOf(clearance),
            Lines = lines.Count > 0 ? lines : null,
            Discrepancies = FeedEvents.DiscrepanciesOf(clearance),
            Risks = FeedEvents.RisksOf(clearance, reader.SeesEverything),
            History = history?.Select(one => new DecisionView(
                one.Number, one.Revision, (int)one.Status, (int?)one.PreviousStatus, one.Code, Explained.TextOf(one.Code),
                one.Rule, one.At, OfficerFor(reader, one.By), ReasonFor(reader, one.Status, one.Reason))).ToArray(),
        };
    }

    private static string OfficerFor(Caller reader, string by) =>
        reader.SeesEverything || by == Clearance.ByRules ? by : Roles.Customs;

    private static string? ReasonFor(Caller reader, ReturnStatus? status, string? reason) =>
        reader.SeesEverything || status == Domain.ReturnStatus.Rejected ? reason : null;
}

/// <summary>A page of clearances, the last seen first.</summary>
/// <param name="Next">Cursor for the page behind this one; the same place again where there is no more.</param>
internal sealed record ClearancePage(IReadOnlyList<ClearanceView> Data, string Next, bool HasMore);

/// <summary>What an officer orders.</summary>
internal sealed record ActionRequest(string? Action, string? Reason);
