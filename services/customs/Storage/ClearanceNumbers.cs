using Sandan.Shared.Storage;

namespace Sandan.Customs.Storage;

/// <summary>
/// The numbers of clearances, in the order of first sight. A transaction takes whole ranges of them: what it does not use
/// stays free for ever, and all of a range were written together.
/// </summary>
internal static class ClearanceNumbers
{
    /// <summary>Numbers in a range, its first being a multiple of it; the sequence clearance_number counts so.</summary>
    public const int RangeSize = 1_000;

    /// <summary>First number of the range in which a number lies.</summary>
    public static long RangeOf(long number) => number - OffsetOf(number);

    /// <summary>Place of a number in its range.</summary>
    public static short OffsetOf(long number) => (short)(number % RangeSize);

    /// <summary>Takes numbers that nobody else gets, in rising order.</summary>
    public static async Task<List<long>> TakeAsync(UnitOfWork unit, int count, CancellationToken ct)
    {
        await using var command = unit.Command(
            "SELECT nextval('clearance_number') FROM generate_series(1, $1)", (count + RangeSize - 1) / RangeSize);
        await using var ranges = await command.ExecuteReaderAsync(ct);
        var numbers = new List<long>(count);
        while (await ranges.ReadAsync(ct))
        {
            var first = ranges.GetInt64(0);
            for (var offset = 0; offset < RangeSize && numbers.Count < count; offset++)
            {
                numbers.Add(first + offset);
            }
        }

        return numbers;
    }
}
