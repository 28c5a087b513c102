using System.Text;
using Npgsql;
using RabbitMQ.Client;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Shared.IntegrationTests;

/// <summary>One service for the tests of this class; each uses its own order numbers.</summary>
public sealed class InboxTests(InboxTests.Running running) : IClassFixture<InboxTests.Running>
{
    public sealed class Running : IAsyncLifetime
    {
        internal Rig Rig { get; private set; } = null!;
        internal TestService Service { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            if (ServersFactAttribute.Postgres is null || ServersFactAttribute.RabbitMq is null)
            {
                return;
            }

            Rig = await Rig.StartAsync(TestService.Name);
            Service = await TestService.StartAsync(Rig);
        }

        public async Task DisposeAsync()
        {
            if (Rig is not null)
            {
                await Service.DisposeAsync();
                await Rig.DisposeAsync();
            }
        }
    }

    private readonly HashSet<Guid> sent = [];
    private readonly string it = $"{Guid.CreateVersion7():N}";

    private Rig Rig => running.Rig;

    private string ErrorQueue => Rig.Queue<ClearancesDecided>(TestService.Name) + "_error";

    [ServersFact]
    public async Task A_redelivered_message_does_nothing()
    {
        Handle(Handling.RecordAsync);
        var id = await SendAsync([it]);
        for (var turn = 0; turn < 20; turn++)
        {
            await SendAsync([it], id);
        }

        await AndThenAsync();
        Assert.Equal(1, await EffectsAsync(it));
    }

    [ServersFact]
    public async Task A_poison_item_is_parked_with_its_reason_and_its_neighbours_are_worked_in_once()
    {
        Handle(async (unit, items, ct) =>
        {
            unit.Publish(new TaxesAssessed([])); // told for each part that stays, forgotten with each that goes
            unit.BeforeCommit(UnitOfWork.Statement("INSERT INTO effect (order_no) VALUES ($1)", $"last-{it}"));
            await Handling.RecordAsync(unit, items, ct);
            if (items.Any(item => item.OrderNo.StartsWith("bad", StringComparison.Ordinal)))
            {
                throw new FormatException($"no good: nul \0, half a pair \ud800, {new string('x', 5000)}");
            }
        });
        var numbers = Enumerable.Range(0, 100).Select(n => n is 0 or 37 or 99 ? $"bad{n}-{it}" : $"good{n}-{it}").ToArray();
        var id = await SendAsync(numbers);
        await AndThenAsync();
        Assert.Equal(97, await Rig.ScalarAsync<long>("SELECT count(DISTINCT order_no) FROM effect WHERE order_no LIKE $1", $"good%-{it}"));
        Assert.Equal(97, await Rig.ScalarAsync<long>("SELECT count(*) FROM effect WHERE order_no LIKE $1", $"good%-{it}"));
        Assert.Equal(0, await Rig.ScalarAsync<long>("SELECT count(*) FROM effect WHERE order_no LIKE $1", $"bad%-{it}"));
        Assert.Equal(3, await Rig.ScalarAsync<long>(
            "SELECT count(*) FROM parked WHERE message_id = $1 AND item ->> 'orderNo' LIKE 'bad%' AND reason LIKE 'FormatException: no good: nul _, half%' AND length(reason) = 2000", id));
        Assert.Equal(3, await Rig.ScalarAsync<long>("SELECT count(*) FROM parked WHERE message_id = $1", id));
        Assert.Equal(0u, await Rig.Channel.MessageCountAsync(Rig.Queue<ClearancesDecided>(TestService.Name)));
    }

    [ServersFact]
    public async Task What_the_database_refuses_is_poison_too_and_NUL_can_be_parked()
    {
        Handle(Handling.RecordAsync);
        var id = await SendAsync([$"a-{it}", "poison", $"nul\0-{it}", $"b-{it}"]);
        await AndThenAsync();
        Assert.Equal(2, await Rig.ScalarAsync<long>("SELECT count(*) FROM effect WHERE order_no LIKE $1", $"%-{it}"));
        Assert.Equal(
            ["poison|PostgresException: 23514", $"nul\ufffd-{it}|PostgresException: 22021"],
            await ListAsync("SELECT item ->> 'orderNo' || '|' || left(reason, 24) FROM parked WHERE message_id = $1 ORDER BY id", id));
    }

    [ServersFact]
    public async Task A_handler_that_cancels_itself_is_poison_and_an_impatient_one_tries_again()
    {
        var tries = 0;
        Handle((unit, items, ct) =>
        {
            // On a busy machine the two may come together.
            if (items.Any(one => one.OrderNo == $"cancelled-{it}"))
            {
                throw new OperationCanceledException();
            }

            return items.Any(one => one.OrderNo == $"late-{it}") && ++tries < 3
                ? throw new TaskCanceledException("", new TimeoutException())
                : Handling.RecordAsync(unit, items, ct);
        });
        var cancelled = await SendAsync([$"cancelled-{it}"]);
        var late = await SendAsync([$"late-{it}"]);
        await AndThenAsync();
        Assert.Equal(1, await Rig.ScalarAsync<long>("SELECT count(*) FROM parked WHERE message_id = $1", cancelled));
        Assert.Equal(0, await Rig.ScalarAsync<long>("SELECT count(*) FROM parked WHERE message_id = $1", late));
        Assert.Equal(1, await EffectsAsync($"late-{it}"));
    }

    [ServersFact]
    public async Task The_victim_of_a_deadlock_tries_again()
    {
        await Rig.ExecuteAsync("CREATE TABLE IF NOT EXISTS pair (id int PRIMARY KEY, n int); INSERT INTO pair VALUES (1, 0), (2, 0) ON CONFLICT DO NOTHING");
        var tries = 0;
        var holdsFirst = new TaskCompletionSource();
        var otherHoldsSecond = new TaskCompletionSource();
        Handle(async (unit, items, ct) =>
        {
            tries++;
            await unit.ExecuteAsync("UPDATE pair SET n = n + 1 WHERE id = 1", ct);
            holdsFirst.TrySetResult();
            await otherHoldsSecond.Task;
            await unit.ExecuteAsync("UPDATE pair SET n = n + 1 WHERE id = 2", ct);
            await Handling.RecordAsync(unit, items, ct);
        });
        await using var connection = await Rig.Database.OpenConnectionAsync();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await RunAsync("UPDATE pair SET n = n + 100 WHERE id = 2");
            var id = await SendAsync([it]);
            await holdsFirst.Task.WaitAsync(TimeSpan.FromSeconds(30));
            otherHoldsSecond.SetResult();
            await Rig.UntilAsync(async () => await Rig.ScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"));
            await RunAsync("UPDATE pair SET n = n + 100 WHERE id = 1"); // who waited first is the victim
            await transaction.CommitAsync();
            await Rig.UntilAsync(async () => await EffectsAsync(it) == 1);
            Assert.Equal(0, await Rig.ScalarAsync<long>("SELECT count(*) FROM parked WHERE message_id = $1", id));
        }

        Assert.True(tries >= 2);
        Assert.Equal(101, await Rig.ScalarAsync<int>("SELECT n FROM pair WHERE id = 1"));

        async Task RunAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    [ServersFact]
    public async Task What_cannot_be_read_goes_to_the_error_queue_with_its_reason_and_the_next_goes_on()
    {
        Handle(Handling.RecordAsync);
        byte[][] bodies = [Encoding.UTF8.GetBytes($"no event {it}"), [0x90], [0x91, 0xA1, (byte)'x']]; // no list; a text for a list
        foreach (var body in bodies)
        {
            await Rig.PublishAsync<ClearancesDecided>(body);
        }

        await Rig.PublishAsync<ClearancesDecided>(TestService.Message(it), hasId: false);
        await AndThenAsync();
        Assert.Equal(0, await EffectsAsync(it));

        await using var connection = await Messaging.Broker.ConnectAsync(Rig.Direct, "test", default);
        await Rig.UntilAsync(async () =>
        {
            await using var looking = await connection.CreateChannelAsync();
            try
            {
                return await looking.MessageCountAsync(ErrorQueue) == 4;
            }
            catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
            {
                return false; // there is no such queue yet
            }
        });

        // Passive: exactly what is there. Durable, because a declaration as not durable is refused.
        await using var channel = await connection.CreateChannelAsync();
        var refused = await Assert.ThrowsAsync<RabbitMQ.Client.Exceptions.OperationInterruptedException>(
            () => channel.QueueDeclareAsync(ErrorQueue, durable: false, exclusive: false, autoDelete: false));
        Assert.Contains("durable", refused.Message, StringComparison.Ordinal);

        var kept = await Rig.TakeAsync(ErrorQueue, taken => taken.Count == 4);
        Assert.All(kept, one => Assert.Equal(DeliveryModes.Persistent, one.Mode));
        Assert.All(kept, one => Assert.False(string.IsNullOrEmpty(one.Headers["MT-Fault-Message"])));
        Assert.Equal(bodies.Append(TestService.Message(it)).Select(Convert.ToHexString).Order(), kept.Select(one => Convert.ToHexString(one.Body)).Order());
    }

    [ServersFact]
    public async Task An_empty_message_is_worked_in_and_nobody_is_asked()
    {
        Handle((unit, items, ct) => items.Count == 0 ? throw new InvalidOperationException("empty") : Handling.RecordAsync(unit, items, ct));
        var id = await SendAsync([]);
        await AndThenAsync();
        Assert.Equal(1, await Rig.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE message_id = $1", id));
    }

    private void Handle(Messaging.ItemHandler<ClearanceDecided> handler) => running.Service.Handling.Handler = handler;

    private async Task<Guid> SendAsync(IEnumerable<string> orderNos, Guid? id = null)
    {
        var message = await Rig.PublishAsync<ClearancesDecided>(TestService.Message(orderNos), id);
        sent.Add(message);
        return message;
    }

    /// <summary>Waits until what was sent before is done, and one message more.</summary>
    private async Task AndThenAsync()
    {
        await SendAsync([$"then-{Guid.CreateVersion7()}"]);
        await Rig.UntilAsync(async () => await Rig.ScalarAsync<long>("SELECT count(*) FROM inbox WHERE message_id = ANY($1)", sent.ToArray()) == sent.Count);
    }

    private Task<long> EffectsAsync(string orderNo) => Rig.ScalarAsync<long>("SELECT count(*) FROM effect WHERE order_no = $1", orderNo);

    private async Task<List<string>> ListAsync(string sql, object parameter)
    {
        await using var command = Rig.Database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = parameter });
        await using var reader = await command.ExecuteReaderAsync();
        var list = new List<string>();
        while (await reader.ReadAsync())
        {
            list.Add(reader.GetString(0));
        }

        return list;
    }
}
