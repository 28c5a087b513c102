using System.Diagnostics;
using System.Globalization;
using System.Text;
using RabbitMQ.Client;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Shared.IntegrationTests;

public sealed class OutboxRelayTests
{
    [ServersFact]
    public async Task What_was_committed_is_published_with_id_type_and_trace_and_deleted()
    {
        await using var rig = await Rig.StartAsync();
        await using var relay = await Relay.StartAsync(rig.Settings);
        using var activity = new Activity("request").Start();
        await using (var unit = await UnitOfWork.BeginAsync(rig.Database, relay.Signal, default))
        {
            unit.Publish(new TaxesAssessed([]));
            await unit.CommitAsync(default);
        }

        var one = Assert.Single(await rig.TakeAsync(rig.Queue<TaxesAssessed>("customs"), taken => taken.Count == 1));
        Assert.Empty(EventBytes.Unpack<TaxesAssessed>(one.Body).Assessments);
        Assert.True(Guid.TryParse(one.Id, out _));
        Assert.Equal(EventBytes.ContentType, one.ContentType);
        Assert.Equal(DeliveryModes.Persistent, one.Mode);
        Assert.Equal(activity.TraceId, ActivityContext.Parse(one.Headers["traceparent"], null).TraceId);
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);
    }

    [ServersFact]
    public async Task Ten_thousand_rows_leave_in_their_order()
    {
        await using var rig = await Rig.StartAsync();
        await rig.AddRowsAsync<TaxesAssessed>(1, 10_000);
        await using var relay = await Relay.StartAsync(rig.Settings);
        var taken = await rig.TakeAsync(rig.Queue<TaxesAssessed>("customs"), taken => taken.Count >= 10_000);
        Assert.Equal(Enumerable.Range(1, 10_000), taken.Select(Number));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);
    }

    [ServersFact]
    public async Task Big_bodies_pass_and_each_queue_gets_its_own()
    {
        await using var rig = await Rig.StartAsync();
        await rig.ExecuteAsync(
            """
            INSERT INTO outbox (message_id, event, body)
            SELECT gen_random_uuid(), 'ConsignmentsOverdue', convert_to(repeat(n::text, 5000000), 'UTF8') FROM generate_series(1, 6) AS n
            """);
        await rig.AddRowsAsync<TaxesAssessed>(7, 1);
        await using var relay = await Relay.StartAsync(rig.Settings);
        foreach (var consumer in (string[])["customs", "credit"])
        {
            var taken = await rig.TakeAsync(rig.Queue<ConsignmentsOverdue>(consumer), taken => taken.Count >= 6);
            Assert.All(taken, one => Assert.Equal(5_000_000, one.Body.Length));
            Assert.Equal("123456", string.Concat(taken.Select(one => (char)one.Body[0])));
        }

        await rig.TakeAsync(rig.Queue<TaxesAssessed>("customs"), Has(7, 1));
    }

    [ServersFact]
    public async Task A_missing_exchange_and_a_missing_queue_are_made_again_and_nothing_is_lost()
    {
        await using var rig = await Rig.StartAsync();
        await using var relay = await Relay.StartAsync(rig.Settings);
        var queue = rig.Queue<TaxesAssessed>("customs");
        await PassAsync(1);
        await rig.Channel.ExchangeDeleteAsync(rig.Exchange<TaxesAssessed>());
        await PassAsync(101);
        await rig.Channel.QueueDeleteAsync(queue);
        await PassAsync(201);
        await rig.Channel.QueueUnbindAsync(queue, rig.Exchange<TaxesAssessed>(), "");
        await PassAsync(301);

        async Task PassAsync(int from)
        {
            await rig.AddRowsAsync<TaxesAssessed>(from, 100);
            await rig.TakeAsync(queue, Has(from, 100));
            await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0); // none of these is underway any more
        }
    }

    [ServersFact]
    public async Task An_event_that_cannot_be_routed_stays_and_stops_no_other()
    {
        await using var rig = await Rig.StartAsync();

        // Of another type than ours, with no queue: everything comes back, and it cannot be declared.
        await rig.Channel.ExchangeDeclareAsync(rig.Exchange<TaxesAssessed>(), ExchangeType.Topic, durable: true);
        await rig.AddRowsAsync("NoSuchEvent", 1, 100);
        await rig.AddRowsAsync<TaxesAssessed>(101, 100);
        await rig.AddRowsAsync<ConsignmentsOverdue>(201, 200);
        await using var relay = await Relay.StartAsync(rig.Settings);
        var passed = await rig.TakeAsync(rig.Queue<ConsignmentsOverdue>("credit"), taken => taken.Count >= 200);
        Assert.Equal(Enumerable.Range(201, 200), passed.Select(Number));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 200);

        await rig.Channel.ExchangeDeleteAsync(rig.Exchange<TaxesAssessed>());
        var late = await rig.TakeAsync(rig.Queue<TaxesAssessed>("customs"), Has(101, 100));
        Assert.Equal(Enumerable.Range(101, 100), Numbers(late));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 100);
        Assert.Equal(100, await rig.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE event = 'NoSuchEvent'"));
    }

    [ServersFact]
    public async Task What_the_broker_refuses_stays_until_it_is_taken()
    {
        await using var rig = await Rig.StartAsync();
        var full = rig.MoreQueue("full");
        await rig.Channel.ExchangeDeclareAsync(rig.Exchange<TaxesAssessed>(), ExchangeType.Fanout, durable: true);
        await rig.Channel.QueueDeclareAsync(full, durable: true, exclusive: false, autoDelete: false, arguments: new Dictionary<string, object?>
        {
            ["x-overflow"] = "reject-publish",
            ["x-max-length"] = 1,
        });
        await rig.Channel.QueueBindAsync(full, rig.Exchange<TaxesAssessed>(), "");
        await rig.AddRowsAsync<TaxesAssessed>(1, 5);
        await using var relay = await Relay.StartAsync(rig.Settings);

        // Each try may leave copies in the queue that has room: those have the same id.
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 4);
        await rig.TakeAsync(full, Has(1, 5));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);
        var copies = await rig.TakeAsync(rig.Queue<TaxesAssessed>("customs"), Has(1, 5));
        Assert.Equal(5, copies.Select(one => one.Id).Distinct().Count());
    }

    internal static int Number(Taken one) => int.Parse(Encoding.UTF8.GetString(one.Body), CultureInfo.InvariantCulture);

    /// <summary>All of these have come, once or more: at least once is what a relay promises.</summary>
    internal static Func<List<Taken>, bool> Has(int from, int count) =>
        taken => !Enumerable.Range(from, count).Except(taken.Select(Number)).Any();

    internal static IEnumerable<int> Numbers(IEnumerable<Taken> taken) => taken.Select(Number).Distinct().Order();
}
