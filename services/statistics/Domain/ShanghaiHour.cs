using System.Globalization;
using Sandan.Contracts.Ceb;

namespace Sandan.Statistics.Domain;

/// <summary>
/// Days and hours of Asia/Shanghai: UTC+8, without summer time since 1991, so that its hours are UTC's.
/// </summary>
internal static class ShanghaiHour
{
    /// <summary>What <see cref="TryParse"/> takes, in words that need no translation.</summary>
    public const string Forms = "yyyy-MM-dd, yyyy-MM-ddTHH:00, yyyy-MM-ddTHH:00:00+08:00";

    private static readonly string[] WithOffset =
        ["yyyy-MM-ddTHH:mmzzz", "yyyy-MM-ddTHH:mm:sszzz", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzzz"];

    private static readonly string[] WithoutOffset =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"];

    /// <summary>The instant on a clock in Shanghai.</summary>
    public static DateTimeOffset At(DateTimeOffset instant) => instant.ToOffset(ShanghaiTime.Offset);

    /// <summary>The start of the Shanghai day in which <paramref name="instant"/> lies.</summary>
    public static DateTimeOffset StartOfDay(DateTimeOffset instant) => new(At(instant).Date, ShanghaiTime.Offset);

    /// <summary>
    /// Reads a date (its start) or a date-time, of Shanghai where it has no offset. It must be a whole hour: counters
    /// are kept by the hour, and a part of one is not guessed. Missing text is <paramref name="missing"/>.
    /// </summary>
    public static bool TryParse(string? text, DateTimeOffset missing, out DateTimeOffset hour)
    {
        hour = missing;
        if (text is null)
        {
            return true;
        }

        // In a query string an unescaped + is a space.
        var said = text.Trim().Replace(' ', '+').Replace("Z", "+00:00", StringComparison.OrdinalIgnoreCase);
        if (DateTimeOffset.TryParseExact(
            said, WithOffset, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            && IsPlausible(instant.Year))
        {
            hour = At(instant);
        }
        else if (DateTime.TryParseExact(
            said, WithoutOffset, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            && IsPlausible(local.Year))
        {
            hour = new(local, ShanghaiTime.Offset);
        }
        else
        {
            return false;
        }

        return hour.UtcTicks % TimeSpan.TicksPerHour == 0;
    }

    /// <summary>Before 1992 Shanghai had summer time; far years would overflow when moved by hours.</summary>
    private static bool IsPlausible(int year) => year is >= 1992 and <= 9000;
}
