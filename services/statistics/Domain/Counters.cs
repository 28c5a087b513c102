using System.Runtime.InteropServices;

namespace Sandan.Statistics.Domain;

/// <summary>By what a counter counts. The numbers stand in the database.</summary>
internal enum Dimension : short
{
    /// <summary>Everything; the key is empty.</summary>
    All = 0,

    /// <summary>Supervision mode.</summary>
    Mode = 1,

    /// <summary>Country of origin. A consignment with goods of two countries counts once in each.</summary>
    Country = 2,

    /// <summary>HS chapter. A consignment with goods of two chapters counts once in each.</summary>
    Chapter = 3,

    /// <summary>Where consignments stand (<see cref="States"/>); only consignments are counted.</summary>
    State = 4,
}

/// <summary>What a counter is of. The order is the one in which rows are locked.</summary>
/// <param name="Hour">Start of the hour, UTC; hours of Asia/Shanghai begin at the same instants.</param>
internal readonly record struct CounterKey(Dimension Dimension, DateTimeOffset Hour, string Key)
    : IComparable<CounterKey>
{
    /// <inheritdoc />
    public int CompareTo(CounterKey other)
    {
        var order = Dimension.CompareTo(other.Dimension);
        order = order != 0 ? order : Hour.CompareTo(other.Hour);
        return order != 0 ? order : string.CompareOrdinal(Key, other.Key);
    }
}

/// <summary>What a counter holds. Amounts are CNY with 5 decimals.</summary>
internal readonly record struct Amounts(long Consignments, long Lines, decimal Value, decimal Tax)
{
    /// <summary>Lines, <paramref name="sign"/> times, and no consignment.</summary>
    public static Amounts Of(LineSum line, int sign) => new(0, sign * line.Lines, sign * line.Value, sign * line.Tax);

    public static Amounts operator -(Amounts amounts) =>
        new(-amounts.Consignments, -amounts.Lines, -amounts.Value, -amounts.Tax);

    public static Amounts operator +(Amounts left, Amounts right) => new(
        left.Consignments + right.Consignments,
        left.Lines + right.Lines,
        left.Value + right.Value,
        left.Tax + right.Tax);
}

/// <summary>Counters in memory: the changes of a message, or a whole recount.</summary>
internal sealed class Counters
{
    private readonly Dictionary<CounterKey, Amounts> all = [];

    /// <summary>Those that are not zero, sorted by key.</summary>
    public List<KeyValuePair<CounterKey, Amounts>> NotZero()
    {
        var some = all.Where(one => one.Value != default).ToList();
        some.Sort((left, right) => left.Key.CompareTo(right.Key));
        return some;
    }

    public void Add(CounterKey key, Amounts amounts)
    {
        ref var counter = ref CollectionsMarshal.GetValueRefOrAddDefault(all, key, out _);
        counter += amounts;
    }

    /// <summary>What is counted for a key; zero where nothing is.</summary>
    public Amounts this[CounterKey key] => all.GetValueOrDefault(key);
}
