using Npgsql;
using RabbitMQ.Client;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Shared.IntegrationTests;

/// <summary>
/// A leader that is paused keeps its connections: the kernel answers for it. It leads no more when its lease is over, and when it
/// goes on it does not know that yet.
/// </summary>
public sealed class OutboxRelayLeaseTests
{
    private const int Rows = 20;

    [ServersFact]
    public async Task T_LEAD_a_leader_paused_past_its_lease_that_goes_on_loses_nothing_and_doubles_no_effect()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        var copies = rig.MoreQueue("copies");
        await rig.Channel.ExchangeDeclareAsync(rig.Exchange<ClearancesDecided>(), ExchangeType.Fanout, durable: true);
        await rig.Channel.QueueDeclareAsync(copies, durable: true, exclusive: false, autoDelete: false);
        await rig.Channel.QueueBindAsync(copies, rig.Exchange<ClearancesDecided>(), "");
        var postgres = new NpgsqlConnectionStringBuilder(rig.Direct.Postgres);
        await using var pausedPostgres = new TcpProxy(postgres.Host!, postgres.Port);
        await using var pausedRabbit = new TcpProxy(rig.Direct.RabbitMq.Host, rig.Direct.RabbitMq.Port);
        await using var paused = await Relay.StartAsync(
            rig.Through(pausedPostgres, pausedRabbit), TestService.Name,
            heartbeat: TimeSpan.FromMinutes(1), lease: TimeSpan.FromSeconds(2));
        await Rig.UntilAsync(() => pausedRabbit.Open == 1); // it leads
        await using var service = await TestService.StartAsync(rig); // consumes, and its own relay stands by

        await PublishAsync(0, 1);
        await Rig.UntilAsync(async () => await rig.CountAsync("effect") == 1 && await rig.CountAsync("outbox") == 0);

        // Paused where it hurts most: the rows are read and sent, and neither confirmed nor deleted.
        pausedRabbit.Stall();
        await PublishAsync(1, Rows);
        await Rig.UntilAsync(() => pausedRabbit.Held > 100); // more than a heartbeat
        pausedPostgres.Stall();

        // The server ends the session that says nothing, and the other relay takes over.
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);
        await Rig.UntilAsync(async () => await rig.CountAsync("effect") == Rows + 1);

        // It goes on: what it had in hand is sent now, its deletion fails, and it stands behind.
        pausedRabbit.Heal();
        pausedPostgres.Heal();
        await Rig.UntilAsync(() => pausedRabbit.Open == 0 && pausedPostgres.Open == 1);
        await PublishAsync(Rows + 1, 1);
        var sent = await rig.TakeAsync(copies, taken => taken.Count >= (2 * Rows) + 2);
        await Rig.UntilAsync(async () => await rig.CountAsync("effect") > Rows + 1
            && await rig.Channel.MessageCountAsync(rig.Queue<ClearancesDecided>(TestService.Name)) == 0
            && await rig.CountAsync("outbox") == 0);

        Assert.Equal((2 * Rows) + 2, sent.Count);
        Assert.Equal(Rows + 2, sent.Select(one => one.Id).Distinct().Count()); // Rows of them twice, under the same id
        Assert.Equal(Rows + 2, await rig.CountAsync("effect"));
        Assert.Equal(Rows + 2, await rig.ScalarAsync<long>("SELECT count(DISTINCT order_no) FROM effect"));
        Assert.Equal(0, await rig.CountAsync("parked"));

        // One transaction, so that one reading has them all.
        async Task PublishAsync(int from, int count)
        {
            await using var unit = await UnitOfWork.BeginAsync(rig.Database, new(), default);
            foreach (var number in Enumerable.Range(from, count))
            {
                unit.Publish(new ClearancesDecided([TestService.Decision($"L-{number}")]));
            }

            await unit.CommitAsync(default);
        }
    }
}
