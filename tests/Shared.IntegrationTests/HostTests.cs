using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sandan.Contracts.Codes;
using Sandan.Shared.Security;

namespace Sandan.Shared.IntegrationTests;

public sealed class HostTests
{
    [ServersFact]
    public async Task Errors_are_problems_and_tell_nothing_of_the_inside()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        using var client = service.Client(rig);
        await IsProblemAsync(await client.GetAsync("/open/broken"), 500, RequestCodes.InternalError);
        var late = await client.GetAsync("/open/broken-late");
        Assert.Null(late.Headers.ETag);
        await IsProblemAsync(late, 500, RequestCodes.InternalError);
        await IsProblemAsync(await client.GetAsync("/open/nowhere"), 404, RequestCodes.RouteUnknown);
        await IsProblemAsync(await client.DeleteAsync("/open/body"), 405, RequestCodes.MethodNotAllowed);
        await IsProblemAsync(await client.GetAsync("/open/number/x?more=1"), 400, RequestCodes.BodyUnreadable);
        await IsProblemAsync(await client.GetAsync("/open/number/1"), 400, RequestCodes.BodyUnreadable);
        using var noJson = new StringContent("{", Encoding.UTF8, "application/json");
        await IsProblemAsync(await client.PostAsync("/open/json", noJson), 400, RequestCodes.BodyUnreadable);
        using var noType = new StringContent("{}", Encoding.UTF8, "text/plain");
        await IsProblemAsync(await client.PostAsync("/open/json", noType), 415, RequestCodes.ContentTypeUnsupported);
        foreach (var (status, code) in ((int, string)[])[(401, RequestCodes.KeyMissing), (403, RequestCodes.RoleNotAllowed),
            (413, RequestCodes.BodyTooLarge), (429, RequestCodes.TooManyRequests), (500, RequestCodes.InternalError), (503, RequestCodes.ServiceAway)])
        {
            await IsProblemAsync(await client.GetAsync($"/open/status/{status}"), status, code);
        }

        // A body that says too much of itself, and a request that is none.
        Assert.Contains(" 413 ", await RawAsync(client, $"POST /open/body HTTP/1.1\r\nHost: x\r\nContent-Length: {SandanService.BodyBytesMax + 1}\r\n\r\n"), StringComparison.Ordinal);
        Assert.Contains(" 400 ", await RawAsync(client, "POST /open/body HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), StringComparison.Ordinal);
    }

    [ServersFact]
    public async Task A_caller_who_hangs_up_leaves_nothing_in_the_log()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        using var client = service.Client(rig);
        foreach (var request in (string[])["GET /open/wait HTTP/1.1\r\nHost: x\r\n\r\n",
            "POST /open/body HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc", "POST /open/body HTTP/1.1\r\nHost: x\r\nContent-Le"])
        {
            foreach (var abruptly in (bool[])[true, false])
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync("127.0.0.1", client.BaseAddress!.Port);
                await socket.SendAsync(Encoding.ASCII.GetBytes(request));
                await Task.Delay(50);
                socket.LingerState = new(abruptly, 0);
            }
        }

        using var aborted = new CancellationTokenSource();
        var waiting = client.GetAsync("/open/wait", aborted.Token);
        await Task.Delay(50);
        await aborted.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(HttpStatusCode.InternalServerError, (await client.GetAsync("/open/broken")).StatusCode);
        Assert.True(service.Logs.Lines.Count == 1, string.Join('\n', service.Logs.Lines));
        Assert.Contains("Unexpected while answering GET /open/broken", service.Logs.Lines.Single(), StringComparison.Ordinal);
    }

    [ServersFact]
    public async Task Metrics_show_what_happened_and_nobody_to_whom()
    {
        Telemetry.MetricsText.Start();
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        using var client = service.Client(rig, Roles.Operator);
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("/v1/decide/%E7%8E%8B13800138000", null)).StatusCode);
        await client.GetAsync("/open/13800138000");
        await client.GetAsync("/open/status/404?phone=13800138000");
        await Rig.UntilAsync(async () => await rig.CountAsync("effect") == 1);
        var text = await client.GetStringAsync("/metrics");
        Assert.Matches(@"(?m)^sandan_outbox_published_total \d+$", text);
        Assert.Matches(@"(?m)^sandan_inbox_items_total \d+$", text);
        Assert.Contains("/v1/decide/{orderNo}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("13800138000", text, StringComparison.Ordinal);
        Assert.DoesNotContain("王", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Password", text, StringComparison.OrdinalIgnoreCase);
    }

    [ServersFact]
    public async Task Only_who_is_vouched_for_gets_in()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        using var nobody = service.Client(rig);
        foreach (var path in (string[])["/v1/who", "/V1/who", "/internal/who", "/v1/nowhere", "/v1"])
        {
            await IsProblemAsync(await nobody.GetAsync(path), 401, RequestCodes.KeyMissing);
        }

        foreach (var path in (string[])["/health/live", "/health/ready", "/metrics"])
        {
            Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync(path)).StatusCode);
        }

        nobody.DefaultRequestHeaders.Add(Caller.Header, "e30.e30");
        await IsProblemAsync(await nobody.GetAsync("/v1/who"), 401, RequestCodes.KeyMissing);
        using var seller = service.Client(rig, Roles.Seller);
        Assert.Equal(Roles.Seller, (await seller.GetFromJsonAsync<Caller>("/v1/who"))!.Role);
        Assert.Equal("client-1", (await seller.GetFromJsonAsync<Caller>("/internal/who"))!.Client);
        await IsProblemAsync(await seller.GetAsync("/v1/officers"), 403, RequestCodes.RoleNotAllowed);
        await IsProblemAsync(await seller.GetAsync("/v1/nowhere"), 404, RequestCodes.RouteUnknown);
        using var officer = service.Client(rig, Roles.Customs);
        Assert.Equal("officers only", await officer.GetStringAsync("/v1/officers"));
    }

    [ServersFact]
    public async Task Readiness_follows_the_servers_and_a_database_that_is_away_is_503()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        using var client = service.Client(rig);
        await ReadyAsync(client, 200);

        rig.Postgres.Cut();
        await ReadyAsync(client, 503);
        var away = await client.GetAsync("/open/database");
        Assert.Equal(TimeSpan.FromSeconds(2), away.Headers.RetryAfter?.Delta);
        await IsProblemAsync(away, 503, RequestCodes.Busy);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);
        rig.Postgres.Heal();
        await ReadyAsync(client, 200);

        rig.Postgres.Stall();
        var asked = Stopwatch.GetTimestamp();
        await ReadyAsync(client, 503);
        Assert.True(Stopwatch.GetElapsedTime(asked) < TimeSpan.FromSeconds(10)); // a probe has no patience
        rig.Postgres.Heal();
        await ReadyAsync(client, 200);

        rig.RabbitMq.Cut();
        await ReadyAsync(client, 503);
        rig.RabbitMq.Heal();
        await ReadyAsync(client, 200);
    }

    [ServersFact]
    public async Task A_service_waits_for_servers_that_come_later()
    {
        await using var rig = await Rig.StartAsync(TestService.Name, migrated: false);
        rig.Postgres.Cut();
        rig.RabbitMq.Cut();
        await using var service = TestService.Build(rig);
        var start = service.App.StartAsync();
        await Task.Delay(500);
        rig.Postgres.Heal();
        await Rig.UntilAsync(async () =>
        {
            try
            {
                return await rig.ScalarAsync<bool>("SELECT to_regclass('effect') IS NOT NULL");
            }
            catch (Npgsql.PostgresException missing) when (missing.SqlState == "3D000")
            {
                return false;
            }
        });
        Assert.False(start.IsCompleted);
        rig.RabbitMq.Heal();
        await start.WaitAsync(TimeSpan.FromSeconds(60));
        using var client = service.Client(rig);
        await ReadyAsync(client, 200);
    }

    [ServersFact]
    public async Task A_trace_goes_over_http_outbox_broker_and_consumer()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Sandan" or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var inHandler = new TaskCompletionSource<ActivityTraceId?>();
        service.Handling.Handler = (_, _, _) =>
        {
            inHandler.TrySetResult(Activity.Current?.TraceId);
            return Task.CompletedTask;
        };
        var trace = ActivityTraceId.CreateRandom();
        using var client = service.Client(rig, Roles.Operator);
        client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync("/v1/decide/1", null)).StatusCode);
        Assert.Equal(trace, await inHandler.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        await Rig.UntilAsync(() => spans.Count(span => span.TraceId == trace) >= 3);
        var (request, publish, process) = (Span(ActivityKind.Server), Span(ActivityKind.Producer), Span(ActivityKind.Consumer));
        Assert.Equal(request.SpanId, publish.ParentSpanId);
        Assert.Equal(publish.SpanId, process.ParentSpanId);

        Activity Span(ActivityKind kind) => spans.Single(span => span.TraceId == trace && span.Kind == kind);
    }

    private static Task ReadyAsync(HttpClient client, int status) => Rig.UntilAsync(async () =>
    {
        using var answer = await client.GetAsync("/health/ready");
        return (int)answer.StatusCode == status;
    });

    private static async Task IsProblemAsync(HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("en", answer.Content.Headers.ContentLanguage.Single());
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((status, code), (problem.GetProperty("status").GetInt32(), problem.GetProperty("code").GetString()));
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
    }

    private static async Task<string> RawAsync(HttpClient client, string request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", client.BaseAddress!.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(request));
        var answer = new byte[4096];
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return Encoding.UTF8.GetString(answer, 0, await socket.ReceiveAsync(answer, deadline.Token));
    }
}
