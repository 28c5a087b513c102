using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sandan.IntegrationTests;
using Sandan.Shared.Security;

namespace Sandan.Intake.IntegrationTests;

/// <summary>A sender's own list against what is stored.</summary>
public sealed class ReconciliationTests(IntakeInstallation intake) : IClassFixture<IntakeInstallation>
{
    private static string Window
    {
        get
        {
            var now = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8));
            return FormattableString.Invariant($"from={now.AddDays(-1):yyyy-MM-dd}&to={now.AddDays(2):yyyy-MM-dd}");
        }
    }

    [ServersFact]
    public async Task What_is_missing_different_and_extra_is_told()
    {
        foreach (var order in (JsonObject[])
            [Make.Order("R-SAME"), Make.Order("R-OLD"), Make.Order("R-GONE"), Make.Order("R-DRAFT").With("appStatus", "1"), Make.Order("R-EXTRA"), Make.Order("R-HASH")])
        {
            using var sent = await intake.PostAsync(order.ToJsonString());
            Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        }

        using var changed = await intake.PostAsync(Make.Order("R-OLD").With("appType", "2").With("appTime", "20261120130000").With("note", "x").ToJsonString());
        using var deleted = await intake.PostAsync(Make.Order("R-GONE").With("appType", "3").With("appTime", "20261120130000").ToJsonString());
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (changed.StatusCode, deleted.StatusCode));
        static string Hash(string orderNo) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{Make.Platform}|{orderNo}")));

        var list = new JsonArray(
            "R-SAME", "R-NEVER",
            new JsonObject { ["orderNo"] = "R-OLD", ["appTime"] = "20261120120000" },
            new JsonObject { ["ebpCode"] = Make.Platform.ToLowerInvariant(), ["orderNo"] = "R-GONE" },
            "R-DRAFT",
            new JsonObject { ["sha256"] = Hash("R-HASH") },
            new JsonObject { ["sha256"] = Hash("R-NOBODY") });
        using var answer = await intake.PostAsync(list.ToJsonString(), path: $"/v1/reconciliations?type=CEB311&{Window}");
        var told = await answer.JsonAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((7, 5, 0), ((int)told["asked"]!, (int)told["found"]!, (int)told["extraNotShown"]!));
        Assert.Equal(["R-NEVER", Hash("R-NOBODY").ToLowerInvariant()], told["missing"]!.AsArray().Select(one => (string)(one!["orderNo"] ?? one["sha256"])!));
        Assert.Equal(
            [("R-OLD", "appTime", 2, "20261120130000"), ("R-GONE", "withdrawn", 2, "20261120130000"), ("R-DRAFT", "draft", 1, "20261120120000")],
            told["different"]!.AsArray().Select(one => ((string)one!["orderNo"]!, (string)one["why"]!, (int)one["version"]!, (string)one["appTime"]!)));
        Assert.Equal(["R-EXTRA"], told["extra"]!.AsArray().Select(one => (string)one!["orderNo"]!));

        // Another time, another sender: nothing is here, and what is listed is found only by who sent it.
        using var before = await intake.PostAsync("[\"R-SAME\"]", path: "/v1/reconciliations?type=CEB311&from=2026-01-01&to=2026-01-02T12:00");
        Assert.Equal((1, 0), ((int)(await before.JsonAsync())["found"]!, (await before.JsonAsync())["extra"]!.AsArray().Count));
        using var other = await intake.PostAsync(
            new JsonArray(new JsonObject { ["ebpCode"] = Make.Platform, ["orderNo"] = "R-SAME" }).ToJsonString(), company: "3301961A2X",
            path: $"/v1/reconciliations?type=CEB311&{Window}");
        Assert.Equal((0, 0), ((int)(await other.JsonAsync())["found"]!, (await other.JsonAsync())["extra"]!.AsArray().Count));
    }

    [ServersFact]
    public async Task A_hundred_thousand_numbers_are_one_request()
    {
        var list = new JsonArray([.. Enumerable.Range(0, 100_000).Select(at => (JsonNode)$"M-{at:D8}")]);
        using var answer = await intake.PostAsync(list.ToJsonString(), path: $"/v1/reconciliations?type=CEB311&{Window}");
        Assert.Equal((100_000, 100_000), ((int)(await answer.JsonAsync())["asked"]!, (await answer.JsonAsync())["missing"]!.AsArray().Count));

        list.Add("one too many");
        using var tooMany = await intake.PostAsync(list.ToJsonString(), path: $"/v1/reconciliations?type=CEB311&{Window}");
        Assert.Equal("400 S2017", await tooMany.CodeAsync());
    }

    [ServersTheory]
    [InlineData("CEB312", "from=2026-11-20&to=2026-11-21", "[]", "400 S2012")]
    [InlineData("CEB311", "from=2026-11-20", "[]", "400 S2012")]
    [InlineData("CEB311", "from=2026-11-21&to=2026-11-20", "[]", "400 S2012")]
    [InlineData("CEB311", "from=2026-10-01&to=2026-11-20", "[]", "400 S2012")]
    [InlineData("CEB311", "from=2026-11-20&to=20261121", "[]", "400 S2012")]
    [InlineData("CEB311", "from=2026-11-20&to=2026-11-21", "{}", "400 S2017")]
    [InlineData("CEB311", "from=2026-11-20&to=2026-11-21", "nonsense", "400 S2017")]
    [InlineData("CEB311", "from=2026-11-20&to=2026-11-21", "[1]", "400 S2017")]
    [InlineData("CEB311", "from=2026-11-20&to=2026-11-21", "[\"\\ud800\"]", "400 S2017")]
    [InlineData("CEB311", "from=2026-11-20&to=2026-11-21", "[{\"orderNo\":1}]", "400 S2017")]
    [InlineData("CEB311", "from=2026-11-20&to=2026-11-21", "[{\"orderNo\":\"1\",\"x\":\"1\"}]", "400 S2017")]
    [InlineData("CEB311", "from=2026-11-20&to=2026-11-21", "[{\"orderNo\":\"1\",\"appTime\":\"x\"}]", "400 S2017")]
    [InlineData("CEB311", "from=2026-11-20&to=2026-11-21", "[{\"sha256\":\"12\"}]", "400 S2017")]
    public async Task What_cannot_be_compared_is_refused(string type, string window, string body, string expected)
    {
        using var answer = await intake.PostAsync(body, path: $"/v1/reconciliations?type={type}&{window}");

        Assert.Equal(expected, await answer.CodeAsync());
    }

    [ServersFact]
    public async Task Only_who_may_send_a_document_may_list_it()
    {
        using var answer = await intake.PostAsync("[]", company: Make.Bank, role: Roles.Payment, path: $"/v1/reconciliations?type=CEB311&{Window}");

        Assert.Equal("403 S2003", await answer.CodeAsync());
    }
}
