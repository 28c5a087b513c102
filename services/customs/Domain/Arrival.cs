using Sandan.Contracts.Events;

namespace Sandan.Customs.Domain;

/// <summary>What came for one consignment: of several verdicts and assessments the newest of each.</summary>
internal sealed class Arrival(ClearanceKey key)
{
    public ClearanceKey Key => key;
    public ConsignmentJudged? Verdict { get; private set; }
    public TaxAssessed? Tax { get; private set; }

    /// <summary>True where the consignment is most likely seen for the first time: a verdict of revision 1.</summary>
    public bool IsFirst => Verdict is { Revision: 1 };

    /// <summary>
    /// False for the first verdict that says Matched: it comes with its tax (<see cref="TaxAssessed.Verdict"/>), for
    /// without tax there is nothing to decide.
    /// </summary>
    public static bool ComesAlone(ConsignmentJudged verdict) =>
        verdict is not { State: ConsignmentState.Matched, Revision: 1 };

    /// <summary>Puts verdicts and assessments together by consignment, sorted by key.</summary>
    /// <param name="items">Each a <see cref="ConsignmentJudged"/> or a <see cref="TaxAssessed"/>.</param>
    public static List<Arrival> Gather(IReadOnlyList<object> items)
    {
        var arrivals = new Dictionary<ClearanceKey, Arrival>(items.Count);
        foreach (var item in items)
        {
            switch (item)
            {
                case ConsignmentJudged verdict:
                    Of(verdict.PlatformCode, verdict.OrderNo).Take(verdict);
                    break;
                case TaxAssessed tax:
                    Of(tax.PlatformCode, tax.OrderNo).Take(tax);
                    break;
                default:
                    throw new ArgumentException($"{item.GetType().Name} is neither verdict nor assessment.", nameof(items));
            }
        }

        var sorted = new List<Arrival>(arrivals.Values);
        sorted.Sort(static (one, other) => one.Key.CompareTo(other.Key));
        return sorted;

        Arrival Of(string platformCode, string orderNo)
        {
            var key = new ClearanceKey(platformCode, orderNo);
            return arrivals.TryGetValue(key, out var known) ? known : arrivals[key] = new(key);
        }
    }

    /// <summary>The clearance with what came, not yet decided; null where nothing of it is new.</summary>
    public ArrivalEffect? WorkInto(Clearance clearance)
    {
        var judged = Verdict is null ? null : clearance.Judge(Verdict);
        var assessed = Tax is null ? null : (judged ?? clearance).Assess(Tax);
        return (assessed ?? judged) is { } after ? new(after, IsJudged: judged is not null) : null;
    }

    private void Take(ConsignmentJudged verdict)
    {
        if (Verdict is null || verdict.Revision > Verdict.Revision)
        {
            Verdict = verdict;
        }
    }

    private void Take(TaxAssessed tax)
    {
        if (Tax is null || (tax.Revision, tax.Attempt).CompareTo((Tax.Revision, Tax.Attempt)) > 0)
        {
            Tax = tax;
        }

        if (tax.Verdict is { } verdict)
        {
            Take(verdict);
        }
    }
}

/// <summary>A clearance with what came for it.</summary>
/// <param name="IsJudged">True where a verdict is new, false where only an assessment is.</param>
internal sealed record ArrivalEffect(Clearance After, bool IsJudged);
