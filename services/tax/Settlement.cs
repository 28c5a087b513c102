using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;
using Sandan.Tax.Domain;
using Sandan.Tax.Storage;

namespace Sandan.Tax;

/// <summary>
/// Brings steps to an end inside one transaction: locks the years of the persons, gives back, books, and writes all of it.
/// New consignments and new persons are added as complete rows, at the end; who was faster is seen then, and the set is
/// worked in again (<see cref="RacedException"/>).
/// </summary>
internal sealed class Settlement(UnitOfWork unit, Assessing assessing)
{
    private readonly List<ConsignmentRow> added = [];
    private readonly List<ConsignmentRow> changed = [];
    private readonly List<ConsignmentKey> settled = [];
    private readonly List<(ItemKey Item, ConsignmentKey Consignment)> waiting = [];
    private readonly List<TaxAssessed> told = [];
    private PersonYears years = null!;

    /// <summary>
    /// Gives back what the steps held before and books what is kept, then assesses and books anew, one after another.
    /// </summary>
    public async Task RunAsync(IReadOnlyList<Step> steps, CancellationToken ct)
    {
        var persons = new HashSet<PersonYearKey>(steps.Count);
        foreach (var step in steps)
        {
            step.AddPersons(persons, assessing.Today.Year);
        }

        years = await PersonYearStore.LockAsync(unit, persons, ct);
        foreach (var step in steps)
        {
            GiveBack(step);
        }

        foreach (var step in steps)
        {
            Settle(step);
        }

        await WriteAsync(ct);
        if (told.Count > 0)
        {
            unit.Publish(new TaxesAssessed(told));
            TaxMetrics.Assessed(told);
        }
    }

    private void GiveBack(Step step)
    {
        if (step is { Kind: StepKind.Cancel or StepKind.Assess, Row.Assessed: { } held })
        {
            years.GiveBack(held.Person, held.Booked);
        }

        if (step is { Kind: StepKind.Return, Row.Assessed: { } reduced })
        {
            years.GiveBack(reduced.Person, step.Returned);
        }

        // The goods are out: no limit refuses them any more.
        if (step is { Kind: StepKind.Keep, Row.Assessed: { Cancelled: true } returned })
        {
            years.Book(returned.Person, returned.Quota);
        }
    }

    private void Settle(Step step)
    {
        var row = step.Row;
        switch (step.Kind)
        {
            case StepKind.Assess:
                Assess(step);
                return;
            case StepKind.Note:
                Put(row);
                return;
            case StepKind.Return:
                Put(row with { Assessed = row.Assessed! with { Quota = row.Assessed.Quota.Less(step.Returned) } });
                return;
            default:
                Put(row with { Assessed = row.Assessed! with { Cancelled = step.Kind == StepKind.Cancel } });
                settled.Add(row.Key);
                return;
        }
    }

    private void Assess(Step step)
    {
        var (row, taxable) = (step.Row, step.Taxable!);
        var person = new PersonYearKey(taxable.Goods.BuyerIndex, assessing.Today.Year);
        var used = row.ReleasedRevision == step.Revision ? PersonYear.Empty : years[person]; // what is out, no limit refuses
        var assessment = step.InEmptyYear is { } made && assessing.IsSameIn(made, used)
            ? made
            : assessing.Assess(row.SellerCode, taxable, used);
        var tax = TaxAssessment.Tell(step, assessment, assessing.Now);
        if (SaysNothingNew(row.Assessed, tax))
        {
            return;
        }

        var now = TaxAssessment.Keep(step, assessment, tax, person);
        Put(row with { Assessed = now });
        years.Book(person, now.Booked);
        told.Add(tax);
        if (!row.IsNew)
        {
            settled.Add(row.Key);
        }

        if (now is { Route: Route.Held, Cancelled: false } && row.ReleasedRevision is null)
        {
            var items = new HashSet<ItemKey>();
            Assessing.AddItems(items, row.SellerCode, taxable.Goods);
            waiting.AddRange(items.Select(item => (item, row.Key)));
        }
    }

    /// <summary>True where the same revision stays held for the same reasons.</summary>
    private static bool SaysNothingNew(AssessedRow? before, TaxAssessed now) =>
        before is { Cancelled: false, Route: Route.Held } && before.Revision == now.Revision && now.Route == TaxRoute.Held
        && before.ReadDetails().Reasons.SequenceEqual(now.Reasons);

    private void Put(ConsignmentRow row) => (row.IsNew ? added : changed).Add(row);

    private async Task WriteAsync(CancellationToken ct)
    {
        await AssessmentStore.AddAsync(unit, added, ct);
        await PersonYearStore.AddAsync(unit, years, ct);
        await using var batch = new NpgsqlBatch(unit.Connection, unit.Transaction);
        AssessmentStore.Update(batch, changed);
        PersonYearStore.Update(batch, years);
        DueStore.Wait(batch, settled, waiting);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
    }
}
