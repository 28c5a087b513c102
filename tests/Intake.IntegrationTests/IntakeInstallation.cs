using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.IntegrationTests;
using Sandan.Shared.Security;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Sandan.Intake.IntegrationTests;

/// <summary>Order, payment and waybill, and who listens to them.</summary>
public class IntakeInstallation : Installation
{
    public WebApplication Order { get; private set; } = null!;

    public WebApplication Payment { get; private set; } = null!;

    public WebApplication Waybill { get; private set; } = null!;

    public NpgsqlDataSource OrderDatabase { get; private set; } = null!;

    public Heard<OrdersAccepted> Orders { get; private set; } = null!;

    public Heard<PaymentsAccepted> Payments { get; private set; } = null!;

    public Heard<WaybillsAccepted> Waybills { get; private set; } = null!;

    public Heard<WaybillStatusesAccepted> Statuses { get; private set; } = null!;

    public IEnumerable<OrderAccepted> OrdersTold => Orders.Events.SelectMany(one => one.Orders);

    /// <summary>Sends orders as the platform.</summary>
    public Task<HttpResponseMessage> PostAsync(
        string body, string type = "application/json", string company = Make.Platform, string role = Roles.Platform,
        string? idempotencyKey = null, string path = "/v1/orders", WebApplication? service = null, string? language = null) =>
        PostAsync(Encoding.UTF8.GetBytes(body), type, company, role, idempotencyKey, path, service, language);

    public Task<HttpResponseMessage> PostAsync(
        byte[] body, string? type = "application/json", string company = Make.Platform, string role = Roles.Platform,
        string? idempotencyKey = null, string path = "/v1/orders", WebApplication? service = null, string? language = null)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        return SendAsync(service ?? Order, HttpMethod.Post, path, company, role, content, request =>
        {
            if (idempotencyKey is not null)
            {
                request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
            }

            request.Headers.TryAddWithoutValidation("Accept-Language", language ?? "en");
        });
    }

    public Task<HttpResponseMessage> PostPaymentAsync(JsonObject payment) => PostAsync(
        payment.ToJsonString(), company: Make.Bank, role: Roles.Payment, path: "/v1/payments", service: Payment);

    public Task<HttpResponseMessage> PostWaybillAsync(JsonObject waybill) => PostAsync(
        waybill.ToJsonString(), company: Make.Carrier, role: Roles.Logistics, path: "/v1/waybills", service: Waybill);

    public Task<HttpResponseMessage> PostStatusAsync(JsonObject status) => PostAsync(
        status.ToJsonString(), company: Make.Carrier, role: Roles.Logistics, path: "/v1/waybill-statuses", service: Waybill);

    public Task<long> VersionsOfAsync(string orderNo) => OrderDatabase.CountAsync(
        "SELECT count(*) FROM document WHERE key = $1", $"{Make.Platform}\u001F{orderNo}");

    /// <summary>Waits until nothing is left to tell.</summary>
    public Task AllToldAsync() => Eventually.BecomesAsync("all events are told", async () =>
        await OrderDatabase.CountAsync("SELECT count(*) FROM outbox") == 0
        && OrdersTold.Count() >= await OrderDatabase.CountAsync("SELECT count(*) FROM document WHERE NOT draft AND NOT deleted"));

    protected override async Task StartAsync()
    {
        Orders = await Bus.ListenAsync<OrdersAccepted>();
        Payments = await Bus.ListenAsync<PaymentsAccepted>();
        Waybills = await Bus.ListenAsync<WaybillsAccepted>();
        Statuses = await Bus.ListenAsync<WaybillStatusesAccepted>();
        Order = await StartAsync(Sandan.Order.Program.Build);
        Payment = await StartAsync(Sandan.Payment.Program.Build);
        Waybill = await StartAsync(Sandan.Waybill.Program.Build);
        OrderDatabase = DatabaseOf("order");
    }
}

internal static class Answers
{
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;

    public static async Task<string> OutcomeAsync(this HttpResponseMessage answer) =>
        $"{(int)answer.StatusCode} {(string?)(await answer.JsonAsync())["outcome"]}";

    public static async Task<string> CodeAsync(this HttpResponseMessage answer) =>
        $"{(int)answer.StatusCode} {(string?)(await answer.JsonAsync())["code"]}";
}
