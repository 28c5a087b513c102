using Sandan.Contracts.Events;

namespace Sandan.Shared.IntegrationTests;

public sealed class OutboxRelayFaultTests
{
    [ServersFact]
    public async Task While_the_broker_is_away_rows_stay_and_are_sent_after()
    {
        await using var rig = await Rig.StartAsync();
        rig.RabbitMq.Cut();
        await using var relay = await Relay.StartAsync(rig.Settings);
        await rig.AddRowsAsync<TaxesAssessed>(1, 100);
        await Task.Delay(300);
        Assert.Equal(100, await rig.CountAsync("outbox"));
        rig.RabbitMq.Heal();
        var taken = await rig.TakeAsync(rig.Queue<TaxesAssessed>("customs"), taken => taken.Count >= 100);
        Assert.Equal(Enumerable.Range(1, 100), taken.Select(OutboxRelayTests.Number));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);
    }

    [ServersFact]
    public async Task A_cut_between_publish_and_confirm_sends_again_under_the_same_id()
    {
        await using var rig = await Rig.StartAsync();
        await using var relay = await Relay.StartAsync(rig.Settings);
        var queue = rig.Queue<TaxesAssessed>("customs");
        await rig.AddRowsAsync<TaxesAssessed>(1, 1);
        await rig.TakeAsync(queue, OutboxRelayTests.Has(1, 1));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);

        rig.RabbitMq.SilenceAnswers();
        await rig.AddRowsAsync<TaxesAssessed>(2, 10);
        var first = await rig.TakeAsync(queue, OutboxRelayTests.Has(2, 10));
        Assert.Equal(10, await rig.CountAsync("outbox")); // not confirmed is not sent
        rig.RabbitMq.Reset();
        rig.RabbitMq.Heal();
        var second = await rig.TakeAsync(queue, OutboxRelayTests.Has(2, 10));
        Assert.Equal(Ids(first), Ids(second));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);
    }

    [ServersFact]
    public async Task Only_one_of_two_relays_publishes_and_the_other_takes_over()
    {
        await using var rig = await Rig.StartAsync();
        var postgres = new Npgsql.NpgsqlConnectionStringBuilder(rig.Direct.Postgres);
        await using var otherPostgres = new TcpProxy(postgres.Host!, postgres.Port);
        await using var otherRabbit = new TcpProxy(rig.Direct.RabbitMq.Host, rig.Direct.RabbitMq.Port);
        await using var leader = await Relay.StartAsync(rig.Settings);
        await Rig.UntilAsync(() => rig.RabbitMq.Open == 1);
        await using var follower = await Relay.StartAsync(rig.Through(otherPostgres, otherRabbit));
        var queue = rig.Queue<TaxesAssessed>("customs");
        await rig.AddRowsAsync<TaxesAssessed>(1, 1000);
        for (var turn = 0; turn < 50; turn++)
        {
            follower.Signal.Set(); // a busy replica: no reason to ask for the lead more often
            await Task.Yield();
        }

        Assert.Equal(
            Enumerable.Range(1, 1000), OutboxRelayTests.Numbers(await rig.TakeAsync(queue, OutboxRelayTests.Has(1, 1000))));
        await Rig.UntilAsync(() => otherPostgres.Open == 1);
        Assert.Equal(1, otherPostgres.Accepted);
        Assert.Equal(0, otherRabbit.Accepted);

        rig.Postgres.Cut();
        await rig.AddRowsAsync<TaxesAssessed>(1001, 100);
        await rig.TakeAsync(queue, OutboxRelayTests.Has(1001, 100)); // and perhaps the last before it, sent and not yet deleted
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);
        await Rig.UntilAsync(() => otherRabbit.Open == 1);
        rig.Postgres.Heal();
        await Rig.UntilAsync(() => rig.Postgres.Open == 1 && rig.RabbitMq.Open == 0); // and stands behind
    }

    [ServersFact]
    public async Task Fifty_cuts_at_any_moment_lose_nothing_and_end_no_relay()
    {
        await using var rig = await Rig.StartAsync();
        await using var relay = await Relay.StartAsync(rig.Settings);
        var random = new Random(20261121);
        for (var turn = 0; turn < 50; turn++)
        {
            await rig.AddRowsAsync<TaxesAssessed>((turn * 100) + 1, 100);
            relay.Signal.Set();
            await Task.Delay(random.Next(120));
            var proxy = random.Next(2) == 0 ? rig.RabbitMq : rig.Postgres;
            if (random.Next(2) == 0)
            {
                proxy.Reset();
            }
            else
            {
                proxy.Cut();
                await Task.Delay(random.Next(80));
                proxy.Heal();
            }
        }

        var taken = await rig.TakeAsync(rig.Queue<TaxesAssessed>("customs"), OutboxRelayTests.Has(1, 5000));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);
        Assert.Equal(5000, Ids(taken).Count());
    }

    [ServersFact]
    public async Task Where_the_disk_is_full_a_relay_does_not_publish_the_same_again_and_again()
    {
        await using var rig = await Rig.StartAsync();
        await rig.ExecuteAsync(
            """
            CREATE SEQUENCE tries;
            CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
              $$ BEGIN PERFORM nextval('tries'); RAISE 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE UPDATE ON message EXECUTE FUNCTION full_disk()
            """);
        await using var relay = await Relay.StartAsync(rig.Settings);
        await rig.AddRowsAsync<TaxesAssessed>(1, 10);
        await Rig.UntilAsync(async () => await rig.ScalarAsync<long>("SELECT last_value FROM tries") >= 5);
        Assert.Equal(10, await rig.CountAsync("outbox"));

        await rig.ExecuteAsync("DROP TRIGGER full_disk ON message");
        await Rig.UntilAsync(async () => await rig.CountAsync("message WHERE told_at IS NOT NULL") == 10);
        Assert.Equal(0, await rig.CountAsync("outbox"));
        var taken = await rig.TakeAsync(rig.Queue<TaxesAssessed>("customs"), some => some.Count >= 20);
        Assert.Equal(10, Ids(taken).Count());
        Assert.Equal(20, taken.Count); // when it found out, and when there was room again
    }

    [ServersFact]
    public async Task What_was_told_is_told_again_under_the_same_ids_when_it_is_marked_as_not_told()
    {
        await using var rig = await Rig.StartAsync();
        await using var relay = await Relay.StartAsync(rig.Settings);
        await rig.AddRowsAsync<TaxesAssessed>(1, 10);
        var queue = rig.Queue<TaxesAssessed>("customs");
        var first = await rig.TakeAsync(queue, OutboxRelayTests.Has(1, 10));
        await Rig.UntilAsync(async () => await rig.CountAsync("message WHERE told_at IS NOT NULL") == 10);
        await rig.ExecuteAsync("UPDATE message SET told_at = NULL WHERE told_at IS NOT NULL");
        var second = await rig.TakeAsync(queue, OutboxRelayTests.Has(1, 10));
        Assert.Equal(Ids(first), Ids(second));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0 && await rig.CountAsync("message WHERE told_at IS NOT NULL") == 10);
    }

    private static IEnumerable<string?> Ids(IEnumerable<Taken> taken) => taken.Select(one => one.Id).Distinct().Order();
}

/// <summary>Apart, because a heartbeat takes its time and the others need not wait.</summary>
public sealed class OutboxRelayStallTests
{
    [ServersFact]
    public async Task A_broker_that_falls_silent_is_left_and_nothing_is_lost()
    {
        await using var rig = await Rig.StartAsync();
        await using var relay = await Relay.StartAsync(rig.Settings, heartbeat: TimeSpan.FromSeconds(2));
        await rig.AddRowsAsync<TaxesAssessed>(1, 1);
        var queue = rig.Queue<TaxesAssessed>("customs");
        await rig.TakeAsync(queue, OutboxRelayTests.Has(1, 1));
        rig.RabbitMq.Stall();
        await rig.AddRowsAsync<TaxesAssessed>(2, 10);
        var before = rig.RabbitMq.Accepted;
        await Rig.UntilAsync(() => rig.RabbitMq.Accepted > before); // missed heartbeats end the connection, the next is made
        rig.RabbitMq.Heal();
        await rig.TakeAsync(queue, OutboxRelayTests.Has(2, 10));
        await Rig.UntilAsync(async () => await rig.CountAsync("outbox") == 0);
    }
}
