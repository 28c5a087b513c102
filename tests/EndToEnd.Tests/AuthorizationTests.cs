using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests;

/// <summary>
/// Every route of the OpenAPI document with no key, an unknown one, a revoked one, one of another environment, and one of
/// each role. The table says who may; a route without a row fails, and so does a row without a route.
/// </summary>
[Collection("one process")]
public sealed class AuthorizationTests(OneProcess system)
{
    internal const string Open = "open";

    private static readonly string[] Roles = ["platform", "seller", "payment", "logistics", "declarant", "warehouse", "customs", "operator"];

    /// <summary>Who may use a route: roles, <c>all</c> of them, or it is open to those without a key too.</summary>
    internal static readonly IReadOnlyDictionary<string, string> Matrix = new Dictionary<string, string>
    {
        ["get /"] = Open,
        ["get /health/live"] = Open,
        ["get /health/ready"] = Open,
        ["get /openapi/v1.json"] = Open,
        ["get /v1/codes"] = Open,
        ["get /v1/codes/{code}"] = Open,
        ["post /v1/check"] = "platform seller payment logistics declarant warehouse",
        ["post /v1/tools/lint"] = "all",
        ["post /v1/tools/signature"] = "all",
        ["post /v1/orders"] = "platform seller",
        ["post /v1/payments"] = "payment",
        ["post /v1/waybills"] = "logistics",
        ["post /v1/waybill-statuses"] = "logistics",
        ["post /v1/inventories"] = "declarant seller",
        ["get /v1/inventories/{ebcCode}/{orderNo}"] = "all",
        ["get /v1/inventories/{ebcCode}/{orderNo}/tax-bill"] = "all",
        ["post /v1/export-orders"] = "platform seller",
        ["post /v1/export-payments"] = "payment seller",
        ["post /v1/export-waybills"] = "logistics",
        ["post /v1/export-inventories"] = "declarant seller",
        ["get /v1/export-inventories/{agentCode}/{copNo}"] = "all",
        ["post /v1/export-cancellations"] = "declarant seller",
        ["post /v1/ceb/CEB605"] = "declarant seller",
        ["post /v1/ceb/CEB605Message"] = "declarant seller",
        ["post /v1/manifests"] = "declarant",
        ["post /v1/arrivals"] = "logistics",
        ["post /v1/departures"] = "logistics",
        ["post /v1/export-returns"] = "seller",
        ["get /v1/export-returns/{preNo}"] = "all",
        ["post /v1/export-returns/{preNo}/actions"] = "customs",
        ["post /v1/export-inventories/{agentCode}/{copNo}/actions"] = "customs",
        ["post /v1/export-return-tallies"] = "logistics warehouse",
        ["post /v1/summaries"] = "declarant",
        ["get /v1/summaries/{agentCode}/{copNo}"] = "all",
        ["get /v1/summaries/{agentCode}/{copNo}/result"] = "all",
        ["post /v1/ceb/CEB701"] = "declarant",
        ["post /v1/ceb/CEB701Message"] = "declarant",
        ["post /v1/ceb/CEB213"] = "seller",
        ["post /v1/ceb/CEB213Message"] = "seller",
        ["post /v1/ceb/CEB215"] = "logistics warehouse",
        ["post /v1/ceb/CEB215Message"] = "logistics warehouse",
        ["post /v1/warehousings"] = "warehouse",
        ["get /v1/warehousings/{operatorCode}/{copNo}"] = "all",
        ["post /v1/ceb/CEB711"] = "warehouse",
        ["post /v1/ceb/CEB711Message"] = "warehouse",
        ["put /v1/stock-accounts/{emsNo}"] = "customs operator",
        ["get /v1/stock-accounts/{emsNo}"] = "all",
        ["post /v1/stock-accounts/{emsNo}/entries"] = "warehouse customs operator",
        ["get /v1/stock-accounts/{emsNo}/movements"] = "all",
        ["post /v1/ceb/CEB507"] = "logistics",
        ["post /v1/ceb/CEB507Message"] = "logistics",
        ["post /v1/ceb/CEB509"] = "logistics",
        ["post /v1/ceb/CEB509Message"] = "logistics",
        ["post /v1/ceb/CEB607"] = "declarant",
        ["post /v1/ceb/CEB607Message"] = "declarant",
        ["post /v1/ceb/CEB303"] = "platform seller",
        ["post /v1/ceb/CEB303Message"] = "platform seller",
        ["post /v1/ceb/CEB403"] = "payment seller",
        ["post /v1/ceb/CEB403Message"] = "payment seller",
        ["post /v1/ceb/CEB505"] = "logistics",
        ["post /v1/ceb/CEB505Message"] = "logistics",
        ["post /v1/ceb/CEB603"] = "declarant seller",
        ["post /v1/ceb/CEB603Message"] = "declarant seller",
        ["get /v1/inventories/{ebcCode}/{orderNo}/tax-bill/status"] = "all",
        ["post /v1/cancellations"] = "declarant seller",
        ["post /v1/cancellations/reveal"] = "customs",
        ["post /v1/returns"] = "declarant seller",
        ["post /v1/returns/reveal"] = "customs",
        ["get /v1/returns/{preNo}"] = "all",
        ["post /v1/returns/{preNo}/actions"] = "customs",
        ["get /v1/documents/{id}/receipts"] = "all",
        ["post /v1/inventories/reveal"] = "customs",
        ["post /v1/orders/reveal"] = "customs",
        ["post /v1/payments/reveal"] = "customs",
        ["post /v1/waybills/reveal"] = "customs",
        ["post /v1/original-payments"] = "platform",
        ["post /v1/original-payments/addresses"] = "platform",
        ["get /v1/original-payments/requests"] = "platform customs operator",
        ["put /v1/original-payments/platforms/{ebpCode}"] = "operator",
        ["post /v1/original-payments/inquiries"] = "customs",
        ["get /v1/original-payments/inquiries"] = "customs operator",
        ["post /v1/179/{token}/platDataOpen"] = Open,
        ["post /v1/179/realTimeDataUpload"] = Open,
        ["post /v1/sandbox/tenants"] = Open,
        ["get /v1/sandbox/clock"] = "all",
        ["put /v1/sandbox/clock"] = "all",
        ["delete /v1/sandbox/clock"] = "all", // in a sandbox the operator's, see SandboxTests; here there is none
        ["get /v1/audit/order"] = "customs operator",
        ["get /v1/audit/payment"] = "customs operator",
        ["get /v1/audit/waybill"] = "customs operator",
        ["get /v1/audit/customs"] = "customs operator",
        ["get /v1/audit/registry"] = "customs operator",
        ["post /v1/ceb/CEB311"] = "platform seller",
        ["post /v1/ceb/CEB311Message"] = "platform seller",
        ["post /v1/ceb/CEB411"] = "payment",
        ["post /v1/ceb/CEB411Message"] = "payment",
        ["post /v1/ceb/CEB511"] = "logistics",
        ["post /v1/ceb/CEB511Message"] = "logistics",
        ["post /v1/ceb/CEB513"] = "logistics",
        ["post /v1/ceb/CEB513Message"] = "logistics",
        ["post /v1/ceb/CEB621"] = "declarant seller",
        ["post /v1/ceb/CEB621Message"] = "declarant seller",
        ["post /v1/reconciliations"] = "all", // whose documents may be listed is known by their type
        ["post /v1/ceb/CEB623"] = "declarant seller",
        ["post /v1/ceb/CEB623Message"] = "declarant seller",
        ["post /v1/ceb/CEB625"] = "declarant seller",
        ["post /v1/ceb/CEB625Message"] = "declarant seller",
        ["post /v1/ceb"] = "all", // which message it is, and so who may send it, is found out from the body
        ["get /v1/consignments"] = "all",
        ["get /v1/consignments/{ebpCode}/{orderNo}"] = "all",
        ["get /v1/taxes/{ebpCode}/{orderNo}"] = "all",
        ["get /v1/clearances"] = "all",
        ["get /v1/clearances/{ebpCode}/{orderNo}"] = "all",
        ["post /v1/clearances/{ebpCode}/{orderNo}/actions"] = "customs",
        ["get /v1/credit/companies/{code}"] = "all",
        ["get /v1/statistics/summary"] = "customs operator",
        ["get /v1/statistics/recount"] = "operator",
        ["get /v1/events"] = "all",
        ["get /v1/events/stream"] = "all",
        ["post /v1/companies"] = "operator",
        ["get /v1/companies"] = "all",
        ["get /v1/companies/{code}"] = "all",
        ["post /v1/companies/{code}/keys"] = "operator",
        ["get /v1/companies/{code}/keys"] = "operator",
        ["delete /v1/companies/{code}/keys/{id}"] = "operator",
        ["post /v1/companies/{code}/certificates"] = "operator",
        ["get /v1/companies/{code}/certificates"] = "all",
        ["delete /v1/companies/{code}/certificates/{id}"] = "operator",
        ["post /v1/goods"] = "operator platform seller declarant",
        ["get /v1/goods"] = "all",
        ["get /v1/goods/{ebcCode}/{itemNo}"] = "all",
    };

    private Client Client => system.Client;

    [Fact]
    public async Task Every_route_lets_in_whom_the_table_says_and_nobody_else()
    {
        var routes = await RoutesAsync();
        Assert.Equal(Matrix.Keys.Order(StringComparer.Ordinal), routes.Order(StringComparer.Ordinal));

        var (keys, revoked) = await KeysAsync();
        var wrong = new List<string>();
        foreach (var route in routes)
        {
            var may = Matrix[route];
            var otherEnvironment = keys["platform"].Replace("_test_", "_live_", StringComparison.Ordinal);
            foreach (var (who, key) in ((string, string?)[])
                [("nobody", null), ("an unknown key", "sdn_test_unknown_" + new string('x', 43)), ("a revoked key", revoked), ("another environment", otherEnvironment)])
            {
                await ExpectAsync(route, who, key, may == Open ? null : HttpStatusCode.Unauthorized);
            }

            foreach (var role in Roles)
            {
                var isAllowed = may is Open or "all" || may.Split(' ').Contains(role);
                await ExpectAsync(route, role, keys[role], isAllowed ? null : HttpStatusCode.Forbidden);
            }
        }

        Assert.Empty(wrong);

        async Task ExpectAsync(string route, string who, string? key, HttpStatusCode? refusal)
        {
            var status = await StatusAsync(route, key);
            if (refusal is null ? status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden : status != refusal)
            {
                wrong.Add($"{route} answers {who} {(int)status}");
            }

            if ((int)status >= 500)
            {
                wrong.Add($"{route} answers {who} {(int)status}");
            }
        }
    }

    [Fact]
    public async Task What_is_another_companys_is_not_there()
    {
        var number = Documents.NewNumber();
        await Client.PostAsync("platform", "/v1/orders", Documents.Order(number));
        await Client.PostAsync("payment", "/v1/payments", Documents.Payment(number));
        await Client.PostAsync("logistics", "/v1/waybills", Documents.Waybill(number));
        var platform = Client.Company("platform");
        await Eventually.BecomesAsync(
            () => Client.GetAsync("platform", $"/v1/clearances/{platform}/{number}"), answer => answer.Status == HttpStatusCode.OK, "it is decided");

        var (others, _) = await KeysAsync();
        foreach (var role in (string[])["platform", "seller", "payment", "logistics", "declarant", "warehouse"])
        {
            foreach (var path in (string[])
                [$"/v1/consignments/{platform}/{number}", $"/v1/clearances/{platform}/{number}", $"/v1/taxes/{platform}/{number}", $"/v1/credit/companies/{platform}"])
            {
                var answer = await Client.SendAsync(HttpMethod.Get, others[role], path, null);
                Assert.True(answer.Status == HttpStatusCode.NotFound, $"{path} answers another {role} {answer}");
                var absent = await Client.SendAsync(HttpMethod.Get, others[role], path + "-NOT-THERE", null);
                Assert.Equal((absent.Status, CodeOf(absent)), (answer.Status, CodeOf(answer))); // it cannot be told from what does not exist
            }

            foreach (var path in (string[])["/v1/consignments?limit=1000", "/v1/clearances?limit=1000", "/v1/events?limit=1000"])
            {
                var answer = await Client.SendAsync(HttpMethod.Get, others[role], path, null);
                Assert.DoesNotContain(number, answer.Text, StringComparison.Ordinal);
            }
        }

        static string CodeOf(Answer answer) => answer.Json["code"]!.ToString();
    }

    [Theory]
    [InlineData("X-Sandan-Company")]
    [InlineData("X-Sandan-Role")]
    [InlineData("X-Forwarded-User")]
    public async Task Neither_header_nor_path_nor_body_names_who_one_is(string header)
    {
        var number = Documents.NewNumber();
        using var http = new HttpClient { BaseAddress = system.Installation.Gateway };
        var (others, _) = await KeysAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/orders?company={Client.Company("platform")}&role=operator")
        {
            Content = new StringContent(Documents.Order(number).ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", others["platform"]);
        request.Headers.Add(header, header.EndsWith("Role", StringComparison.Ordinal) ? "operator" : Client.Company("platform"));

        using var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal("/ebpCode", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]![0]!["pointer"]!.ToString());
    }

    /// <summary>A company of each role that has nothing to do with any consignment, and a key that is revoked.</summary>
    private async Task<(Dictionary<string, string> Keys, string Revoked)> KeysAsync()
    {
        var code = $"{Guid.CreateVersion7():N}"[^10..].ToUpperInvariant();
        var roles = Roles[..6];
        var registered = await Client.PostAsync("operator", "/v1/companies", new JsonObject
        {
            ["code"] = code, ["name"] = "别家公司", ["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]),
        });
        Assert.True(registered.Status is HttpStatusCode.OK or HttpStatusCode.Created, registered.ToString());
        var keys = new Dictionary<string, string> { ["customs"] = Client.Key("customs"), ["operator"] = Client.Key("operator") };
        foreach (var role in roles)
        {
            keys.Add(role, (await MakeAsync(role))["key"]!.ToString());
        }

        var revoked = await MakeAsync("platform");
        var gone = await Client.SendAsync(HttpMethod.Delete, Client.Key("operator"), $"/v1/companies/{code}/keys/{revoked["id"]}", null);
        Assert.Equal(HttpStatusCode.NoContent, gone.Status);
        return (keys, revoked["key"]!.ToString());

        async Task<JsonNode> MakeAsync(string role) =>
            (await Client.PostAsync("operator", $"/v1/companies/{code}/keys", new JsonObject { ["role"] = role, ["environment"] = "test" })).Json;
    }

    private async Task<string[]> RoutesAsync()
    {
        var document = (await Client.SendAsync(HttpMethod.Get, null, "/openapi/v1.json", null)).Json;
        return
        [
            .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
                .Where(one => one.Key is "get" or "post" or "put" or "delete" or "patch")
                .Select(operation => $"{operation.Key} {path.Key}")),
        ];
    }

    /// <summary>The head of the answer is enough: a stream has no end.</summary>
    private async Task<HttpStatusCode> StatusAsync(string route, string? key)
    {
        var (method, path) = (route.Split(' ')[0], route.Split(' ')[1]);
        path = path.StartsWith("/v1/codes", StringComparison.Ordinal) ? path.Replace("{code}", "1332", StringComparison.Ordinal) : path;
        path = path.Replace("/documents/{id}", $"/documents/{Guid.Empty}", StringComparison.Ordinal);
        foreach (var (name, value) in ((string, string)[])
            [("{ebpCode}", Client.Company("platform")), ("{orderNo}", "NOT-THERE"), ("{code}", Client.Company("seller")),
             ("{ebcCode}", Client.Company("seller")), ("{itemNo}", "NOT-THERE"), ("{id}", "notthere"), ("{preNo}", "NOT-THERE")])
        {
            path = path.Replace(name, value, StringComparison.Ordinal);
        }

        using var http = new HttpClient { BaseAddress = system.Installation.Gateway };
        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), path);
        if (method == "post")
        {
            request.Content = new StringContent(
                "{}", Encoding.UTF8, path.Contains("/ceb/", StringComparison.Ordinal) ? "application/xml" : "application/json");
        }

        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }
}
