using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Customs.IntegrationTests;

/// <summary>The feed by pages and by stream.</summary>
[Collection(nameof(RunningService))]
public sealed class FeedTests(RunningService service)
{
    private readonly Samples it = new();

    [Fact]
    public async Task T_FEED_eight_writers_that_dawdle_and_four_readers_none_skipped_none_doubled_same_order()
    {
        const int writers = 8, transactions = 120;
        var start = (await service.Customs.GetJsonAsync("/v1/events?after=latest")).Text("next");
        var written = new ConcurrentBag<string>();
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var number = 0; number < transactions; number++)
            {
                await using var unit = await UnitOfWork.BeginAsync(service.Database, new OutboxSignal(), default);
                await Task.Delay(random.Next(4));
                var events = Enumerable.Range(0, random.Next(1, 4)).Select(at => Overdue($"{writer}-{number}-{at}")).ToList();
                await using (var batch = new NpgsqlBatch(unit.Connection, unit.Transaction))
                {
                    batch.BatchCommands.Add(FeedStore.Write(events));
                    await batch.ExecuteNonQueryAsync();
                }

                await Task.Delay(random.Next(4));
                if (random.Next(10) == 0)
                {
                    continue; // rolled back: its positions go to others
                }

                await unit.CommitAsync(default);
                foreach (var one in events)
                {
                    written.Add(one.Subject);
                }
            }
        })));
        var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 4).Select(reader => Task.Run(async () =>
        {
            // Two as customs, two as a party; pages of different sizes.
            using var http = reader % 2 == 0 ? service.Customs : service.As("platform", it.Platform);
            var seen = new List<JsonElement>();
            var after = start;
            while (true)
            {
                var last = done.IsCancellationRequested;
                var page = await http.GetJsonAsync($"/v1/events?after={after}&limit={1 + (reader * 17)}");
                seen.AddRange(page.GetProperty("data").EnumerateArray());
                after = page.Text("next");
                if (last && !page.GetProperty("hasMore").GetBoolean())
                {
                    return seen;
                }
            }
        })).ToArray();
        var streamed = StreamAsync(service.As("seller", it.Seller), start, until: seen => seen[^1].Json.Text("subject").EndsWith("/end", StringComparison.Ordinal));
        await writing;
        await using (var unit = await UnitOfWork.BeginAsync(service.Database, new OutboxSignal(), default))
        {
            unit.BeforeCommit(FeedStore.Write([Overdue("end")]));
            await unit.CommitAsync(default);
            written.Add($"{it.Platform}/end");
        }

        await done.CancelAsync();

        var all = await Task.WhenAll(readers);
        Assert.True(written.Count > writers * transactions);
        foreach (var seen in all)
        {
            Assert.Equal(written.Count, seen.Count);
            Assert.Equal(written.Order(), seen.Select(one => one.Text("subject")).Order());
            Assert.Equal(all[0].Select(one => one.Text("id")), seen.Select(one => one.Text("id")));
            var positions = seen.Select(one => long.Parse(one.Text("sequence"))).ToArray();
            Assert.Equal(Enumerable.Range(0, positions.Length).Select(at => positions[0] + at), positions);
        }

        Assert.Equal(all[0].Select(one => one.Text("id")), (await streamed).Select(one => one.Json.Text("id")));
    }

    [Fact]
    public async Task A_stream_that_breaks_and_resumes_equals_the_feed()
    {
        await service.JudgeAsync([.. Enumerable.Range(0, 40).Select(at => it.Verdict($"O{at:00}", 1, ConsignmentState.Mismatched))]);
        var http = service.As("platform", it.Platform);
        var feed = await http.FeedAsync(limit: 9);
        Assert.Equal(40, feed.Count);

        var seen = new List<Sent>();
        string? last = null;
        foreach (var part in (int[])[1, 7, 13, 19])
        {
            seen.AddRange(await StreamAsync(service.As("platform", it.Platform), null, lastEventId: last, until: seen => seen.Count == part));
            last = seen[^1].Id;
        }

        Assert.Equal(feed.Select(one => one.GetRawText()), seen.Select(one => one.Json.GetRawText()));
        Assert.All(seen, one => Assert.Equal(one.Json.Text("type"), one.Event));
        var rest = await http.FeedAsync(after: seen[9].Id);
        Assert.Equal(feed.Skip(10).Select(one => one.Text("id")), rest.Select(one => one.Text("id")));
    }

    [Fact]
    public async Task A_stream_begins_with_retry_beats_while_idle_and_pushes_within_a_moment()
    {
        using var http = service.As("platform", it.Platform);
        using var response = await http.GetAsync("/v1/events/stream?after=latest", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("retry: 2000", await lines.ReadLineAsync());
        Assert.StartsWith("id: ", await lines.ReadLineAsync());
        Assert.Equal("", await lines.ReadLineAsync());
        Assert.Equal(":", await lines.ReadLineAsync());
        Assert.Equal("", await lines.ReadLineAsync());

        await service.JudgeAsync(it.Verdict("warm", 1, ConsignmentState.Mismatched));
        await ReadEventAsync(lines, "warm");
        var delays = new List<double>();
        for (var at = 0; at < 20; at++)
        {
            var id = await service.PublishAsync(new ConsignmentsJudged([it.Verdict($"O{at}", 1, ConsignmentState.Mismatched)]));
            await service.WorkedInAsync(id); // polled every 10 ms: what is measured is at most the stream's delay
            var since = Stopwatch.GetTimestamp();
            await ReadEventAsync(lines, $"O{at}");
            delays.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        // Below the poll interval of 3 s: it was signalled, not found.
        Assert.True(delays.Order().ElementAt(10) < 1_500, $"median {delays.Order().ElementAt(10)} ms");
    }

    [Fact]
    public async Task Events_of_another_process_come_within_the_poll_interval()
    {
        var waiting = service.As("platform", it.Platform);
        var now = (await waiting.GetJsonAsync("/v1/events?after=latest")).Text("next");
        waiting.DefaultRequestHeaders.Add("Prefer", "respond-async, wait=20");
        var page = waiting.GetJsonAsync($"/v1/events?after={now}");
        await using var unit = await UnitOfWork.BeginAsync(service.Database, new OutboxSignal(), default);
        unit.BeforeCommit(FeedStore.Write([Overdue("A")]));
        await unit.CommitAsync(default); // no signal: as another process would
        var since = Stopwatch.GetTimestamp();
        Assert.Single((await page).GetProperty("data").EnumerateArray());
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0, 15);
    }

    [Fact]
    public async Task A_long_poll_waits_no_longer_than_it_was_asked_to()
    {
        using var http = service.As("platform", it.Platform);
        http.DefaultRequestHeaders.Add("Prefer", "wait=1");
        var since = Stopwatch.GetTimestamp();
        using var response = await http.GetAsync("/v1/events");
        Assert.InRange(Stopwatch.GetElapsedTime(since).TotalSeconds, 0.9, 10);
        Assert.Equal("wait=1", response.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        var page = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Empty(page.GetProperty("data").EnumerateArray());
        Assert.False(page.GetProperty("hasMore").GetBoolean());
        Assert.NotEmpty(page.Text("next"));
    }

    [Fact]
    public async Task A_quiet_reader_does_not_miss_what_comes_behind_an_empty_page()
    {
        using var http = service.As("platform", it.Platform);
        await service.JudgeAsync(new Samples().Verdict("other", 1, ConsignmentState.Mismatched));
        var empty = await http.GetJsonAsync("/v1/events");
        Assert.Empty(empty.GetProperty("data").EnumerateArray());
        await service.JudgeAsync(it.Verdict("A", 1, ConsignmentState.Mismatched));
        Assert.Single(await http.FeedAsync(after: empty.Text("next")));
    }

    [Theory]
    [InlineData("after=x", "S2013")]
    [InlineData("after=AWYAAAAAAAAAAg%3D%3D", "S2013")]
    [InlineData("after=AWYAAAAQAAAAAA", "S2013")] // well formed, far ahead of this feed
    [InlineData("limit=0", "S2012")]
    [InlineData("limit=1001", "S2012")]
    [InlineData("types=cn.sandan.clearance.relaesed.v1", "S2012")]
    public async Task A_wrong_parameter_is_a_problem(string query, string code)
    {
        using var response = await service.Customs.GetAsync($"/v1/events?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(code, (await response.Content.ReadFromJsonAsync<JsonElement>()).Text("code"));
        if (!query.StartsWith("limit", StringComparison.Ordinal))
        {
            Assert.Equal((400, code), ((int)(await service.Customs.GetAsync($"/v1/events/stream?{query}")).StatusCode, code));
        }
    }

    [Fact]
    public async Task Streams_are_limited_per_company_and_a_closed_one_gives_its_place_back()
    {
        using var http = service.As("platform", it.Platform);
        var open = new List<HttpResponseMessage>();
        for (var at = 0; at < 8; at++)
        {
            open.Add(await http.GetAsync("/v1/events/stream", HttpCompletionOption.ResponseHeadersRead));
        }

        using (var refused = await http.GetAsync("/v1/events/stream", HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        using (var other = await service.As("seller", it.Seller).GetAsync("/v1/events/stream", HttpCompletionOption.ResponseHeadersRead))
        {
            Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        }

        open[0].Dispose();
        await RunningService.UntilAsync(async () =>
        {
            using var again = await http.GetAsync("/v1/events/stream", HttpCompletionOption.ResponseHeadersRead);
            return again.StatusCode == HttpStatusCode.OK;
        });
        open.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task A_stream_carries_the_types_asked_for()
    {
        await service.JudgeAsync(it.Verdict("A", 1, ConsignmentState.Mismatched));
        await service.AssessAsync(it.Tax("B"));
        var seen = await StreamAsync(
            service.As("platform", it.Platform), null, types: FeedTypes.Released, until: seen => seen.Count == 1);
        Assert.Equal($"{it.Platform}/B", Assert.Single(seen).Json.Text("subject"));
    }

    [Fact]
    public async Task The_metrics_name_decisions_and_position()
    {
        await service.JudgeAsync(it.Verdict("A", 1, ConsignmentState.Mismatched));
        using var http = new HttpClient { BaseAddress = service.Address };
        string text;
        await RunningService.UntilAsync(async () =>
        {
            text = await http.GetStringAsync("/metrics");
            return text.Split('\n').Any(line => line.StartsWith("sandan_customs_decisions_total{", StringComparison.Ordinal)
                    && line.Contains("status=\"100\"", StringComparison.Ordinal) && line.Contains("by=\"rules\"", StringComparison.Ordinal))
                && text.Contains("sandan_customs_feed_position ", StringComparison.Ordinal)
                && !text.Contains("sandan_customs_feed_position 0\n", StringComparison.Ordinal);
        });
    }

    private FeedEvent Overdue(string orderNo) => FeedEvents.Of(new ConsignmentOverdue(
        it.Platform, orderNo, [DocumentKind.Payment], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, it.Seller, null, null));

    private static async Task ReadEventAsync(StreamReader lines, string orderNo)
    {
        while (true)
        {
            var line = await lines.ReadLineAsync() ?? throw new InvalidOperationException("The stream ended.");
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                Assert.EndsWith($"/{orderNo}", JsonElement.Parse(line[6..]).Text("subject"));
                return;
            }
        }
    }

    private static async Task<List<Sent>> StreamAsync(
        HttpClient http, string? after, Func<List<Sent>, bool> until, string? lastEventId = null, string? types = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/events/stream?after={after}&types={types}");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        var seen = new List<Sent>();
        using var deadline = new CancellationTokenSource(RunningService.Patience);
        var parser = SseParser.Create(await response.Content.ReadAsStreamAsync());
        await foreach (var one in parser.EnumerateAsync(deadline.Token))
        {
            seen.Add(new(one.EventId!, one.EventType, JsonElement.Parse(one.Data)));
            if (until(seen))
            {
                break;
            }
        }

        return seen;
    }

    private sealed record Sent(string Id, string Event, JsonElement Json);
}
