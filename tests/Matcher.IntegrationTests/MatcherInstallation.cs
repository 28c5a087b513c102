using Microsoft.AspNetCore.Builder;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.IntegrationTests;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Sandan.Matcher.IntegrationTests;

/// <summary>One matcher.</summary>
public class MatcherInstallation : Installation
{
    private readonly List<Guid> published = [];

    public WebApplication Matcher { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>Verdicts, as any service downstream hears them.</summary>
    public Heard<ConsignmentsJudged> Judged { get; private set; } = null!;

    public Heard<ConsignmentsOverdue> Overdue { get; private set; } = null!;

    public Heard<DeliveriesOverdue> Undelivered { get; private set; } = null!;

    protected virtual string[] Options => [];

    public IReadOnlyList<ConsignmentJudged> VerdictsOn(string orderNo, string platform = Make.Platform) =>
        [.. Judged.Events.SelectMany(one => one.Consignments).Where(one => one.OrderNo == orderNo && one.PlatformCode == platform)];

    /// <summary>Publishes documents of each kind in one message, as intake does.</summary>
    public async Task PublishAsync(params object[] documents)
    {
        await PublishBatchAsync(documents.OfType<OrderAccepted>().ToArray(), all => new OrdersAccepted(all));
        await PublishBatchAsync(documents.OfType<PaymentAccepted>().ToArray(), all => new PaymentsAccepted(all));
        await PublishBatchAsync(documents.OfType<WaybillAccepted>().ToArray(), all => new WaybillsAccepted(all));
        await PublishBatchAsync(documents.OfType<WaybillStatusAccepted>().ToArray(), all => new WaybillStatusesAccepted(all));
        await PublishBatchAsync(documents.OfType<CompanyRegistered>().ToArray(), all => new CompaniesRegistered(all));
        await PublishBatchAsync(documents.OfType<ClearanceDecided>().ToArray(), all => new ClearancesDecided(all));
    }

    /// <summary>The same, and waits until all of it is worked in and told.</summary>
    public async Task TakeAsync(params object[] documents)
    {
        await PublishAsync(documents);
        await AllWorkedAsync();
    }

    /// <summary>Waits until every published message is worked in and every verdict is told.</summary>
    public async Task AllWorkedAsync()
    {
        Guid[] ids;
        lock (published)
        {
            ids = [.. published.Distinct()];
        }

        await Eventually.BecomesAsync("all messages are worked in", async () =>
            await Database.CountAsync("SELECT count(*) FROM inbox WHERE message_id = ANY($1)", ids) == ids.Length);
        // Only poison is parked, and the test that sends it calls it so.
        Assert.Empty(await Database.ListAsync("SELECT reason FROM parked WHERE item->>'orderNo' NOT LIKE 'POI-3'"));
        await Eventually.BecomesAsync("all verdicts are told", async () =>
            await Database.CountAsync("SELECT count(*) FROM outbox") == 0
            && await Database.CountAsync("SELECT coalesce(sum(revision), 0)::bigint FROM consignment") <= Judged.Events.Sum(one => one.Consignments.Count));
    }

    public async Task<string> StateAsync(string orderNo, string platform = Make.Platform) => string.Join(',', await Database.ListAsync(
        "SELECT state || '/' || revision FROM consignment WHERE order_no = $1 AND platform_code = $2", orderNo, platform));

    /// <summary>All that the matcher holds, to see that nothing changed.</summary>
    public async Task<string> EverythingAsync() => string.Join('\n', await Database.ListAsync(
        """
        SELECT 'c' || c::text FROM consignment c UNION ALL SELECT 'd' || d::text FROM dossier d
        UNION ALL SELECT 'v' || v::text FROM superseded_verdict v UNION ALL SELECT 's' || s::text FROM sighting s
        UNION ALL SELECT 'y' || y::text FROM delivery y UNION ALL SELECT 'o' || o::text FROM company o
        UNION ALL SELECT 'r' || r::text FROM released r ORDER BY 1
        """));

    protected override async Task StartAsync()
    {
        Judged = await Bus.ListenAsync<ConsignmentsJudged>();
        Overdue = await Bus.ListenAsync<ConsignmentsOverdue>();
        Undelivered = await Bus.ListenAsync<DeliveriesOverdue>();
        Matcher = await StartAsync(Program.Build, Options);
        Database = DatabaseOf("matcher");
    }

    /// <summary>One message of one kind; the same id again is a redelivery.</summary>
    public async Task PublishBatchAsync<TDocument, TEvent>(TDocument[] documents, Func<TDocument[], TEvent> toEvent, Guid? id = null)
        where TEvent : class
    {
        if (documents.Length > 0)
        {
            var message = await Bus.PublishAsync(toEvent(documents), id);
            lock (published)
            {
                published.Add(message);
            }
        }
    }
}
