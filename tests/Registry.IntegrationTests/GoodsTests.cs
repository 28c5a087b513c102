using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Registry.IntegrationTests;

public sealed class GoodsTests
{
    [ServersFact]
    public async Task Many_lines_are_filed_at_once_and_told_in_parts_of_at_most_500()
    {
        await using var rig = await StartAsync();
        using var client = rig.As("platform", "3302960001");
        var lines = Enumerable.Range(0, 1_200).Select(number => Filing(number)).ToList();
        lines.Insert(600, "{not json");
        lines.Insert(1, Filing(3, name: "an earlier word on article 3"));
        using var answer = await client.PostAsync("/v1/goods", RegistryRig.Json(string.Join('\n', lines), "application/x-ndjson"));

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        var outcomes = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("outcome").GetString()!).ToList();
        Assert.Equal(1_202, outcomes.Count);
        Assert.Equal(("replaced", "refused"), (outcomes[1], outcomes[601]));
        Assert.Equal(1_200, outcomes.Count(outcome => outcome == "created"));
        var told = await rig.EventsAsync<GoodsFiled>("tax", events => events.Sum(one => one.Filings.Count) >= 1_200);
        Assert.All(told, one => Assert.InRange(one.Filings.Count, 1, 500));
        Assert.Equal(1_200, told.SelectMany(one => one.Filings).DistinctBy(one => one.ItemNo).Count());
        Assert.Equal("goods 3", told.SelectMany(one => one.Filings).Single(one => one.ItemNo == "A0003").Name);

        var pages = new List<string>();
        var after = "";
        do
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/v1/goods?ebcCode=3302960002&limit=500&after={after}");
            pages.AddRange(page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("itemNo").GetString()!));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);

        Assert.Equal(Enumerable.Range(0, 1_200).Select(number => $"A{number:D4}"), pages);
    }

    [ServersFact]
    public async Task A_filing_is_created_repeated_and_changed_and_its_version_counts()
    {
        await using var rig = await StartAsync();
        using var client = rig.As("seller", "3302960002");
        using var created = await client.PostAsync("/v1/goods", RegistryRig.Json(Filing(1, quantity: "0.2")));
        using var repeated = await client.PostAsync("/v1/goods", RegistryRig.Json(Filing(1, quantity: "\"0.20000\"")));
        using var changed = await client.PostAsync("/v1/goods", RegistryRig.Json($"[{Filing(1, quantity: "0.25")}]"));

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal("unchanged", (await repeated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("outcome").GetString());
        Assert.Equal("changed", (await changed.Content.ReadFromJsonAsync<JsonElement>())[0].GetProperty("outcome").GetString());
        var shown = await client.GetFromJsonAsync<JsonElement>(created.Headers.Location);
        Assert.Equal((2, 0.25m), (shown.GetProperty("version").GetInt32(), shown.GetProperty("qty1PerUnit").GetDecimal()));
        var told = await rig.EventsAsync<GoodsFiled>("tax", events => events.Count == 2);
        Assert.Equal([(1, 0.2m), (2, 0.25m)], told.Select(one => one.Filings.Single()).Select(one => (one.Version, one.LegalQuantityPerUnit!.Value)));
    }

    [ServersFact]
    public async Task A_seller_files_its_own_goods_and_nobody_for_a_company_that_is_no_seller()
    {
        await using var rig = await StartAsync();
        using var otherSeller = rig.As("seller", "3302960009");
        using var notYours = await otherSeller.PostAsync("/v1/goods", RegistryRig.Json(Filing(1)));
        using var declarant = rig.As("declarant", "3302980005");
        using var forAnother = await declarant.PostAsync("/v1/goods", RegistryRig.Json(Filing(1)));
        using var noSeller = await declarant.PostAsync(
            "/v1/goods", RegistryRig.Json(Filing(1).Replace("3302960002", "3302960001", StringComparison.Ordinal)));
        using var payment = rig.As("payment");
        using var role = await payment.PostAsync("/v1/goods", RegistryRig.Json(Filing(1)));
        using var read = await payment.GetAsync("/v1/goods/3302960002/A0001");

        Assert.Equal([("/ebcCode", RegistryCodes.NotYourGoods)], CompanyTests.ErrorsOf(await notYours.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.Equal(HttpStatusCode.Created, forAnother.StatusCode);
        Assert.Equal([("/ebcCode", RegistryCodes.SellerUnknown)], CompanyTests.ErrorsOf(await noSeller.Content.ReadFromJsonAsync<JsonElement>()));
        Assert.Equal(HttpStatusCode.Forbidden, role.StatusCode);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [ServersFact]
    public async Task All_that_is_wrong_with_a_filing_is_said_at_once()
    {
        await using var rig = await StartAsync();
        using var client = rig.As("operator");
        using var answer = await client.PostAsync("/v1/goods", RegistryRig.Json(
            """
            {"ebcCode":"3302960002","itemNo":"1234567890123456789012345678901","gcode":"330499","gname":"a\u0000b","unit":7,
             "unit1":"kg","qty1PerUnit":-1,"netWeightKgPerUnit":0.123456,"country":"Japan","hs":"x"}
            """));

        Assert.Equal(
            [
                ("/hs", RegistryCodes.UnknownMember), ("/itemNo", RegistryCodes.TooLong), ("/gcode", RegistryCodes.WrongForm),
                ("/gname", RegistryCodes.WrongForm), ("/unit", RegistryCodes.WrongType), ("/unit1", RegistryCodes.WrongForm),
                ("/qty1PerUnit", RegistryCodes.OutOfRange), ("/netWeightKgPerUnit", RegistryCodes.OutOfRange),
                ("/country", RegistryCodes.WrongForm),
            ],
            CompanyTests.ErrorsOf(await answer.Content.ReadFromJsonAsync<JsonElement>()));
    }

    [ServersFact]
    public async Task The_same_goods_from_many_at_once_in_any_order_end_in_one_filing_each()
    {
        await using var rig = await StartAsync();
        using var client = rig.As("operator");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async turn =>
        {
            var numbers = Enumerable.Range(0, 300);
            var filings = (turn % 2 == 0 ? numbers : numbers.Reverse()).Select(number => Filing(number, name: $"turn {turn}"));
            using var answer = await client.PostAsync("/v1/goods", RegistryRig.Json($"[{string.Join(',', filings)}]"));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }));

        Assert.Equal(300L, await rig.ScalarAsync("SELECT count(*) FROM goods"));
        Assert.Equal(8, await rig.ScalarAsync("SELECT max(version) FROM goods"));
        Assert.Equal(1L, await rig.ScalarAsync("SELECT count(DISTINCT name) FROM goods"));
    }

    [ServersFact]
    public async Task An_article_number_with_a_slash_is_found()
    {
        await using var rig = await StartAsync();
        using var client = rig.As("operator");
        using var created = await client.PostAsync("/v1/goods", RegistryRig.Json(Filing(1).Replace("A0001", "A/1 b", StringComparison.Ordinal)));
        using var found = await client.GetAsync(created.Headers.Location);

        Assert.Equal("/v1/goods/3302960002/A%2F1%20b", created.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
    }

    private static string Filing(int number, string? name = null, string quantity = "0.2") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"ebcCode":"3302960002","itemNo":"A{{number:D4}}","gcode":"3304990039","gname":"{{name ?? $"goods {number}"}}","unit":"142","unit1":"035","qty1PerUnit":{{quantity}},"country":"116"}""");

    private static async Task<RegistryRig> StartAsync()
    {
        var rig = await RegistryRig.StartAsync();
        using var client = rig.As("operator");
        using var stored = await client.PostAsync("/v1/companies", RegistryRig.Json(
            """[{"code":"3302960002","name":"S","roles":["seller"]},{"code":"3302960001","name":"P","roles":["platform"]}]"""));
        stored.EnsureSuccessStatusCode();
        return rig;
    }
}
