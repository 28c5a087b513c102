using Microsoft.Extensions.Options;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;
using Sandan.Tax.Domain;
using Sandan.Tax.Storage;
using GoodsFiling = Sandan.Contracts.Events.GoodsFiling;

namespace Sandan.Tax;

/// <summary>
/// Brings verdicts, decisions of customs and filings to the rules of <see cref="ImportTax"/>, and what they say to the
/// tables, each inside one transaction. A person's year is locked before it is read, and the consignments of a set
/// are assessed one after another, so that no two orders of a person are given the same part of it.
/// </summary>
internal sealed class Assessor(PositiveList lists, IOptions<TaxOptions> options, TimeProvider time)
{
    private const int StatusRejected = 100;
    private const int StatusReleased = 800;

    /// <summary>
    /// Assesses what is matched, takes back what no longer is. Revisions older than one that came are ignored, and those
    /// after the released one: what was released keeps its assessment.
    /// </summary>
    public async Task JudgeAsync(UnitOfWork unit, IReadOnlyList<ConsignmentJudged> judged, CancellationToken ct)
    {
        var newest = new Dictionary<ConsignmentKey, ConsignmentJudged>(judged.Count);
        foreach (var one in judged)
        {
            var key = new ConsignmentKey(one.PlatformCode, one.OrderNo);
            if (!newest.TryGetValue(key, out var other) || other.Revision < one.Revision)
            {
                newest[key] = one;
            }
        }

        if (newest.Count == 0)
        {
            return;
        }

        await Columns.UseIndexesAsync(unit, ct);
        var items = new HashSet<ItemKey>();
        foreach (var one in newest.Values.Where(IsTaxable))
        {
            Assessing.AddItems(items, one.SellerCode, one.Goods!);
        }

        var assessing = Begin(await FilingStore.FindAsync(unit, items, ct));
        var assessed = await AssessInEmptyYearAsync(unit, newest, assessing, ct);
        var known = await AssessmentStore.LockAsync(unit, [.. newest.Keys], ct);
        var steps = new List<Step>(newest.Count);
        foreach (var (key, one) in newest)
        {
            if (StepOf(key, one, known.GetValueOrDefault(key), assessed.GetValueOrDefault(key)) is { } step)
            {
                steps.Add(step);
            }
        }

        await new Settlement(unit, assessing).RunAsync(steps, ct);
    }

    /// <summary>
    /// Gives back what a rejected revision has booked. A later decision that takes the rejection back makes it due to be
    /// assessed again. A release books again what was given back before it came: a newer verdict may have been faster.
    /// </summary>
    /// <returns>Whether anything is due.</returns>
    public async Task<bool> DecideAsync(UnitOfWork unit, IReadOnlyList<ClearanceDecided> decided, CancellationToken ct)
    {
        var newest = NewestOf(decided);
        if (newest.Count == 0)
        {
            return false;
        }

        await Columns.UseIndexesAsync(unit, ct);
        var releases = newest.Values.Where(IsRelease).ToList();
        if (releases.Count > 0)
        {
            foreach (var place in await AssessmentStore.ReleaseAsync(unit, releases, ct))
            {
                newest.Remove(KeyOf(releases[(int)place]));
            }
        }

        var due = newest.Count > 0 && await DecideCloselyAsync(unit, newest, ct);
        if (releases.Count > 0 && await ReturnStore.WaitingAsync(unit, releases.ConvertAll(KeyOf), ct) is { Count: > 0 } waiting)
        {
            await GivingBack.RunAsync(unit, Begin(new()), await AssessmentStore.LockAsync(unit, waiting, ct), ct);
        }

        return due;
    }

    /// <summary>
    /// Gives back what came back, each return once. Customs releases a return only of what it released, and that only when it is assessed:
    /// so the assessment is there, but the release may be on its way, and then the return waits for it.
    /// </summary>
    public async Task ReturnAsync(UnitOfWork unit, IReadOnlyList<ReturnReleased> returned, CancellationToken ct)
    {
        await Columns.UseIndexesAsync(unit, ct);
        var known = await AssessmentStore.LockAsync(
            unit, [.. returned.Select(one => new ConsignmentKey(one.PlatformCode, one.OrderNo)).Distinct()], ct);
        await ReturnStore.AddAsync(unit, returned, ct);
        await GivingBack.RunAsync(unit, Begin(new()), known, ct);
    }

    /// <summary>Keeps filings; of several of one article the newest version.</summary>
    /// <returns>Whether anything is due to be assessed again.</returns>
    public static async Task<bool> FileAsync(UnitOfWork unit, IReadOnlyList<GoodsFiling> filings, CancellationToken ct)
    {
        await Columns.UseIndexesAsync(unit, ct);
        return await FilingStore.FileAsync(
            unit,
            [
                .. filings.GroupBy(filing => new ItemKey(filing.SellerCode, filing.ItemNo))
                    .Select(same => same.MaxBy(filing => filing.Version)!),
            ],
            ct);
    }

    /// <summary>Assesses again what is due; what says nothing new is neither written nor told.</summary>
    /// <returns>How many were looked at.</returns>
    public async Task<int> ReassessAsync(UnitOfWork unit, int rowsMax, CancellationToken ct)
    {
        var taken = await DueStore.TakeAsync(unit, rowsMax, ct);
        if (taken.Count == 0)
        {
            return 0;
        }

        await Columns.UseIndexesAsync(unit, ct);
        var locked = await AssessmentStore.LockAsync(unit, taken, ct);
        var steps = locked.Values.Where(CanReassess).Select(row => new Step(StepKind.Assess, row)
        {
            Taxable = row.Assessed!.ReadTaxable(), Revision = row.Assessed.Revision, Attempt = row.Assessed.Attempt + 1,
        }).ToList();
        if (steps.Count > 0)
        {
            var filings = await FilingStore.FindAsync(unit, ItemsOf(steps), ct);

            // A held one is registered for its filings already; one that was cancelled is not and may be held now.
            await FilingStore.HoldAsync(unit, ItemsOf(steps.Where(step => step.Row.Assessed!.Cancelled)), filings, ct);
            await new Settlement(unit, Begin(filings)).RunAsync(steps, ct);
        }

        return taken.Count;
    }

    /// <summary>
    /// Assesses what is taxable as if nobody had bought anything yet: for nearly all that is their assessment, and no lock
    /// is held while it is made. Whatever the year holds, those that are held here will be held: their filings stand still
    /// until that is written.
    /// </summary>
    private static async Task<Dictionary<ConsignmentKey, Assessment>> AssessInEmptyYearAsync(
        UnitOfWork unit, Dictionary<ConsignmentKey, ConsignmentJudged> newest, Assessing assessing, CancellationToken ct)
    {
        var assessed = new Dictionary<ConsignmentKey, Assessment>(newest.Count);
        var missing = new HashSet<ItemKey>();
        foreach (var (key, one) in newest)
        {
            if (!IsTaxable(one))
            {
                continue;
            }

            var assessment = assessing.Assess(one.SellerCode, TaxableOf(one), PersonYear.Empty);
            if (assessment.Route == Route.Held)
            {
                Assessing.AddItems(missing, one.SellerCode, one.Goods!); // and assessed again with what is filed now
            }
            else
            {
                assessed.Add(key, assessment);
            }
        }

        await FilingStore.HoldAsync(unit, missing, assessing.Filings, ct);
        return assessed;
    }

    /// <summary>What a verdict does to a consignment; null where it does nothing.</summary>
    private static Step? StepOf(ConsignmentKey key, ConsignmentJudged judged, ConsignmentRow? known, Assessment? assessed)
    {
        if (known is not null && (judged.Revision <= known.JudgedRevision || judged.Revision > known.ReleasedRevision))
        {
            return null;
        }

        var row = known is null
            ? new(0, key, judged.SellerCode, judged.Revision)
            : known with { SellerCode = judged.SellerCode, JudgedRevision = judged.Revision };
        if (IsTaxable(judged))
        {
            return new(StepKind.Assess, row)
            {
                Taxable = TaxableOf(judged), Revision = judged.Revision, Attempt = 1, InEmptyYear = assessed,
                FirstVerdict = judged.Revision == 1 ? judged : null,
            };
        }

        if (row.Assessed is { Cancelled: false })
        {
            return new(StepKind.Cancel, row);
        }

        // There is no revision before the first that could come late and be wrong.
        return row.IsNew && judged.Revision == 1 ? null : new(StepKind.Note, row);
    }

    /// <summary>Decisions that say more than that what stands is released.</summary>
    private async Task<bool> DecideCloselyAsync(
        UnitOfWork unit, Dictionary<ConsignmentKey, ClearanceDecided> decided, CancellationToken ct)
    {
        var known = await AssessmentStore.LockAsync(unit, [.. decided.Keys], ct);
        var (steps, reopened) = (new List<Step>(), new List<ConsignmentKey>());
        foreach (var (key, one) in decided)
        {
            var row = known.GetValueOrDefault(key) ?? new(0, key, one.SellerCode, JudgedRevision: 0);
            if (row.Decision >= one.Decision || row.ReleasedRevision is not null)
            {
                continue;
            }

            row = row with
            {
                Decision = one.Decision,
                RejectedRevision = one.Status == StatusRejected ? one.Revision : null,
                ReleasedRevision = one.Status == StatusReleased ? one.Revision : null,
            };
            steps.Add(new(KindOf(row), row));
            if (row.Assessed is { Cancelled: true } && CanReassess(row))
            {
                reopened.Add(key);
            }
        }

        await new Settlement(unit, Begin(new())).RunAsync(steps, ct);
        if (reopened.Count > 0)
        {
            await DueStore.MarkAsync(unit, reopened, ct);
        }

        return reopened.Count > 0;
    }

    /// <summary>What the decision just noted does to the assessment.</summary>
    private static StepKind KindOf(ConsignmentRow row) => row switch
    {
        { Assessed: null } => StepKind.Note,
        { ReleasedRevision: { } released } => row.Assessed.Revision >= released
            && (row.Assessed.Cancelled || row.Assessed.Route == Route.Held) ? StepKind.Keep : StepKind.Note,
        _ => !row.Assessed.Cancelled && row.RejectedRevision == row.Assessed.Revision ? StepKind.Cancel : StepKind.Note,
    };

    /// <summary>The newest of those that reject, that follow upon a rejection, or that release.</summary>
    private static Dictionary<ConsignmentKey, ClearanceDecided> NewestOf(IReadOnlyList<ClearanceDecided> decided)
    {
        var newest = new Dictionary<ConsignmentKey, ClearanceDecided>(decided.Count);
        foreach (var one in decided)
        {
            if (one.Status != StatusRejected && one.PreviousStatus != StatusRejected && !IsRelease(one))
            {
                continue;
            }

            if (!newest.TryGetValue(KeyOf(one), out var other) || other.Decision < one.Decision)
            {
                newest[KeyOf(one)] = one;
            }
        }

        return newest;
    }

    private Assessing Begin(Filings filings)
    {
        var now = time.GetUtcNow();
        var today = DateOnly.FromDateTime(now.ToOffset(ShanghaiTime.Offset).Date);
        return new(now, today, lists.At(today), options.Value, filings);
    }

    private static HashSet<ItemKey> ItemsOf(IEnumerable<Step> steps)
    {
        var items = new HashSet<ItemKey>();
        foreach (var step in steps)
        {
            Assessing.AddItems(items, step.Row.SellerCode, step.Taxable!.Goods);
        }

        return items;
    }

    /// <summary>Matched imports are taxed; what is matched has its goods with it.</summary>
    private static bool IsTaxable(ConsignmentJudged judged)
    {
        if (judged is not { State: ConsignmentState.Matched, Direction: Direction.Import })
        {
            return false;
        }

        return judged.Goods is not null
            ? true
            : throw new InvalidDataException($"{judged.PlatformCode}/{judged.OrderNo} is matched but has no goods.");
    }

    private static TaxableGoods TaxableOf(ConsignmentJudged judged) => new((int?)judged.Mode, judged.Goods!);

    private static ConsignmentKey KeyOf(ClearanceDecided decided) => new(decided.PlatformCode, decided.OrderNo);

    /// <summary>800 is final: what customs decides after it tells of a change (S6003) and releases nothing.</summary>
    private static bool IsRelease(ClearanceDecided decided) =>
        decided.Status == StatusReleased && decided.PreviousStatus != StatusReleased;

    /// <summary>Held, or cancelled by a rejection that was taken back; and neither superseded nor released.</summary>
    private static bool CanReassess(ConsignmentRow row) =>
        row is { ReleasedRevision: null, Assessed: { } assessed }
        && assessed.Revision == row.JudgedRevision && row.RejectedRevision != assessed.Revision
        && (assessed.Cancelled || assessed.Route == Route.Held);
}
