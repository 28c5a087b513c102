using System.Globalization;
using Sandan.Chaos.Books;
using Version = Sandan.Chaos.Books.Version;

namespace Sandan.Bench;

/// <summary>
/// Holds what was sent against the feed and against what the services have stored, by the checker of the chaos run. A run
/// with a fault is void.
/// </summary>
internal static class Books
{
    private static readonly Kind[] Kinds = [Kind.Order, Kind.Payment, Kind.Waybill];
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(120);

    /// <summary>Waits until nothing is under way any more, then checks; faults are in the ledger.</summary>
    public static async Task CheckAsync(Run run, CancellationToken ct)
    {
        var faults = new Faults();
        await using var checker = new Checker(run.Sandan, faults);
        if (await checker.SettleAsync(SettleMax, ct) > SettleMax)
        {
            faults.Add("stuck", $"It did not settle within {SettleMax.TotalSeconds:0} s.");
        }

        using var feed = new Chaos.Load.FeedReader(run.Sandan.Gateway, run.World.CustomsKey);
        await feed.ReadAllAsync(ct);
        var documents = DocumentsOf(run);
        await checker.CheckAsync(documents, feed.Events, [], ct);
        if (documents.Count != run.Ledger.Accepted)
        {
            faults.Add("answers", string.Create(
                CultureInfo.InvariantCulture, $"{run.Ledger.Accepted:N0} documents were told to be new instead of {documents.Count:N0}."));
        }

        foreach (var line in faults.Lines())
        {
            run.Ledger.Fault(line);
        }
    }

    /// <summary>What was sent and taken, written once more: every document has one version, in the format that the oracle reads.</summary>
    private static Dictionary<PaperName, SortedList<int, Version>> DocumentsOf(Run run)
    {
        var documents = new Dictionary<PaperName, SortedList<int, Version>>();
        var writer = new DocumentWriter();
        for (var number = 0; number < run.Ledger.Sent; number++)
        {
            foreach (var kind in Kinds.Where(kind => run.Ledger.IsStored(number, kind)))
            {
                writer.Reset(Format.Ndjson);
                run.Traffic.Write(writer, kind, run.Ledger.GroupOf(number), number, Edition.First(Traffic.DefectOf(number)));
                var paper = Paper.Read(Traffic.RouteOf(kind), writer.Written)!;
                documents.Add(paper.Name, new() { [1] = new(1, null, paper) });
            }
        }

        return documents;
    }
}
