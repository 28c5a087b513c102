using System.Text.Json.Nodes;

namespace Sandan.Demo;

/// <summary>What the feed has said of each consignment so far: the last word counts.</summary>
internal sealed class Outcomes(Api api, string customsKey)
{
    private const int PageSize = 1000;
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, JsonNode> last = [];
    private string? cursor;

    /// <summary>Events read since the start.</summary>
    public int EventCount { get; private set; }

    /// <summary>The last clearance event of a consignment; null where there was none.</summary>
    public JsonNode? Of(Expectation expectation) => last.GetValueOrDefault($"{expectation.PlatformCode}/{expectation.OrderNo}");

    /// <summary>True where customs decided what was expected.</summary>
    public bool IsAsExpected(Expectation expectation) =>
        Of(expectation)?["data"]?["returnStatus"]?.GetValue<int>() == expectation.Defect.Status;

    /// <summary>Skips what happened before.</summary>
    public async Task BeginAsync()
    {
        while (await ReadAsync() == PageSize)
        {
            // Old events are of no interest.
        }

        last.Clear();
        EventCount = 0;
    }

    /// <summary>Reads until <paramref name="done"/>, or until nothing new came for <paramref name="quiet"/>.</summary>
    public async Task FollowAsync(TimeSpan quiet, Func<bool> done)
    {
        using var timer = new PeriodicTimer(PollEvery);
        for (var waited = TimeSpan.Zero; waited < quiet && !done(); waited += PollEvery)
        {
            if (await ReadAsync() > 0)
            {
                waited = TimeSpan.Zero;
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private async Task<int> ReadAsync()
    {
        var page = await api.GetAsync(customsKey, $"/v1/events?limit={PageSize}" + (cursor is null ? "" : $"&after={cursor}"));
        var events = page["data"]!.AsArray();
        foreach (var one in events.Where(one => one!["type"]!.ToString().Contains(".clearance.", StringComparison.Ordinal)))
        {
            last[one!["subject"]!.ToString()] = one;
        }

        cursor = page["next"]!.ToString();
        EventCount += events.Count;
        return events.Count;
    }
}
