using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Sandan.Contracts.Events;

namespace Sandan.Stand;

/// <summary>PostgreSQL and RabbitMQ as a benchmark or a chaos run needs them.</summary>
internal static class Servers
{
    /// <summary>Every queue with a prefix.</summary>
    public static IEnumerable<string> Queues(string prefix) =>
        Topology.Subscriptions.SelectMany(one => one.Consumers.Select(consumer => Topology.QueueOf(consumer, one.Event, prefix)));

    /// <summary>Drops the databases and queues of a prefix.</summary>
    public static async Task EmptyAsync(Machine machine, string prefix, CancellationToken ct)
    {
        await DropAsync(machine, prefix, ct);
        await using var connection = await ConnectAsync(machine, ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        foreach (var queue in Queues(prefix).SelectMany(queue => (string[])[queue, queue + "_error"]))
        {
            await channel.QueueDeleteAsync(queue, cancellationToken: ct);
        }
    }

    /// <summary>Drops the databases of a prefix.</summary>
    public static async Task DropAsync(Machine machine, string prefix, CancellationToken ct)
    {
        await using var admin = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(machine.Postgres) { Database = "postgres", Pooling = false });
        var names = new List<string>();
        await using (var list = admin.CreateCommand("SELECT datname FROM pg_database WHERE starts_with(datname, $1)"))
        {
            list.Parameters.Add(new() { Value = prefix });
            await using var reader = await list.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                names.Add(reader.GetString(0));
            }
        }

        foreach (var name in names)
        {
            await using var drop = admin.CreateCommand($"DROP DATABASE {new NpgsqlCommandBuilder().QuoteIdentifier(name)} WITH (FORCE)");
            drop.CommandTimeout = 0; // a checkpoint comes first
            await drop.ExecuteNonQueryAsync(ct);
        }
    }

    /// <summary>Messages that wait in the queues of a prefix, by queue; without those that a consumer has in hand.</summary>
    /// <param name="suffix"><c>_error</c>: those that a consumer failed at, and not by a fault of its own, are put aside there.</param>
    public static async Task<IReadOnlyDictionary<string, long>> WaitingAsync(
        Machine machine, string prefix, CancellationToken ct, string suffix = "")
    {
        await using var connection = await ConnectAsync(machine, ct);
        var waiting = new Dictionary<string, long>();
        foreach (var queue in Queues(prefix).Select(queue => queue + suffix))
        {
            await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
            try
            {
                if (await channel.MessageCountAsync(queue, ct) is > 0 and var count)
                {
                    waiting.Add(queue, count);
                }
            }
            catch (OperationInterruptedException)
            {
                // There is no such queue: nothing waits in it.
            }
        }

        return waiting;
    }

    private static Task<IConnection> ConnectAsync(Machine machine, CancellationToken ct) =>
        new ConnectionFactory { Uri = new(machine.RabbitMq) }.CreateConnectionAsync(ct);
}
