using System.Buffers.Binary;
using Npgsql;

namespace Sandan.Twin;

/// <summary>Stores every verdict in a table of its own, as tax, customs, credit and statistics each would.</summary>
internal sealed class Downstream(string name, string table, NpgsqlDataSource database, Broker broker)
    : BackgroundService
{
    private long rows;

    /// <summary>Rows made durable since the start.</summary>
    public long Rows => Interlocked.Read(ref rows);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var postgres = await database.OpenConnectionAsync(stoppingToken);
        await using var connection = await broker.ConnectAsync(stoppingToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: stoppingToken);
        var packs = await Broker.ConsumeAsync(channel, broker.QueueOf(name), stoppingToken);
        while (true)
        {
            var taken = await Broker.TakeAsync(packs, stoppingToken);
            var verdicts = taken.Select(pack => new ReadOnlyMemory<byte>(pack.Body)[sizeof(int)..]);
            await Database.CopyAsync(postgres, table, verdicts, stoppingToken);
            Interlocked.Add(ref rows, taken.Sum(pack => BinaryPrimitives.ReadInt32BigEndian(pack.Body)));
            await channel.BasicAckAsync(taken[^1].Tag, multiple: true, stoppingToken);
        }
    }
}
