using Sandan.Contracts.Events;

namespace Sandan.Shared.IntegrationTests;

public sealed class InboxFaultTests
{
    [ServersFact]
    public async Task While_the_database_is_away_messages_wait_and_none_is_lost_parked_or_doubled()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        foreach (var (at, seconds) in ((int, double)[])[(0, 0.5), (1, 5)])
        {
            rig.Postgres.Cut();
            await SendAsync(rig, at * 20, 20);
            await Task.Delay(TimeSpan.FromSeconds(seconds));
            rig.Postgres.Heal();
            await DoneAsync(rig, (at + 1) * 20);
        }
    }

    [ServersFact]
    public async Task Cuts_of_the_database_and_the_broker_in_the_middle_of_the_work_double_nothing()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        service.Handling.Handler = async (unit, items, ct) =>
        {
            await Handling.RecordAsync(unit, items, ct);
            await unit.ExecuteAsync("SELECT pg_sleep(0.005)", ct);
            if (items.Count > 1)
            {
                throw new FormatException("works one by one"); // the long way, savepoints and all
            }
        };
        var random = new Random(20261121);
        for (var turn = 0; turn < 20; turn++)
        {
            await SendAsync(rig, turn * 5, 5);
            await Task.Delay(random.Next(60));
            if (turn % 10 == 5)
            {
                rig.RabbitMq.Reset(); // seldom: to come back takes the bus its time
            }
            else
            {
                rig.Postgres.Reset();
            }
        }

        await DoneAsync(rig, 100);
    }

    [ServersFact]
    public async Task A_database_that_changed_its_password_or_lost_a_table_is_no_fault_of_the_message()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        await rig.ExecuteAsync("ALTER TABLE inbox RENAME TO inbox_away");
        await SendAsync(rig, 0, 5);
        await Task.Delay(500);
        await rig.ExecuteAsync("ALTER TABLE inbox_away RENAME TO inbox");
        await DoneAsync(rig, 5);
    }

    [ServersFact]
    public async Task What_comes_to_a_consumer_whose_service_has_ended_goes_back_to_its_queue()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        var made = 0;
        service.Handling.Making = () => ObjectDisposedException.ThrowIf(Interlocked.Increment(ref made) <= 5, service);
        await SendAsync(rig, 0, 3);
        await DoneAsync(rig, 3);
        Assert.Equal(8, made);
    }

    internal static async Task SendAsync(Rig rig, int from, int count)
    {
        for (var at = from; at < from + count; at++)
        {
            await rig.PublishAsync<ClearancesDecided>(TestService.Message($"{at}-a", $"{at}-b"));
        }
    }

    /// <summary>Every message of two items has its effect once, nothing was parked and nothing moved away.</summary>
    internal static async Task DoneAsync(Rig rig, int messages)
    {
        await Rig.UntilAsync(async () => await rig.CountAsync("inbox") == messages);
        Assert.Equal(messages * 2, await rig.CountAsync("effect"));
        Assert.Equal(messages * 2, await rig.ScalarAsync<long>("SELECT count(DISTINCT order_no) FROM effect"));
        Assert.Equal(0, await rig.CountAsync("parked"));
        await using var connection = await Messaging.Broker.ConnectAsync(rig.Direct, "test", default);
        await using var channel = await connection.CreateChannelAsync();
        var missing = await Assert.ThrowsAsync<RabbitMQ.Client.Exceptions.OperationInterruptedException>(
            () => channel.QueueDeclarePassiveAsync(rig.Queue<ClearancesDecided>(TestService.Name) + "_error"));
        Assert.Equal(404, missing.ShutdownReason!.ReplyCode);
    }
}

/// <summary>Apart, because a stop takes its time and the others need not wait.</summary>
public sealed class InboxStopTests
{
    [ServersFact]
    public async Task A_stop_in_the_middle_of_a_message_ends_in_time_and_the_next_start_does_it_once()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using (var service = await TestService.StartAsync(rig))
        {
            var begun = new TaskCompletionSource();
            service.Handling.Handler = async (unit, items, ct) =>
            {
                await Handling.RecordAsync(unit, items, ct);
                begun.TrySetResult();
                await Task.Delay(Timeout.Infinite, ct);
            };
            await InboxFaultTests.SendAsync(rig, 0, 3);
            await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
            await service.App.StopAsync().WaitAsync(TimeSpan.FromSeconds(25));
        }

        Assert.Equal(0, await rig.CountAsync("effect"));
        Assert.Equal(0, await rig.CountAsync("parked"));
        await using var again = await TestService.StartAsync(rig);
        await InboxFaultTests.DoneAsync(rig, 3);
    }

    [ServersFact]
    public async Task A_stop_while_the_database_is_away_ends_in_time_and_loses_nothing()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using (var service = await TestService.StartAsync(rig))
        {
            rig.Postgres.Cut();
            await InboxFaultTests.SendAsync(rig, 0, 3);
            await Task.Delay(300);
            await service.App.StopAsync().WaitAsync(TimeSpan.FromSeconds(25));
        }

        rig.Postgres.Heal();
        await using var again = await TestService.StartAsync(rig);
        await InboxFaultTests.DoneAsync(rig, 3);
    }
}
