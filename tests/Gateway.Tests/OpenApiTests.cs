using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Extensions.DependencyInjection;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Gateway.OpenApi;

namespace Sandan.Gateway.Tests;

public sealed class OpenApiTests
{
    /// <summary>Not for callers from outside.</summary>
    private static readonly string[] NotDescribed = ["/metrics", "/v1/ceb/{messageType}"];

    private static readonly JsonObject Document = OpenApiDocument.Build();

    [Fact]
    public async Task Every_route_of_the_gateway_is_described_and_every_description_has_a_route()
    {
        await using var rig = await GatewayRig.StartAsync();
        var routes = rig.Parts.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Select(endpoint => (
                Pattern: "/" + endpoint.RoutePattern.RawText!.TrimStart('/'),
                Methods: endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []))
            .Where(route => !NotDescribed.Contains(route.Pattern))
            .Distinct()
            .ToList();
        var described = Operations.All().Select(one => (one.Method, one.Path)).ToList();

        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.Contains(described, one => Leads(route, one.Method, one.Path)));
        Assert.All(described, one => Assert.Contains(routes, route => Leads(route, one.Method, one.Path)));
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_operation_has_its_own_id()
    {
        var references = References(Document).ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(Find(reference)));
        Assert.Equal("3.1.0", (string?)Document["openapi"]);
        Assert.Equal(Operations.All().Count(), Operations.All().Select(one => one.Id).Distinct().Count());
    }

    [Fact]
    public void The_examples_are_documents_that_the_platform_takes_and_that_match_each_other()
    {
        var order = Read("order", CebMessage.Order);
        var payment = Read("payment", CebMessage.Payment);
        var waybill = Read("waybill", CebMessage.Waybill);
        var status = Read("waybill-status", CebMessage.WaybillStatus);

        Assert.Equal(
            (order["ebpCode"], order["orderNo"], order["payCode"], order["payTransactionId"], order["buyerIdNumber"], order["buyerName"]),
            (payment["ebpCode"], payment["orderNo"], payment["payCode"], payment["payTransactionId"], payment["payerIdNumber"], payment["payerName"]));
        Assert.Equal(order.Number(CebMessage.Order.Head["acturalPaid"]), payment.Number(CebMessage.Payment.Head["amountPaid"]));
        Assert.Equal(
            (order["ebpCode"], order["orderNo"], order["consignee"], order["consigneeTelephone"], order["consigneeAddress"]),
            (waybill["platformCode"], waybill["orderNo"], waybill["consignee"], waybill["consigneeTelephone"], waybill["consigneeAddress"]));
        Assert.Equal((waybill["logisticsCode"], waybill["logisticsNo"]), (status["logisticsCode"], status["logisticsNo"]));
        Assert.Equal(
            Amount("goodsValue") + Amount("freight") + Amount("taxTotal") - Amount("discount"), Amount("acturalPaid"));

        decimal Amount(string name) => order.Number(CebMessage.Order.Head[name])!.Value;
    }

    [Fact]
    public void Every_registry_code_is_in_the_dictionary() => Assert.All(
        typeof(RegistryCodes).GetFields().Select(field => (string)field.GetRawConstantValue()!),
        code => Assert.NotNull(CodeDictionary.Get(code)));

    private static CebDocument Read(string example, CebMessage message)
    {
        var item = new DocumentJsonReader(message).ReadOne(
            System.Text.Encoding.UTF8.GetBytes(Examples.Read(example).ToJsonString()), TimeProvider.System.GetUtcNow());
        Assert.Empty(item.Errors);
        return item.Document!;
    }

    /// <summary>A catch-all route leads to whatever begins like it; other routes to their own path, named parameters aside.</summary>
    private static bool Leads((string Pattern, IReadOnlyList<string> Methods) route, string method, string path)
    {
        var matcher = new TemplateMatcher(TemplateParser.Parse(route.Pattern.TrimStart('/')), []);
        return (route.Methods.Count == 0 || route.Methods.Contains(method.ToUpperInvariant()))
            && matcher.TryMatch(path, [])
            && (route.Pattern.Contains("{**", StringComparison.Ordinal) || route.Pattern.Split('/').Length == path.Split('/').Length);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(pair => pair.Key == "$ref" ? [(string)pair.Value!] : References(pair.Value)),
        JsonArray many => many.SelectMany(References),
        _ => [],
    };

    private static JsonNode? Find(string reference) =>
        reference.Split('/').Skip(1).Aggregate((JsonNode?)Document, (node, name) => node?[name]);
}
