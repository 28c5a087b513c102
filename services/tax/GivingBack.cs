using Sandan.Shared.Storage;
using Sandan.Tax.Domain;
using Sandan.Tax.Storage;

namespace Sandan.Tax;

/// <summary>Gives the years of persons back what returns say.</summary>
internal static class GivingBack
{
    /// <summary>Settles the returns of released consignments that are not settled yet; those of others wait.</summary>
    /// <param name="locked">Consignments of which goods came back.</param>
    public static async Task RunAsync(
        UnitOfWork unit, Assessing assessing, Dictionary<ConsignmentKey, ConsignmentRow> locked, CancellationToken ct)
    {
        var released = locked.Values.Where(row => row is { ReleasedRevision: not null, Assessed: not null }).ToList();
        var returns = await ReturnStore.OfAsync(unit, released.ConvertAll(row => row.Key), ct);
        var (steps, settled) = (new List<Step>(), new List<ReturnRow>());
        foreach (var row in released)
        {
            var (booked, details) = (row.Assessed!.Booked, row.Assessed.ReadDetails());
            var came = returns[row.Key].OrderBy(one => one.GivenBackCny is null).ThenBy(one => one.PreNo, StringComparer.Ordinal).ToList();
            var before = PersonYear.Empty with { UsedCny = came.Sum(one => one.GivenBackCny ?? 0) };
            var (whole, given) = (booked.Plus(before), before);
            for (var at = came.Count(one => one.GivenBackCny is not null); at < came.Count; at++)
            {
                var after = ReturnedGoods.Of(LinesOf(details, came.Take(at + 1)), whole);
                settled.Add(came[at] with { GivenBackCny = after.UsedCny - given.UsedCny });
                given = after;
            }

            steps.Add(new(StepKind.Return, row) { Returned = given.Less(before) });
        }

        await new Settlement(unit, assessing).RunAsync(steps, ct);
        await ReturnStore.SettleAsync(unit, settled, ct);
    }

    /// <summary>The lines of an assessment with what these returns took of them.</summary>
    private static List<ReturnedLine> LinesOf(AssessmentDetails details, IEnumerable<ReturnRow> returns)
    {
        var returned = returns.SelectMany(one => one.Lines).ToLookup(line => line.LineNo, line => line.Quantity);
        var quantities = details.Goods.Items.ToDictionary(item => item.LineNo, item => item.Quantity);
        return [.. details.Lines.Select(line => new ReturnedLine(line.Value, quantities[line.LineNo], returned[line.LineNo].Sum()))];
    }
}
