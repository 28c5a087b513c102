using Npgsql;
using NpgsqlTypes;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>What risk rules count over many consignments.</summary>
internal static class SightingStore
{
    /// <summary>Newest sightings of a subject that are looked at; the rules ask for some dozens at most.</summary>
    private const int PerSubjectMax = 256;

    private const decimal AmountUnit = 0.00001m;

    /// <summary>Notes sightings and returns what they come to, these included. A unit of work that only looks notes none.</summary>
    /// <param name="sightings">Null where there is nothing to count; the counts have the same order.</param>
    /// <param name="dossiers">Those that the sightings are of.</param>
    public static async Task<SightingCounts[]> SightAsync(
        UnitOfWork unit, IReadOnlyList<Sighting?> sightings, IReadOnlyCollection<Dossier> dossiers, RiskOptions options, DateTimeOffset now,
        CancellationToken ct)
    {
        var all = sightings.OfType<Sighting>().ToArray();
        if (all.Length == 0)
        {
            return new SightingCounts[sightings.Count];
        }

        if (!unit.IsReadOnly)
        {
            // Two orders of one buyer at the same moment are what R15 looks for: one of the two must see the other.
            await MatchLocks.LockSubjectsAsync(unit, all, ct);
        }

        var seen = new Seen(all);
        await ReadAsync(unit, seen, options, now, ct);
        await ReadNamedAsync(unit, all, dossiers, seen, ct);
        if (!unit.IsReadOnly)
        {
            await NoteAsync(unit, all, now, ct);
        }

        return [.. sightings.Select(one => one is null ? default : seen.CountsOf(one))];
    }

    private static async Task NoteAsync(UnitOfWork unit, Sighting[] all, DateTimeOffset now, CancellationToken ct)
    {
        if (Array.FindAll(all, one => one.Named is not null) is { Length: > 0 } naming)
        {
            await unit.ExecuteAsync(
                "INSERT INTO named_payment (payment, consignment) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING",
                ct,
                Array.ConvertAll(naming, one => one.Named!.Value),
                Array.ConvertAll(naming, one => one.Consignment));
        }

        await unit.CopyAsync(
            "sighting (seen_at, consignment, buyer, telephone, address, consignee, amount)",
            all,
            (row, one) =>
            {
                row.Write(now, NpgsqlDbType.TimestampTz);
                row.Write(one.Consignment, NpgsqlDbType.Bigint);
                row.Write(one.Buyer, NpgsqlDbType.Bigint);
                row.Write(one.Telephone, NpgsqlDbType.Bigint);
                row.Write(one.Address, NpgsqlDbType.Bigint);
                row.Write(one.Consignee, NpgsqlDbType.Bigint);
                row.Write((long)(one.Amount / AmountUnit), NpgsqlDbType.Bigint);
            },
            ct);
    }

    private static async Task ReadAsync(
        UnitOfWork unit, Seen seen, RiskOptions options, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(unit.Connection, unit.Transaction);
        batch.BatchCommands.Add(Newest("telephone", "buyer", seen.BuyersByTelephone.Keys, now - options.FanOutWindow));
        batch.BatchCommands.Add(Newest("address", "consignee", seen.NamesByAddress.Keys, now - options.FanOutWindow));
        batch.BatchCommands.Add(Newest("buyer", "consignment", seen.OrdersByBuyer.Keys, now - options.SplitWindow));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await ReadAsync(reader, (telephone, buyer, _) => seen.BuyersByTelephone[telephone].Add(buyer), ct);
        await reader.NextResultAsync(ct);
        await ReadAsync(reader, (address, name, _) => seen.NamesByAddress[address].Add(name), ct);
        await reader.NextResultAsync(ct);

        // Of one consignment the newest holds: what is judged now, else what comes first here.
        await ReadAsync(reader, (buyer, order, amount) => seen.OrdersByBuyer[buyer].TryAdd(order, amount), ct);
    }

    private static NpgsqlBatchCommand Newest(string subject, string thing, IEnumerable<long> subjects, DateTimeOffset since) => new(
        $"""
        SELECT asked.subject, s.{thing}, s.amount
        FROM unnest($1) AS asked (subject)
        CROSS JOIN LATERAL (
          SELECT {thing}, amount FROM sighting
          WHERE {subject} = asked.subject AND seen_at > $2 ORDER BY seen_at DESC LIMIT {PerSubjectMax}) s
        """)
    {
        Parameters = { new() { Value = subjects.ToArray() }, new() { Value = since } },
    };

    private static async Task ReadAsync(NpgsqlDataReader reader, Action<long, long, decimal> add, CancellationToken ct)
    {
        while (await reader.ReadAsync(ct))
        {
            add(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2) * AmountUnit);
        }
    }

    /// <summary>Payment numbers that orders name beside the one that paid them (R06): nearly always there are none.</summary>
    private static async Task ReadNamedAsync(
        UnitOfWork unit, Sighting[] sightings, IReadOnlyCollection<Dossier> dossiers, Seen seen, CancellationToken ct)
    {
        var naming = Array.FindAll(sightings, one => one.Named is not null);
        if (naming.Length > 0)
        {
            Array.ForEach(naming, one => seen.AddOrder(one.Named!.Value, one.Consignment));
            foreach (var paid in await DossierStore.PaymentsAsync(unit, Array.ConvertAll(naming, one => one.Named!.Value), dossiers, ct))
            {
                seen.AddOrder(RiskRules.PaymentOf(paid), RiskRules.Digest(paid.PlatformCode, paid.OrderNo));
            }
        }

        await using var command = unit.Command(
            "SELECT payment, consignment FROM named_payment WHERE payment = ANY($1)",
            [sightings.SelectMany(one => one.Named is { } named ? new[] { one.Payment, named } : [one.Payment]).ToArray()]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            seen.AddOrder(reader.GetInt64(0), reader.GetInt64(1));
        }
    }

    /// <summary>What was seen, by what it counts for.</summary>
    private sealed class Seen
    {
        private readonly Dictionary<long, HashSet<long>> ordersByPayment = [];

        public Seen(Sighting[] sightings)
        {
            foreach (var one in sightings)
            {
                Of(BuyersByTelephone, one.Telephone).Add(one.Buyer);
                Of(NamesByAddress, one.Address).Add(one.Consignee);
                Of(OrdersByBuyer, one.Buyer)[one.Consignment] = one.Amount;
            }
        }

        public Dictionary<long, HashSet<long>> BuyersByTelephone { get; } = [];

        public Dictionary<long, HashSet<long>> NamesByAddress { get; } = [];

        public Dictionary<long, Dictionary<long, decimal>> OrdersByBuyer { get; } = [];

        public void AddOrder(long payment, long consignment) => Of(ordersByPayment, payment).Add(consignment);

        public SightingCounts CountsOf(Sighting one)
        {
            var orders = OrdersByBuyer[one.Buyer].Values;
            return new(
                Math.Max(OrdersOf(one.Payment, one.Consignment), one.Named is { } named ? OrdersOf(named, one.Consignment) : 1),
                BuyersByTelephone[one.Telephone].Count,
                NamesByAddress[one.Address].Count,
                orders.Count,
                orders.Sum(),
                orders.Max());
        }

        private int OrdersOf(long payment, long consignment) => !ordersByPayment.TryGetValue(payment, out var orders) ? 1
            : orders.Count + (orders.Contains(consignment) ? 0 : 1);

        private static T Of<T>(Dictionary<long, T> dictionary, long key)
            where T : new()
        {
            if (!dictionary.TryGetValue(key, out var value))
            {
                dictionary.Add(key, value = new());
            }

            return value;
        }
    }
}
