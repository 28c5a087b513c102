using Sandan.Contracts.Events;

namespace Sandan.Credit.Domain;

/// <summary>
/// What a set of events says of companies, in one pass: good news that needs no consignment is counted at once, the rest
/// becomes entries.
/// </summary>
internal sealed class Ledger
{
    private readonly GoodNews good = new();
    private readonly List<Entry> verdicts = [];
    private readonly List<Entry> others = [];

    /// <summary>Matched and mismatched entries that <see cref="Corrections"/> has to look at first.</summary>
    public IReadOnlyList<Entry> Verdicts => verdicts;

    /// <summary>All else, good news counted together.</summary>
    public IEnumerable<Entry> Others => good.Entries().Concat(others);

    /// <summary>Late documents whose sender nobody named: they count against no one.</summary>
    public int Unattributed { get; private set; }

    /// <summary>Takes an event of one of the four kinds.</summary>
    public void Take(object item)
    {
        switch (item)
        {
            case ConsignmentJudged verdict:
                Take(verdict);
                break;
            case ClearanceDecided decision:
                Take(decision);
                break;
            case ConsignmentOverdue overdue:
                Unattributed += Attribution.Unattributed(overdue);
                others.AddRange(Attribution.OfOverdue(overdue));
                break;
            case DeliveryOverdue overdue:
                others.Add(Attribution.OfDelivery(overdue));
                break;
            default:
                throw new ArgumentException($"{item.GetType().Name} says nothing of companies.", nameof(item));
        }
    }

    /// <summary>A first verdict cannot be a correction, and most consignments have only that one.</summary>
    private void Take(ConsignmentJudged verdict)
    {
        var isFirstMatch = verdict is { State: ConsignmentState.Matched, Revision: 1 };
        if (isFirstMatch)
        {
            var (at, day) = (verdict.JudgedAt, Entry.ShanghaiDay(verdict.JudgedAt));
            var (platform, seller) = (verdict.PlatformCode, verdict.SellerCode);
            var (payment, logistics) = (verdict.PaymentCompanyCode, verdict.LogisticsCompanyCode);
            good.Add(platform, EntryKind.Matched, at, day);

            // A company in two roles is one company.
            if (seller != platform)
            {
                good.Add(seller, EntryKind.Matched, at, day);
            }

            if (payment != platform && payment != seller)
            {
                good.Add(payment, EntryKind.Matched, at, day);
            }

            if (logistics != platform && logistics != seller && logistics != payment)
            {
                good.Add(logistics, EntryKind.Matched, at, day);
            }
        }

        if (isFirstMatch && verdict.Risks.Count == 0)
        {
            return;
        }

        foreach (var entry in Attribution.OfVerdict(verdict))
        {
            if (entry.Kind is not (EntryKind.Matched or EntryKind.Mismatched))
            {
                others.Add(entry);
            }
            else if (!isFirstMatch)
            {
                verdicts.Add(entry);
            }
        }
    }

    private void Take(ClearanceDecided decision)
    {
        if (decision.Status != Attribution.StatusReleased)
        {
            others.AddRange(Attribution.OfDecision(decision));
            return;
        }

        if (decision.PreviousStatus == Attribution.StatusReleased)
        {
            return; // a change behind the release is told as 800 upon 800, and is no second one
        }

        var day = Entry.ShanghaiDay(decision.DecidedAt);
        good.Add(decision.PlatformCode, EntryKind.Released, decision.DecidedAt, day);
        if (decision.SellerCode != decision.PlatformCode)
        {
            good.Add(decision.SellerCode, EntryKind.Released, decision.DecidedAt, day);
        }
    }
}
