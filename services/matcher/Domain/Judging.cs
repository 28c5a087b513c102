using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>A consignment as stored, as far as the next judgement needs it.</summary>
internal sealed record StoredConsignment(
    string PlatformCode, string OrderNo, ConsignmentState State, int Revision, string Basis, DateTimeOffset WaitingSince,
    bool Overdue, IReadOnlyList<DocumentKind> Missing);

/// <summary>What is to be stored of a consignment, and the verdict to be told; null where there is none to tell.</summary>
/// <param name="Stored">The row before; null where there was none.</param>
internal sealed record JudgedConsignment(
    StoredConsignment Consignment,
    StoredConsignment? Stored,
    JoinedConsignment Joined,
    SupervisionMode? Mode,
    ConsignmentJudged? Verdict);

/// <summary>Judges a joined consignment: what it waits for, or whether its documents agree.</summary>
internal static class Judging
{
    /// <summary>The state before rules are asked: complete ones are Matched until a rule says otherwise.</summary>
    public static bool IsComplete(JoinedConsignment joined) => joined is { Order: not null, Payment: not null, Waybill: not null };

    /// <summary>
    /// The new row and, where the verdict changed or rests on other documents than the last one, the verdict to tell.
    /// </summary>
    /// <param name="stored">The row before; null where there was none.</param>
    /// <param name="counts">What its sightings come to, for a complete consignment.</param>
    /// <param name="forced">What its order number asks of a sandbox.</param>
    public static JudgedConsignment Judge(
        JoinedConsignment joined,
        StoredConsignment? stored,
        SupervisionMode? mode,
        SightingCounts counts,
        ForcedOutcome forced,
        MatcherOptions options,
        DateTimeOffset now)
    {
        IReadOnlyList<Discrepancy> discrepancies = IsComplete(joined)
            ? forced.Or(joined.OrderNo, () => MatchRules.Compare(
                new(joined.Order!.Order, joined.Payment!.Payment, joined.Waybill!.Waybill), options))
            : [];
        var state = (joined, discrepancies) switch
        {
            ({ Ambiguous: true }, _) => ConsignmentState.Ambiguous,
            ({ Order: null } or { Payment: null } or { Waybill: null }, _) => ConsignmentState.Waiting,
            (_, { } found) when found.Any(one => one.Severity == DiscrepancySeverity.Mismatch) => ConsignmentState.Mismatched,
            _ => ConsignmentState.Matched,
        };
        var basis = BasisOf(joined, mode);
        var changed = stored is null || stored.State != state || stored.Basis != basis;
        var tell = changed && joined.PlatformCode.Length > 0
            && (state != ConsignmentState.Waiting || stored is { Revision: > 0, State: not ConsignmentState.Waiting });
        var row = new StoredConsignment(
            joined.PlatformCode,
            joined.OrderNo,
            state,
            (stored?.Revision ?? 0) + (tell ? 1 : 0),
            basis,
            WaitingSince(joined, stored, state, now),
            stored is { Overdue: true } && stored.Missing.SequenceEqual(joined.Missing),
            joined.Missing);
        IReadOnlyList<Risk> risks = tell && IsComplete(joined) && forced.Decision == ForcedDecision.None
            ? RiskRules.Assess(joined, counts, options.Risk)
            : [];
        return new(row, stored, joined, mode, tell ? Verdict(row, joined, mode, discrepancies, risks, now) : null);
    }

    /// <summary>Names what a state rests on; a verdict is told anew when this changes.</summary>
    public static string BasisOf(JoinedConsignment joined, SupervisionMode? mode) => string.Join(
        '|', joined.Order?.Basis, joined.Payment?.Basis, joined.Waybill?.Basis, mode is null ? "" : (int)mode);

    /// <summary>Since its first document; where a verdict fell by a deletion, since then.</summary>
    private static DateTimeOffset WaitingSince(
        JoinedConsignment joined, StoredConsignment? stored, ConsignmentState state, DateTimeOffset now)
    {
        if (state == ConsignmentState.Waiting && stored is { State: not ConsignmentState.Waiting })
        {
            return now;
        }

        HeldDocument?[] there = [joined.Order, joined.Payment, joined.Waybill];
        return stored?.WaitingSince ?? there.Min(one => one?.ReceivedAt) ?? now;
    }

    private static ConsignmentJudged Verdict(
        StoredConsignment row,
        JoinedConsignment joined,
        SupervisionMode? mode,
        IReadOnlyList<Discrepancy> discrepancies,
        IReadOnlyList<Risk> risks,
        DateTimeOffset now)
    {
        var order = joined.Order?.Order;
        var waybill = joined.Waybill?.Waybill;
        return new()
        {
            PlatformCode = row.PlatformCode,
            OrderNo = row.OrderNo,
            Revision = row.Revision,
            State = row.State,
            Mode = mode,
            JudgedAt = now,
            RulesVersion = MatchRules.Version,
            SellerCode = order?.SellerCode ?? "",
            PaymentCompanyCode = joined.Payment?.CompanyCode,
            PaymentNo = joined.Payment?.Number,
            LogisticsCompanyCode = joined.Waybill?.CompanyCode,
            WaybillNo = joined.Waybill?.Number,
            Order = order?.Document,
            Payment = joined.Payment?.Payment.Document,
            Waybill = waybill?.Document,
            Discrepancies = discrepancies,
            Risks = risks,
            Goods = row.State == ConsignmentState.Matched
                ? new(order!.BuyerId.Index, order.GoodsValue, order.Freight, waybill!.InsuredFee, order.Items)
                : null,
        };
    }
}
