using Sandan.Contracts.Codes;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Customs.IntegrationTests;

/// <summary>Events of several blocks, read across their borders by everyone who may.</summary>
[Collection(nameof(RunningService))]
public sealed class FeedBlockTests(RunningService service)
{
    private readonly Samples it = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(1000)]
    public async Task Pages_across_blocks_have_every_event_once_and_in_order(int limit)
    {
        // Three full blocks and a rest, then a block of one, then again more than one block. Every event is the
        // platform's, every third the seller's, a single one the carrier's; every fifth is an ambiguous one.
        var start = (await service.Customs.GetJsonAsync("/v1/events?after=latest")).Text("next");
        await WriteAsync(0, 312);
        await WriteAsync(312, 1);
        await WriteAsync(313, limit == 1 ? 10 : 120);
        var count = 313 + (limit == 1 ? 10 : 120);

        await ReadsAsync("platform", it.Platform, null, _ => true);
        await ReadsAsync("seller", it.Seller, null, at => at % 3 == 0);
        await ReadsAsync("logistics", it.Logistics, null, at => at == 150);
        await ReadsAsync("payment", it.Payment, null, _ => false);
        await ReadsAsync("seller", it.Seller, FeedTypes.Ambiguous, at => at % 15 == 0);
        await ReadsAsync("seller", it.Seller, $"{FeedTypes.Overdue},{FeedTypes.Ambiguous},{FeedTypes.Released}", at => at % 3 == 0);
        await ReadsAsync("customs", "CUSTOMS", null, _ => true);
        await ReadsAsync("operator", "ZONE", FeedTypes.Ambiguous, at => at % 5 == 0);
        await ReadsAsync("operator", "ZONE", $"{FeedTypes.Overdue},{FeedTypes.Ambiguous}", _ => true);

        async Task ReadsAsync(string role, string company, string? types, Func<int, bool> concerns)
        {
            var seen = await service.As(role, company).FeedAsync(start, types, limit);
            Assert.Equal(
                Enumerable.Range(0, count).Where(concerns).Select(at => $"{it.Platform}/{at}"), seen.Select(one => one.Text("subject")));
            var positions = seen.Select(one => long.Parse(one.Text("sequence"))).ToArray();
            Assert.Equal(positions.Order().Distinct(), positions);
        }
    }

    [Fact]
    public async Task Every_position_in_a_block_is_a_place_to_read_on_from()
    {
        var start = (await service.Customs.GetJsonAsync("/v1/events?after=latest")).Text("next");
        await WriteAsync(0, 103);
        var all = await service.As("seller", it.Seller).FeedAsync(start);
        Assert.Equal(35, all.Count);
        for (var at = 0; at < all.Count; at++)
        {
            var cursor = Cursor.Write(Cursor.Feed, long.Parse(all[at].Text("sequence")));
            var rest = await service.As("seller", it.Seller).FeedAsync(cursor, limit: 20);
            Assert.Equal(all.Skip(at + 1).Select(one => one.Text("id")), rest.Select(one => one.Text("id")));
        }
    }

    [Fact]
    public async Task Large_events_fill_a_block_sooner()
    {
        var before = await service.CountAsync("SELECT count(*) FROM feed_block");
        var start = (await service.Customs.GetJsonAsync("/v1/events?after=latest")).Text("next");
        await WriteAsync(0, 20, new string('字', 10_000)); // 30 kB each
        Assert.Equal(10, await service.CountAsync("SELECT count(*) FROM feed_block") - before);
        var seen = await service.As("platform", it.Platform).FeedAsync(start, limit: 3);
        Assert.Equal(Enumerable.Range(0, 20).Select(at => $"{it.Platform}/{at}"), seen.Select(one => one.Text("subject")));
        Assert.All(seen, one => Assert.Equal(10_000, one.GetProperty("data").Text("returnInfo").Length));
    }

    [Fact]
    public async Task A_cursor_at_the_end_of_all_numbers_is_ahead_of_the_feed()
    {
        var (status, problem) = await service.Customs.AskAsync($"/v1/events?after={Cursor.Write(Cursor.Feed, long.MaxValue)}");
        Assert.Equal((400, RequestCodes.CursorInvalid), (status, problem.Text("code")));
    }

    private async Task WriteAsync(int first, int count, string? text = null)
    {
        await using var unit = await UnitOfWork.BeginAsync(service.Database, new OutboxSignal(), default);
        unit.BeforeCommit(FeedStore.Write([.. Enumerable.Range(first, count).Select(at => Event(at, text))]));
        await unit.CommitAsync(default);
    }

    private FeedEvent Event(int at, string? text)
    {
        List<string> parties = [it.Platform];
        if (at % 3 == 0)
        {
            parties.Add(it.Seller);
        }

        if (at == 150)
        {
            parties.Add(it.Logistics);
        }

        return FeedEvent.Make(
            at % 5 == 0 ? FeedTypes.Ambiguous : FeedTypes.Overdue,
            DateTimeOffset.UnixEpoch,
            parties,
            new()
            {
                EbpCode = it.Platform,
                OrderNo = $"{at}",
                Code = ClearanceCodes.DocumentOverdue,
                Text = CodeDictionary.Get(ClearanceCodes.DocumentOverdue).Text,
                ReturnInfo = text,
                Companies = new(it.Platform, null, null, null),
            });
    }
}
