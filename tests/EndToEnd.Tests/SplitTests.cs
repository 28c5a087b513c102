using System.Net;
using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests;

/// <summary>One process per service: killed in the middle of a day, and restarted one after another under load.</summary>
public sealed class SplitTests(Split split) : IClassFixture<Split>
{
    private const int Senders = 6;

    [Fact]
    public async Task A_day_comes_out_right_though_every_consumer_is_killed_in_it()
    {
        var day = Demo.Program.RunAsync(split.Installation.EnvironmentFile, consignments: 300, seed: 1);
        foreach (var service in (string[])["Matcher", "Tax", "Customs", "Statistics", "Credit"])
        {
            await split.KillAsync(service);
        }

        Assert.Equal(0, await day);

        using var client = new Client(split.Installation);
        var recount = await client.GetAsync("operator", "/v1/statistics/recount");
        Assert.True(recount.Json["equal"]!.GetValue<bool>(), recount.Text);
    }

    [Fact]
    public async Task One_trace_runs_through_every_process_from_the_request_to_the_clearance()
    {
        using var client = new Client(split.Installation);
        var orderNo = Documents.NewNumber();
        await client.PostAsync("platform", "/v1/orders", Documents.Order(orderNo));
        await client.PostAsync("payment", "/v1/payments", Documents.Payment(orderNo));
        var last = await client.PostAsync("logistics", "/v1/waybills", Documents.Waybill(orderNo));

        var trace = last.Json["traceId"]!.ToString();
        foreach (var process in (string[])["gateway", "waybill", "matcher", "tax", "customs", "credit", "statistics"])
        {
            await Eventually.IsTrueAsync(
                Eventually.Soon, $"{process} tells of its part", () => Task.FromResult(split.Collector.HasSpan(process, trace)));
        }

        Assert.False(split.Collector.Tells(Documents.Order(orderNo)["buyerName"]!.ToString()));
    }

    [Fact]
    public async Task T_UPG_a_rolling_restart_under_load_fails_no_request_and_loses_no_document()
    {
        using var client = new Client(split.Installation);
        await using var load = await SteadyLoad.StartAsync(client, Senders);
        foreach (var service in Split.Services)
        {
            await split.RestartAsync(service);
        }

        await load.EndAsync();
        Assert.True(load.Failures.IsEmpty, $"{load.Failures.Count} of {load.Requests}: {string.Join('\n', load.Failures.Take(10))}");
        Assert.True(load.StreamEnds >= 1, "the stream ended with its service");

        // Each consignment is released and told once, by pages and by the stream.
        var sent = load.Consignments.ToHashSet();
        await Eventually.BecomesAsync(
            async () => (Pages: sent.Except(await load.ReleasedAsync()).Count(), Stream: sent.Except(load.Streamed).Count()),
            missing => missing == (0, 0),
            $"all {sent.Count} consignments are released");
        Assert.Equal(sent.Order(), (await load.ReleasedAsync()).Where(sent.Contains).Order());
        Assert.Equal(sent.Order(), load.Streamed.Where(sent.Contains).Order());

        // And whoever sends again, behind the verdict and the restart, gets the first receipt and changes nothing.
        var (orderNo, receipt) = load.FirstReceipt;
        var again = await client.PostAsync("platform", "/v1/orders", Documents.Order(orderNo));
        Assert.Equal((HttpStatusCode.OK, "exists"), (again.Status, again.Json["outcome"]!.ToString()));
        Assert.Equal(Known(receipt), Known(again.Json));
        Assert.Equal(1, (int)(await client.ConsignmentAsync(orderNo, _ => true, "it is there"))["revision"]!);

        static (string, int) Known(JsonNode receipt) => (receipt["id"]!.ToString(), (int)receipt["version"]!);
    }
}
