using System.Diagnostics;

namespace Sandan.EndToEnd.Tests;

/// <summary>Waits for what must come true: polls, with a deadline.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    public static async Task IsTrueAsync(TimeSpan atMost, string what, Func<Task<bool>> holds)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Between);
        while (!await holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < atMost, $"Not within {atMost.TotalSeconds:0} s: {what}.");
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>The first value that is as it must be; the last one is shown where none is.</summary>
    public static async Task<T> BecomesAsync<T>(Func<Task<T>> read, Func<T, bool> asItMust, string what)
    {
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Between);
        while (true)
        {
            var value = await read();
            if (asItMust(value))
            {
                return value;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < Soon, $"Not within {Soon.TotalSeconds:0} s: {what}. Last seen: {value}");
            await timer.WaitForNextTickAsync();
        }
    }
}
