using System.Globalization;

namespace Sandan.Bench;

/// <summary>Holds what was sent against the feed and against what the services have stored. A run with a fault is void.</summary>
internal static class Books
{
    private static readonly Kind[] Kinds = [Kind.Order, Kind.Payment, Kind.Waybill];
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(120);

    /// <summary>Waits until nothing is under way any more, then counts.</summary>
    public static async Task CheckAsync(Run run, CancellationToken ct)
    {
        var (sandan, ledger) = (run.Sandan, run.Ledger);
        var sent = Enumerable.Range(0, ledger.Sent).Where(number => Kinds.Any(kind => ledger.IsStored(number, kind)))
            .Select(ledger.OutcomeOf).ToArray();
        var released = sent.LongCount(defect => defect.Status == 800);
        var mismatched = sent.LongCount(defect => defect.State == "Mismatched");
        var documents = Kinds.Sum(kind => Enumerable.Range(0, ledger.Sent).LongCount(number => ledger.IsStored(number, kind)));
        await SettleAsync(sandan, released, ct);

        Hold("accepted documents by the answers", documents, ledger.Accepted);
        Hold("clearance events", ledger.Expected, ledger.Outcomes);
        foreach (var number in ledger.Missing().Take(10))
        {
            ledger.Fault($"{run.Traffic.OrderNo(number)} has no outcome.");
        }

        var stored = 0L;
        foreach (var service in (string[])["order", "payment", "waybill"])
        {
            stored += await CountAsync(sandan, service, "SELECT count(*) FROM document", ct);
            Hold($"documents of {service} without their bytes", 0, await CountAsync(
                sandan, service, "SELECT count(*) FROM document WHERE block NOT IN (SELECT id FROM document_block)", ct));
        }

        Hold("stored documents", run.WaitingBefore + documents, stored);
        Hold("verdicts", released + mismatched, await CountAsync(sandan, "matcher", "SELECT coalesce(sum(revision), 0)::bigint FROM consignment", ct));
        Hold("waiting consignments", run.WaitingBefore + sent.Length - released - mismatched, await CountAsync(
            sandan, "matcher", "SELECT count(*) FROM consignment WHERE state = 0", ct));
        Hold("assessments", released, await CountAsync(
            sandan, "tax", "SELECT count(*) FROM assessment WHERE revision IS NOT NULL AND NOT cancelled", ct));
        Hold("decisions", released + mismatched, await CountAsync(
            sandan, "customs", "SELECT count(*) FROM clearance WHERE status IN (100, 800)", ct));
        Hold("credited releases", released * 2, await CountAsync(
            sandan, "credit", "SELECT coalesce(sum(count), 0)::bigint FROM tally WHERE kind = 'released'", ct));
        Hold("counted releases", released, await CountAsync(sandan, "statistics", ReleasedStatement, ct));
        foreach (var service in (string[])["registry", "order", "payment", "waybill", "matcher", "tax", "customs", "credit", "statistics"])
        {
            Hold($"outbox of {service}", 0, await CountAsync(sandan, service, "SELECT count(*) FROM outbox", ct));
            Hold($"parked items of {service}", 0, await CountAsync(sandan, service, "SELECT count(*) FROM parked", ct));
        }

        Hold("messages in queues", 0, await Servers.WaitingAsync(sandan.Machine, Installation.Prefix, ct));

        void Hold(string what, long expected, long counted)
        {
            if (expected != counted)
            {
                ledger.Fault(string.Create(CultureInfo.InvariantCulture, $"{what}: {counted:N0} instead of {expected:N0}"));
            }
        }
    }

    private const string ReleasedStatement =
        "SELECT coalesce(sum(consignments), 0)::bigint FROM tally WHERE dimension = 0";

    /// <summary>Statistics and credit are the last that hear of a release.</summary>
    private static async Task SettleAsync(Installation sandan, long released, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(SettleMax);
        try
        {
            while (await CountAsync(sandan, "statistics", ReleasedStatement, patience.Token) < released
                || await CountAsync(sandan, "credit", "SELECT coalesce(sum(count), 0)::bigint FROM tally WHERE kind = 'released'", patience.Token) < released * 2
                || await Servers.WaitingAsync(sandan.Machine, Installation.Prefix, patience.Token) > 0)
            {
                await Task.Delay(200, patience.Token);
            }

            await Task.Delay(500, patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // What is missing then is counted and told.
        }
    }

    private static async Task<long> CountAsync(Installation sandan, string service, string sql, CancellationToken ct)
    {
        await using var database = sandan.Database(service);
        await using var command = database.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }
}
