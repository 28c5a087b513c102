using System.Text.Json.Nodes;

namespace Sandan.Demo;

/// <summary>Registers the companies of a day with the operator's key, as an operator would, and files their goods.</summary>
internal sealed class WorldBuilder(Api api, JsonNode environment, string run)
{
    private readonly string operatorKey = Key(environment, "operator");
    private int number;

    public async Task<World> BuildAsync()
    {
        var world = new World(
            await RegisterAsync(3, "platform", "示范跨境平台"),
            await RegisterAsync(3, "seller", "示范跨境商家"),
            await RegisterAsync(2, "payment", "示范支付公司"),
            await RegisterAsync(3, "logistics", "示范物流公司"),
            await RegisterAsync(1, "declarant", "示范报关公司"),
            Key(environment, "customs"),
            operatorKey);
        foreach (var seller in world.Sellers)
        {
            var filings = new JsonArray([.. Goods.Shop.Append(Goods.NotListed).Select(article => (JsonNode)new JsonObject
            {
                ["ebcCode"] = seller.Code,
                ["itemNo"] = article.ItemNo,
                ["gcode"] = article.HsCode,
                ["gname"] = article.Name,
                ["gmodel"] = article.Model,
                ["unit"] = article.Unit,
                ["unit1"] = article.LegalUnit,
                ["qty1PerUnit"] = article.LegalQuantity,
                ["netWeightKgPerUnit"] = article.WeightKg,
                ["country"] = article.Country,
            })]);
            await api.PostAsync(operatorKey, "/v1/goods", filings);
        }

        return world;
    }

    private async Task<IReadOnlyList<Company>> RegisterAsync(int count, string role, string name)
    {
        var companies = new List<Company>();
        for (var at = 1; at <= count; at++)
        {
            var company = new JsonObject
            {
                ["code"] = $"D{run}{++number:000}",
                ["name"] = $"{name}{at}",
                ["roles"] = new JsonArray(role),
            };
            if (role == "seller")
            {
                company["tradeMode"] = at == 1 ? "9610" : at == 2 ? "1210" : "1239";
            }

            await api.PostAsync(operatorKey, "/v1/companies", company);
            var made = await api.PostAsync(
                operatorKey, $"/v1/companies/{company["code"]}/keys", new JsonObject { ["role"] = role, ["environment"] = "test" });
            companies.Add(new(company["code"]!.ToString(), company["name"]!.ToString(), role, made["key"]!.ToString()));
        }

        return companies;
    }

    private static string Key(JsonNode environment, string role) => environment["keys"]?[role]?.ToString()
        ?? throw new DemoException($"The environment file has no key for {role}.");
}
