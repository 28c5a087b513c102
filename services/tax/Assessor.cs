using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;
using Sandan.Tax.Domain;
using Sandan.Tax.Storage;
using FiledGoods = Sandan.Tax.Domain.GoodsFiling;

namespace Sandan.Tax;

/// <summary>
/// Brings verdicts, decisions of customs and filings to the rules of <see cref="ImportTax"/>, and what they say to the
/// tables, each inside one transaction. A person's year is locked before it is read, and the consignments of a message
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
        ConsignmentJudged[] newest = [.. judged.GroupBy(KeyOf).Select(same => same.MaxBy(one => one.Revision)!)];
        var taxable = newest.Where(IsTaxable).ToDictionary(KeyOf, TaxableOf);
        var (now, today) = Now();
        var items = newest.Where(IsTaxable).SelectMany(one => ItemsOf(one.SellerCode, one.Goods!)).ToHashSet();
        var filings = items.Count == 0 ? [] : await TaxStore.FilingsAsync(unit, items, ct);

        // Whatever the year holds, these will be held: their filings stand still until that is written.
        var held = newest
            .Where(one => IsTaxable(one)
                && Assess(one.SellerCode, TaxableOf(one), filings, PersonYear.Empty, today).Route == Route.Held)
            .SelectMany(one => ItemsOf(one.SellerCode, one.Goods!))
            .ToHashSet();
        await HoldAsync(unit, held, filings, ct);

        var rows = (await TaxStore.JudgeAsync(unit, newest, ct)).ToDictionary(row => row.Key);
        var steps = newest.Where(one => rows.ContainsKey(KeyOf(one))).Select(one =>
            new Step(rows[KeyOf(one)], taxable.GetValueOrDefault(KeyOf(one)), one.Revision, Attempt: 1));
        await SettleAsync(unit, [.. steps], filings, now, today, ct);
    }

    /// <summary>
    /// Gives back what a rejected revision has booked. A later decision that takes the rejection back makes it due to be
    /// assessed again. A release books again what was given back before it came: a newer verdict may have been faster.
    /// </summary>
    /// <returns>Whether anything is due.</returns>
    public async Task<bool> DecideAsync(UnitOfWork unit, IReadOnlyList<ClearanceDecided> decided, CancellationToken ct)
    {
        ClearanceDecided[] newest =
        [
            .. decided.Where(one => one.Status == StatusRejected || one.PreviousStatus == StatusRejected || IsRelease(one))
                .GroupBy(one => new ConsignmentKey(one.PlatformCode, one.OrderNo))
                .Select(same => same.MaxBy(one => one.Decision)!),
        ];
        if (newest.Length == 0)
        {
            return false;
        }

        var rows = await TaxStore.DecideAsync(unit, newest, StatusRejected, StatusReleased, ct);
        var (now, today) = Now();
        var rejected = rows.Where(row => row.Assessed is { Cancelled: false } assessed
            && row.RejectedRevision == assessed.Revision);
        var released = rows.Where(row => row is { ReleasedRevision: { } revision, Assessed: { } assessed }
            && assessed.Revision >= revision && (assessed.Cancelled || assessed.Route == Route.Held));
        await SettleAsync(
            unit,
            [
                .. rejected.Select(row => new Step(row, null, row.JudgedRevision, Attempt: 0)),
                .. released.Select(row => new Step(row, null, row.JudgedRevision, Attempt: 0, Keeps: true)),
            ],
            [], now, today, ct);
        ConsignmentKey[] reopened = [.. rows.Where(row => row.Assessed is { Cancelled: true } && CanReassess(row))
            .Select(row => row.Key)];
        if (reopened.Length > 0)
        {
            await TaxStore.MarkDueAsync(unit, reopened, ct);
        }

        return reopened.Length > 0;
    }

    /// <summary>Keeps filings; of several of one article the newest version.</summary>
    /// <returns>Whether anything is due to be assessed again.</returns>
    public static Task<bool> FileAsync(
        UnitOfWork unit, IReadOnlyList<Contracts.Events.GoodsFiling> filings, CancellationToken ct) =>
        TaxStore.FileAsync(
            unit,
            [
                .. filings.GroupBy(filing => new ItemKey(filing.SellerCode, filing.ItemNo))
                    .Select(same => same.MaxBy(filing => filing.Version)!),
            ],
            ct);

    /// <summary>Assesses again what is due; what says nothing new is neither written nor told.</summary>
    /// <returns>How many were looked at.</returns>
    public async Task<int> ReassessAsync(UnitOfWork unit, int rowsMax, CancellationToken ct)
    {
        var taken = await TaxStore.TakeDueAsync(unit, rowsMax, ct);
        ConsignmentRow[] rows = [.. taken.Where(CanReassess)];
        if (rows.Length > 0)
        {
            var (now, today) = Now();
            var items = rows.SelectMany(row => ItemsOf(row.SellerCode, row.Assessed!.Taxable.Goods)).ToHashSet();
            var filings = await TaxStore.FilingsAsync(unit, items, ct);

            // A held one is registered for its filings already; one that was cancelled is not and may be held now.
            var cancelled = rows.Where(row => row.Assessed!.Cancelled)
                .SelectMany(row => ItemsOf(row.SellerCode, row.Assessed!.Taxable.Goods)).ToHashSet();
            await HoldAsync(unit, cancelled, filings, ct);
            var steps = rows.Select(row =>
                new Step(row, row.Assessed!.Taxable, row.Assessed.Revision, row.Assessed.Attempt + 1));
            await SettleAsync(unit, [.. steps], filings, now, today, ct);
        }

        return taken.Count;
    }

    private static async Task HoldAsync(
        UnitOfWork unit, HashSet<ItemKey> items, Dictionary<ItemKey, FiledGoods> filings, CancellationToken ct)
    {
        if (items.Count > 0)
        {
            foreach (var (item, filing) in await TaxStore.HoldFilingsAsync(unit, items, ct))
            {
                filings[item] = filing;
            }
        }
    }

    /// <summary>
    /// Gives back what the steps held before and books what is kept, then assesses and books anew, one after another.
    /// </summary>
    private async Task SettleAsync(
        UnitOfWork unit,
        IReadOnlyList<Step> steps,
        Dictionary<ItemKey, FiledGoods> filings,
        DateTimeOffset now,
        DateOnly today,
        CancellationToken ct)
    {
        var persons = steps.SelectMany(step => step.Persons(today.Year)).ToHashSet();
        var used = persons.Count == 0 ? [] : await TaxStore.LockPersonYearsAsync(unit, persons, ct);
        var changed = new HashSet<PersonYearKey>();
        foreach (var before in steps.Where(step => step.HoldsQuota).Select(step => step.Row.Assessed!))
        {
            used[before.Person] = used[before.Person].Less(before.Booked);
            changed.Add(before.Person);
        }

        // The goods are out: no limit refuses them any more.
        foreach (var before in steps.Where(step => step.Keeps).Select(step => step.Row.Assessed!))
        {
            used[before.Person] = used[before.Person].Plus(before.Returned);
            changed.Add(before.Person);
        }

        var assessed = new List<NewAssessment>();
        foreach (var step in steps.Where(step => step.Taxable is not null))
        {
            var person = new PersonYearKey(step.Taxable!.Goods.BuyerIndex, today.Year);
            var limited = step.Row.ReleasedRevision == step.Revision ? PersonYear.Empty : used[person];
            var assessment = Assess(step.Row.SellerCode, step.Taxable, filings, limited, today);
            var written = Write(step, person, assessment, now);
            if (SaysNothingNew(step.Row.Assessed, written.Event))
            {
                continue;
            }

            assessed.Add(written);
            if (written.Booked.UsedCny > 0 || written.Booked.UsedKg.Count > 0)
            {
                used[person] = used[person].Plus(written.Booked);
                changed.Add(person);
            }
        }

        ConsignmentKey[] cancelled =
        [
            .. steps.Where(step => step is { Taxable: null, Keeps: false, Row.Assessed.Cancelled: false })
                .Select(step => step.Row.Key),
        ];
        ConsignmentKey[] kept = [.. steps.Where(step => step.Keeps).Select(step => step.Row.Key)];
        await TaxStore.WriteAsync(
            unit, assessed, cancelled, kept, changed.ToDictionary(person => person, person => used[person]), ct);
        if (assessed.Count > 0)
        {
            unit.Publish(new TaxesAssessed([.. assessed.Select(one => one.Event)]));
            TaxMetrics.Assessed(assessed.Select(one => one.Event.Route));
        }
    }

    private static NewAssessment Write(Step step, PersonYearKey person, Assessment assessment, DateTimeOffset now)
    {
        var rejected = step.Row.RejectedRevision == step.Revision;
        var (key, taxable) = (step.Row.Key, step.Taxable!);
        var told = new TaxAssessed(
            key.PlatformCode, key.OrderNo, step.Revision, step.Attempt,
            Enum.Parse<TaxRoute>($"{assessment.Route}"),
            assessment.DutiableValue, assessment.Tariff, assessment.Vat, assessment.ConsumptionTax, assessment.Total,
            [
                .. assessment.Reasons.Select(reason => ReasonOf(reason, assessment, note: false)),
                .. assessment.Notes.Select(reason => ReasonOf(reason, assessment, note: true)),
            ],
            [
                .. assessment.Lines.Zip(taxable.Goods.Items, (line, item) => new TaxedLine(
                    line.Gnum, line.Hs, item.Country, line.Value, line.Tariff, line.Vat, line.ConsumptionTax)),
            ],
            now);
        return new(
            key, told, taxable, person,
            new(assessment.QuotaToBookCny, assessment.WeightsToBookKg),
            assessment.ListFrom, rejected,
            assessment.Route == Route.Held && !rejected && step.Row.ReleasedRevision is null
                ? [.. ItemsOf(step.Row.SellerCode, taxable.Goods).Distinct()]
                : []);
    }

    /// <summary>True where the same revision stays held for the same reasons.</summary>
    private static bool SaysNothingNew(AssessedRow? before, TaxAssessed now) =>
        before is { Cancelled: false, Route: Route.Held } && before.Revision == now.Revision && now.Route == TaxRoute.Held
        && JsonSerializer.Deserialize(before.ReasonsJson, EventJson.Default.IReadOnlyListTaxReason)!.SequenceEqual(now.Reasons);

    /// <summary>The rules point into the document (<c>/orderList/0/qty</c>), the event names the line by its number.</summary>
    private static TaxReason ReasonOf(FieldError error, Assessment assessment, bool note)
    {
        var lineNo = error.Pointer.Split('/') is ["", "orderList", var index, ..]
            ? assessment.Lines[int.Parse(index, CultureInfo.InvariantCulture)].Gnum
            : (int?)null;
        return new(error.Code, lineNo, error.Expected, error.Actual, note);
    }

    private Assessment Assess(
        string sellerCode, TaxableGoods taxable, Dictionary<ItemKey, FiledGoods> filings, PersonYear used, DateOnly today)
    {
        var goods = taxable.Goods;
        var filed = new Dictionary<string, FiledGoods>();
        foreach (var item in ItemsOf(sellerCode, goods))
        {
            if (filings.TryGetValue(item, out var filing))
            {
                filed[item.ItemNo] = filing;
            }
        }

        return ImportTax.Assess(
            new(
                (ImportMode?)taxable.Mode, sellerCode, goods.BuyerIndex, goods.Freight, goods.InsuredFee,
                [
                    .. goods.Items.Select(item => new ConsignmentLine(
                        item.LineNo, item.ItemNo, item.ItemName, item.Unit, item.Quantity, item.Price, item.TotalPrice,
                        item.Country)),
                ]),
            filed, used, lists.At(today), options.Value);
    }

    private (DateTimeOffset Now, DateOnly Today) Now()
    {
        var now = time.GetUtcNow();
        return (now, DateOnly.FromDateTime(now.ToOffset(ShanghaiTime.Offset).Date));
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

    private static ConsignmentKey KeyOf(ConsignmentJudged judged) => new(judged.PlatformCode, judged.OrderNo);

    /// <summary>800 is final: what customs decides after it tells of a change (S6003) and releases nothing.</summary>
    private static bool IsRelease(ClearanceDecided decided) =>
        decided.Status == StatusReleased && decided.PreviousStatus != StatusReleased;

    /// <summary>Held, or cancelled by a rejection that was taken back; and neither superseded nor released.</summary>
    private static bool CanReassess(ConsignmentRow row) =>
        row is { ReleasedRevision: null, Assessed: { } assessed }
        && assessed.Revision == row.JudgedRevision && row.RejectedRevision != assessed.Revision
        && (assessed.Cancelled || assessed.Route == Route.Held);

    private static IEnumerable<ItemKey> ItemsOf(string sellerCode, ConsignmentGoods goods) =>
        from item in goods.Items where item.ItemNo is not null select new ItemKey(sellerCode, item.ItemNo!);

    /// <summary>What is to be done with a consignment: assessed, or without goods only taken back.</summary>
    /// <param name="Keeps">Or nothing of both: its assessment was released and holds, also where it was cancelled.</param>
    private sealed record Step(ConsignmentRow Row, TaxableGoods? Taxable, int Revision, int Attempt, bool Keeps = false)
    {
        public bool HoldsQuota =>
            !Keeps && Row.Assessed is { } before && (before.Booked.UsedCny > 0 || before.Booked.UsedKg.Count > 0);

        public IEnumerable<PersonYearKey> Persons(int year)
        {
            if (HoldsQuota || Keeps)
            {
                yield return Row.Assessed!.Person;
            }

            if (Taxable is not null)
            {
                yield return new(Taxable.Goods.BuyerIndex, year);
            }
        }
    }
}
