using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Npgsql;

namespace Sandan.Twin;

/// <summary>Joins the documents of an order number in memory, stores the verdicts and hands them on in packs.</summary>
/// <remarks>
/// A pack: the number of verdicts in four octets, then their rows for <see cref="Database.CopyAsync"/>.
/// </remarks>
internal sealed class Matcher(NpgsqlDataSource database, Broker broker) : BackgroundService
{
    private const int AllKinds = 0b111;

    private static readonly byte[][] Codes = [.. DocumentKind.Codes.Select(Encoding.UTF8.GetBytes)];

    private readonly Dictionary<string, Consignment> waiting = [];
    private readonly ArrayBufferWriter<byte> pack = new(1 << 20);
    private int verdicts;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var postgres = await database.OpenConnectionAsync(stoppingToken);
        await using var connection = await broker.ConnectAsync(stoppingToken);
        await using var channel = await Broker.OpenChannelAsync(connection, stoppingToken);
        var deliveries = await Broker.ConsumeAsync(channel, broker.Documents, stoppingToken);
        while (true)
        {
            var taken = await Broker.TakeAsync(deliveries, stoppingToken);
            verdicts = 0;
            pack.ResetWrittenCount();
            pack.Advance(sizeof(int));
            taken.ForEach(delivery => Join(DocumentKind.All[delivery.Body[0]], delivery.Body.AsSpan(1)));
            if (verdicts > 0)
            {
                await Database.CopyAsync(postgres, "verdict", [pack.WrittenMemory[sizeof(int)..]], stoppingToken);
                var message = pack.WrittenSpan.ToArray();
                BinaryPrimitives.WriteInt32BigEndian(message, verdicts);
                await Broker.PublishAsync(channel, broker.Verdicts, routingKey: "", message, stoppingToken);
            }

            await channel.BasicAckAsync(taken[^1].Tag, multiple: true, stoppingToken);
        }
    }

    private void Join(DocumentKind kind, ReadOnlySpan<byte> facts)
    {
        while (!facts.IsEmpty)
        {
            var orderNo = ReadShort(ref facts);
            var companyCode = ReadShort(ref facts);
            var values = facts[..(kind.Compared.Length * sizeof(long))];
            facts = facts[values.Length..];

            var key = Encoding.UTF8.GetString(orderNo);
            ref var consignment = ref CollectionsMarshal.GetValueRefOrAddDefault(waiting, key, out _);
            consignment ??= new();
            consignment.Kinds |= 1 << kind.Number;
            if (kind == DocumentKind.Order)
            {
                consignment.PlatformCode = companyCode.ToArray();
            }

            var fields = kind == DocumentKind.Order ? consignment.OfOrder : consignment.OfOthers;
            for (var at = 0; at < kind.Compared.Length; at++)
            {
                fields[kind.FirstCompared + at] = BinaryPrimitives.ReadInt64LittleEndian(values[(at * sizeof(long))..]);
            }

            if (consignment.Kinds == AllKinds)
            {
                Judge(orderNo, consignment);
                waiting.Remove(key);
            }
        }
    }

    private void Judge(ReadOnlySpan<byte> orderNo, Consignment consignment)
    {
        var same = consignment.OfOrder.AsSpan().CommonPrefixLength(consignment.OfOthers);
        var agrees = same == Codes.Length;
        pack.BeginRow(4);
        pack.Field(consignment.PlatformCode);
        pack.Field(orderNo);
        pack.Field(agrees ? 800 : 100);
        pack.Field(agrees ? [] : Codes[same]);
        verdicts++;
    }

    private static ReadOnlySpan<byte> ReadShort(ref ReadOnlySpan<byte> facts)
    {
        var value = facts.Slice(1, facts[0]);
        facts = facts[(1 + value.Length)..];
        return value;
    }

    private sealed class Consignment
    {
        public int Kinds { get; set; }
        public byte[] PlatformCode { get; set; } = [];
        public long[] OfOrder { get; } = new long[Codes.Length];
        public long[] OfOthers { get; } = new long[Codes.Length];
    }
}
