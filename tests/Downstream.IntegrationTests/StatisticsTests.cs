using System.Text.Json;
using Sandan.Contracts.Events;
using Sandan.Shared.Security;

namespace Sandan.Downstream.IntegrationTests;

public sealed class StatisticsTests : IAsyncLifetime
{
    private const string Range = "from=2026-11-19&to=2026-11-23";

    private readonly Installation installation = new();

    public Task InitializeAsync() => installation.InitializeAsync();

    public Task DisposeAsync() => installation.DisposeAsync();

    [ServersFact]
    public async Task Any_order_and_any_repeat_count_as_the_oracle_does()
    {
        var traffic = new Traffic(seed: 20261121).Make(consignments: 600);
        await traffic.SendAsync(installation, batchMax: 37);
        await installation.SettleAsync();
        await AgreesWithOracleAsync(traffic);
    }

    [ServersFact]
    public async Task Two_replicas_count_as_one_does()
    {
        await installation.StartAsync("statistics");
        var traffic = new Traffic(seed: 4711).Make(consignments: 1000);
        await traffic.SendAsync(installation, batchMax: 60);
        await installation.SettleAsync();
        await AgreesWithOracleAsync(traffic);
    }

    [ServersFact]
    public async Task A_restart_in_the_middle_loses_and_doubles_nothing()
    {
        await installation.StopAsync("statistics");
        var traffic = new Traffic(seed: 7).Make(consignments: 1500);
        await traffic.SendAsync(installation, batchMax: 5);
        for (var times = 1; times <= 3; times++)
        {
            await installation.StartAsync("statistics");
            await installation.WaitForAsync("statistics", messages: 50 * times);
            await installation.StopAsync("statistics");
        }

        var workedIn = await installation.CountAsync("statistics", "SELECT count(*) FROM inbox");
        Assert.True(workedIn < installation.PublishedTo("statistics"), "Nothing was left for the last start.");
        await installation.StartAsync("statistics");
        await installation.SettleAsync();
        Assert.Equal(0, await installation.CountAsync("statistics", "SELECT count(*) FROM parked"));
        await AgreesWithOracleAsync(traffic);
    }

    [ServersFact]
    public async Task A_counter_that_was_tampered_with_is_found()
    {
        await new Traffic(seed: 3).Make(consignments: 20).SendAsync(installation, batchMax: 10);
        await installation.SettleAsync();
        Assert.Equal(0, await installation.RecountAsync());
        await installation.CountAsync("statistics",
            "UPDATE tally SET value = value + 0.00001 WHERE dimension = 0 AND consignments > 0 RETURNING 0");
        Assert.Equal(1, await installation.RecountAsync());
        var (status, body) = await installation.GetAsync("statistics", "/v1/statistics/recount", Roles.Operator);
        Assert.Equal((200, false), (status, body.GetProperty("equal").GetBoolean()));
        Assert.Equal("all", body.GetProperty("differences")[0].GetProperty("dimension").GetString());
        await installation.CountAsync("statistics",
            "UPDATE tally SET value = value - 0.00001 WHERE dimension = 0 AND consignments > 0 RETURNING 0");
        Assert.Equal(0, await installation.RecountAsync());
    }

    [ServersFact]
    public async Task A_line_with_an_absurd_amount_is_parked_and_its_neighbours_count()
    {
        var good = Given.Decision("PARK-1", 800);
        var bad = Given.Decision("PARK-2", 800) with { Lines = [new(1, "3304990031", "502", -1, 0, 0, 0)] };
        await installation.PublishAsync(new ClearancesDecided([good, bad]), Guid.CreateVersion7());
        await installation.SettleAsync();
        Assert.Equal(1, await installation.CountAsync(
            "statistics", "SELECT count(*) FROM parked WHERE item ->> 'orderNo' = 'PARK-2'"));
        Assert.Equal(1, await installation.CountAsync(
            "statistics", "SELECT count(*) FROM fact WHERE order_no = 'PARK-1' AND status = 800"));
    }

    [ServersFact]
    public async Task Each_step_replaces_the_one_before()
    {
        const string Day = "/v1/statistics/summary?from=2026-01-05&to=2026-01-06&by=mode";
        await SendAsync(Given.Verdict("STEP", 1, ConsignmentState.Matched), Given.Decision("STEP", 800));
        var (_, first) = await installation.GetAsync("statistics", Day, Roles.Customs);
        Assert.Equal((1, 100m, 9.1m), Total(first));
        Assert.Equal("1210", first.GetProperty("rows")[0].GetProperty("key").GetString());
        Assert.Equal((1, 1), (State(first, "matched"), State(first, "released")));

        await SendAsync(Given.Verdict("STEP", 2, ConsignmentState.Mismatched),
            Given.Decision("STEP", 100, decision: 2));
        var (_, second) = await installation.GetAsync("statistics", Day, Roles.Customs);
        Assert.Equal((0, 0m, 0m), Total(second));
        Assert.Empty(second.GetProperty("rows").EnumerateArray());
        Assert.Equal((0, 1, 0, 1), (State(second, "matched"), State(second, "mismatched"), State(second, "released"),
            State(second, "rejected")));

        // A deletion lets the verdict fall; a late old revision changes nothing.
        await SendAsync(Given.Verdict("STEP", 3, ConsignmentState.Waiting), Given.Decision("STEP", 800));
        var (_, third) = await installation.GetAsync("statistics", Day, Roles.Customs);
        Assert.Equal((1, 0, 1), (State(third, "waiting"), State(third, "mismatched"), State(third, "rejected")));
        Assert.Equal((0, 0m, 0m), Total(third));

        async Task SendAsync(ConsignmentJudged judged, ClearanceDecided decided)
        {
            await installation.PublishAsync(new ConsignmentsJudged([judged]), Guid.CreateVersion7());
            await installation.PublishAsync(new ClearancesDecided([decided]), Guid.CreateVersion7());
            await installation.SettleAsync();
        }
    }

    [ServersFact]
    public async Task Verdict_and_decision_that_come_close_together_are_written_once()
    {
        await installation.StopAsync("statistics");
        await installation.StartAsync("statistics", "--Statistics:Gather=00:00:03");
        var (judged, decided) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await installation.PublishAsync(new ClearancesDecided([Given.Decision("MEET", 800)]), decided);
        await installation.PublishAsync(
            new ConsignmentsJudged([Given.Verdict("MEET", 1, ConsignmentState.Matched)]), judged);
        await installation.SettleAsync();
        Assert.Equal(2, await installation.CountAsync(
            "statistics",
            $"""
            SELECT count(*) FROM inbox JOIN fact ON inbox.xmin = fact.xmin
            WHERE message_id IN ('{judged}', '{decided}') AND revision = 1 AND decision = 1
            """));
    }

    [ServersFact]
    public async Task Only_customs_and_the_operator_see_everything()
    {
        foreach (var role in Roles.All)
        {
            var (status, body) = await installation.GetAsync(
                "statistics", "/v1/statistics/summary", role, "PLATFORM00");
            var (recount, _) = await installation.GetAsync("statistics", "/v1/statistics/recount", role, "PLATFORM00");
            var sees = role is Roles.Customs or Roles.Operator;
            Assert.Equal((sees ? 200 : 403, role == Roles.Operator ? 200 : 403), (status, recount));
            Assert.Equal(sees ? null : "S2003", body.TryGetProperty("code", out var code) ? code.GetString() : null);
        }

        Assert.Equal(401, (await installation.GetAsync("statistics", "/v1/statistics/summary", role: null)).Status);
    }

    [ServersFact]
    public async Task A_bad_parameter_is_named()
    {
        foreach (var (query, parameter) in new[]
        {
            ("by=seller", "by"), ("from=yesterday", "from"), ("from=2026-11-21T00:30", "from"),
            ("from=2026-11-21&to=2026-11-21", "to"),
            ("from=2020-01-01&to=2026-01-01", "to"), ("to=9999-12-31", "to"),
        })
        {
            var (status, body) = await installation.GetAsync(
                "statistics", $"/v1/statistics/summary?{query}", Roles.Customs);
            Assert.Equal((400, "S2012"), (status, body.GetProperty("code").GetString()));
            Assert.Equal(parameter, body.GetProperty("errors")[0].GetProperty("pointer").GetString());
        }
    }

    private async Task AgreesWithOracleAsync(Traffic traffic)
    {
        var (_, recount) = await installation.GetAsync("statistics", "/v1/statistics/recount", Roles.Operator);
        Assert.True(recount.GetProperty("equal").GetBoolean(), recount.ToString());
        var releases = Releases(traffic);
        foreach (var (by, keysOf) in Groupings())
        {
            var (_, body) = await installation.GetAsync(
                "statistics", $"/v1/statistics/summary?{Range}&by={by}", Roles.Customs);
            Assert.Equal(Oracle(releases, keysOf), Rows(body));
            Assert.Equal(
                (releases.Count, releases.Sum(one => one.Lines.Sum(line => line.Value)),
                    releases.Sum(one => one.Lines.Sum(Tax))),
                Total(body));
            foreach (var (state, count) in StatesOf(traffic))
            {
                Assert.Equal((state, count), (state, State(body, state)));
            }
        }
    }

    /// <summary>Latest decision of each consignment, by going through all of them one by one.</summary>
    private static List<ClearanceDecided> LatestDecisions(Traffic traffic) =>
        [.. traffic.Decided.GroupBy(one => (one.PlatformCode, one.OrderNo))
            .Select(group => group.MaxBy(one => one.Decision)!)];

    /// <summary>
    /// What counts as released: the latest decision says so; its hour, mode and lines are those of the latest 800.
    /// </summary>
    private static List<ClearanceDecided> Releases(Traffic traffic) =>
    [
        .. LatestDecisions(traffic).Where(one => one.Status is 800 or 899).Select(latest => traffic.Decided
            .Where(one => one.OrderNo == latest.OrderNo && one.Status is (800 or 899))
            .OrderBy(one => one.Status).ThenByDescending(one => one.Decision).First()),
    ];

    private static IEnumerable<(string State, int Count)> StatesOf(Traffic traffic)
    {
        var verdicts = traffic.Judged.GroupBy(one => (one.PlatformCode, one.OrderNo))
            .Select(group => group.MaxBy(one => one.Revision)!).ToList();
        var statuses = LatestDecisions(traffic).ConvertAll(one => one.Status);
        return
        [
            ("matched", verdicts.Count(one => one.State == ConsignmentState.Matched)),
            ("mismatched", verdicts.Count(one => one.State == ConsignmentState.Mismatched)),
            ("ambiguous", verdicts.Count(one => one.State == ConsignmentState.Ambiguous)),
            ("waiting", verdicts.Count(one => one.State == ConsignmentState.Waiting)),
            ("released", statuses.Count(one => one is 800 or 899)),
            ("held", statuses.Count(one => one == 300)),
            ("inspected", statuses.Count(one => one == 500)),
            ("rejected", statuses.Count(one => one == 100)),
            ("other", statuses.Count(one => one == 120)),
        ];
    }

    private static IEnumerable<(string By, Func<ClearanceDecided, TaxedLine?, string> KeyOf)> Groupings() =>
    [
        ("mode", (one, _) => one.Mode is { } mode ? $"{(int)mode}" : "unknown"),
        ("country", (_, line) => line?.Country.ToUpperInvariant() ?? "unknown"),
        ("chapter", (_, line) => line?.HsCode?[..2] ?? "unknown"),
        ("hour", (one, _) => $"{one.DecidedAt.AddHours(8):yyyy-MM-ddTHH}:00+08:00"),
        ("day", (one, _) => $"{one.DecidedAt.AddHours(8):yyyy-MM-dd}"),
    ];

    private static SortedDictionary<string, (int, int, decimal, decimal)> Oracle(
        List<ClearanceDecided> releases, Func<ClearanceDecided, TaxedLine?, string> keyOf)
    {
        var rows = new SortedDictionary<string, (int Consignments, int Lines, decimal Value, decimal Tax)>(
            StringComparer.Ordinal);
        foreach (var release in releases)
        {
            var keys = release.Lines.Count == 0
                ? [keyOf(release, null)]
                : release.Lines.Select(line => keyOf(release, line)).Distinct().ToArray();
            foreach (var key in keys)
            {
                var lines = release.Lines.Where(line => keyOf(release, line) == key).ToList();
                var row = rows.GetValueOrDefault(key);
                rows[key] = (
                    row.Consignments + 1, row.Lines + lines.Count,
                    row.Value + lines.Sum(line => line.Value), row.Tax + lines.Sum(Tax));
            }
        }

        return rows;
    }

    private static decimal Tax(TaxedLine line) => line.Tariff + line.Vat + line.ConsumptionTax;

    private static SortedDictionary<string, (int, int, decimal, decimal)> Rows(JsonElement body) => new(
        body.GetProperty("rows").EnumerateArray().ToDictionary(
            row => row.GetProperty("key").GetString()!,
            row => (row.GetProperty("consignments").GetInt32(), row.GetProperty("lines").GetInt32(),
                row.GetProperty("valueCny").GetDecimal(), row.GetProperty("taxCny").GetDecimal())),
        StringComparer.Ordinal);

    private static (int, decimal, decimal) Total(JsonElement body)
    {
        var total = body.GetProperty("total");
        return (
            total.GetProperty("consignments").GetInt32(), total.GetProperty("valueCny").GetDecimal(),
            total.GetProperty("taxCny").GetDecimal());
    }

    private static int State(JsonElement body, string state) =>
        body.GetProperty("states").GetProperty(state).GetInt32();
}
