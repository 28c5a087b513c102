using System.Globalization;

namespace Sandan.Contracts.Ceb;

/// <summary>
/// The times of the messages: Asia/Shanghai wall time without an offset. China has kept UTC+8 without summer time since
/// 1991-09-15, and no document here is older.
/// </summary>
public static class ShanghaiTime
{
    /// <summary>UTC+8.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>Earliest year taken, inclusive; what is older is a slip or a default value.</summary>
    private const int YearMin = 1900;

    /// <summary>
    /// Reads yyyyMMddHHmmss. False where it is no time that exists, such as 20230229000000 or an hour 24.
    /// </summary>
    /// <param name="text">The 14 digits.</param>
    /// <param name="time">The instant, in UTC.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length != 14 || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var (year, month, day) = ((Two(text, 0) * 100) + Two(text, 2), Two(text, 4), Two(text, 6));
        var (hour, minute, second) = (Two(text, 8), Two(text, 10), Two(text, 12));
        if (year < YearMin || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        time = new DateTimeOffset(
            new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Subtract(Offset), TimeSpan.Zero);
        return true;
    }

    /// <summary>yyyyMMddHHmmss of an instant, fractions of a second cut off.</summary>
    public static string Format14(DateTimeOffset time) =>
        time.ToOffset(Offset).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>yyyyMMddHHmmssfff of an instant, as returnTime has it.</summary>
    public static string Format17(DateTimeOffset time) =>
        time.ToOffset(Offset).ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);

    /// <summary>True where the text is a yyyyMMddHHmmssfff that exists.</summary>
    public static bool IsTime17(ReadOnlySpan<char> text) =>
        text.Length == 17 && !text[14..].ContainsAnyExceptInRange('0', '9') && TryParse(text[..14], out _);

    /// <summary>True where the text is a yyyyMMdd that exists.</summary>
    public static bool IsDate8(ReadOnlySpan<char> text)
    {
        Span<char> midnight = ['0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0'];
        return text.Length == 8 && text.TryCopyTo(midnight) && TryParse(midnight, out _);
    }

    private static int Two(ReadOnlySpan<char> text, int at) => ((text[at] - '0') * 10) + (text[at + 1] - '0');
}
