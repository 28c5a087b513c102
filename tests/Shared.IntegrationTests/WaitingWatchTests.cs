using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;
using Sandan.Shared.Telemetry;

namespace Sandan.Shared.IntegrationTests;

/// <summary>What is stuck shows in the metrics, so that an operator can be woken.</summary>
public sealed class WaitingWatchTests
{
    private const double Hour = 3600;

    [ServersFact]
    public async Task T_STUCK_a_row_that_cannot_be_sent_shows_with_its_age_until_it_is_sent()
    {
        await using var rig = await Rig.StartAsync();
        await using var watch = await Watch.StartAsync(rig);
        await Rig.UntilAsync(() => watch.Read("sandan_outbox_oldest_seconds") == 0);

        // An exchange of another type, with no queue: everything comes back.
        await rig.Channel.ExchangeDeclareAsync(rig.Exchange<TaxesAssessed>(), ExchangeType.Topic, durable: true);
        await rig.AddRowsAsync<TaxesAssessed>(1, 3);
        await rig.ExecuteAsync("UPDATE outbox SET created_at = created_at - interval '1 hour' WHERE id = (SELECT min(id) FROM outbox)");
        await rig.AddRowsAsync<ConsignmentsOverdue>(4, 3);
        await using var relay = await Relay.StartAsync(rig.Settings);
        await rig.TakeAsync(rig.Queue<ConsignmentsOverdue>("credit"), OutboxRelayTests.Has(4, 3));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 3);
        await Rig.UntilAsync(() => watch.Read("sandan_outbox_oldest_seconds") is >= Hour and < 2 * Hour);

        await rig.Channel.ExchangeDeleteAsync(rig.Exchange<TaxesAssessed>());
        await rig.TakeAsync(rig.Queue<TaxesAssessed>("customs"), OutboxRelayTests.Has(1, 3));
        await Rig.UntilAsync(() => watch.Read("sandan_outbox_oldest_seconds") == 0);
    }

    [ServersFact]
    public async Task T_STUCK_what_is_parked_shows_with_its_number_and_age_until_people_take_it_away()
    {
        await using var rig = await Rig.StartAsync();
        await using var watch = await Watch.StartAsync(rig);
        await Rig.UntilAsync(() => watch.Read("sandan_parked_items") == 0);
        await rig.ExecuteAsync(
            """
            INSERT INTO parked (message_id, queue, item, reason, parked_at)
            SELECT gen_random_uuid(), 'q', '{}', 'poison', now() - n * interval '1 hour' FROM generate_series(3, 1, -1) AS n
            """);
        await Rig.UntilAsync(() => watch.Read("sandan_parked_items") == 3);
        Assert.InRange(watch.Read("sandan_parked_oldest_seconds"), 3 * Hour, 4 * Hour);

        // A database that is away for a while is no end of it.
        rig.Postgres.Cut();
        await rig.ExecuteAsync("DELETE FROM parked");
        await Task.Delay(100);
        rig.Postgres.Heal();
        await Rig.UntilAsync(() => watch.Read("sandan_parked_items") == 0 && watch.Read("sandan_parked_oldest_seconds") == 0);
    }

    [ServersFact]
    public async Task Every_service_measures_what_waits()
    {
        MetricsText.Start();
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        using var client = service.Client(rig);
        await Rig.UntilAsync(async () =>
        {
            var text = await client.GetStringAsync("/metrics");
            return ((string[])["sandan_outbox_oldest_seconds", "sandan_parked_oldest_seconds", "sandan_parked_items"]).All(
                name => text.Contains($"{name}{{service=\"{TestService.Name}\"}} ", StringComparison.Ordinal));
        });
    }

    /// <summary>A watch under a name of its own, for all tests share the metrics of the process.</summary>
    private sealed class Watch : IAsyncDisposable
    {
        private readonly string name;
        private readonly Npgsql.NpgsqlDataSource database;
        private readonly WaitingWatch watch;

        private Watch(Rig rig)
        {
            name = $"watched-{Guid.CreateVersion7()}";
            database = Storage.Database.Open(rig.Settings, "tax");
            watch = new(database, name, TimeProvider.System, NullLogger<WaitingWatch>.Instance)
            {
                LookEvery = TimeSpan.FromMilliseconds(50),
            };
        }

        public static async Task<Watch> StartAsync(Rig rig)
        {
            MetricsText.Start();
            var running = new Watch(rig);
            await running.watch.StartAsync(default);
            return running;
        }

        /// <summary>The value that is shown; NaN where none is yet.</summary>
        public double Read(string metric) =>
            Regex.Match(MetricsText.Write(), $"(?m)^{metric}{{service=\"{name}\"}} (.+)$") is { Success: true } match
                ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
                : double.NaN;

        public async ValueTask DisposeAsync()
        {
            await watch.StopAsync(default);
            Assert.True(watch.ExecuteTask!.IsCompletedSuccessfully);
            watch.Dispose();
            await database.DisposeAsync();
        }
    }
}
