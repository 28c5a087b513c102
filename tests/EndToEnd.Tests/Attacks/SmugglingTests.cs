using System.Net;
using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests.Attacks;

/// <summary>
/// Requests that a proxy and the server behind it may read differently, headers that only the gateway may write, paths
/// that lead inside, and values that would end a header.
/// </summary>
[Collection("under attack")]
public sealed class SmugglingTests(UnderAttack system)
{
    private const string Inside = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    private const StringComparison Ordinal = StringComparison.Ordinal;

    /// <summary>Sent behind the request line of a POST with a good key, each alone on its connection; statuses that may come, in order.</summary>
    /// <remarks>
    /// Behind most stands another request. It may be answered only where all would agree that the first one ended before it.
    /// </remarks>
    private static readonly Dictionary<string, (string Request, int[] Answers)> Framings = new()
    {
        ["two lengths"] = ("Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}" + Inside, [400]),
        ["two lengths in one"] = ("Content-Length: 2, 40\r\n\r\n{}" + Inside, [400]),
        ["a length with a sign"] = ("Content-Length: +2\r\n\r\n{}" + Inside, [422, 200]), // read as 2, and sent on as 2
        ["a negative length"] = ("Content-Length: -1\r\n\r\n{}" + Inside, [400]),
        ["a length in hexadecimal"] = ("Content-Length: 0x2\r\n\r\n{}" + Inside, [400]),
        ["a length beyond 64 bits"] = ("Content-Length: 18446744073709551618\r\n\r\n{}" + Inside, [400]),
        ["a length and chunks"] = ("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Inside, [422]), // the chunks count, and the connection ends
        ["chunks and a length"] = ("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n" + Inside, [400]),
        ["a coding that is none"] = ("Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["identity"] = ("Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["chunked twice"] = ("Transfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Inside, [422, 200]), // read as once, and sent on as once
        ["chunked, then another"] = ("Transfer-Encoding: chunked, identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Inside, [400]),
        ["a blank before the colon"] = ("Transfer-Encoding : chunked\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["a control character in the coding"] = ("Transfer-Encoding: \u000bchunked\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["a folded header"] = ("X-A: b\r\n Content-Length: 40\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["a folded first header"] = (" X-A: b\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["a header without a colon"] = ("X-A\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["a header without a name"] = (": b\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["NUL in a header"] = ("X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["a lone CR in a header"] = ("X-A: a\rContent-Length: 40\r\nContent-Length: 2\r\n\r\n{}" + Inside, [400]),
        ["a chunk size with a sign"] = ("Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n" + Inside, [400]),
        ["a chunk size with 0x"] = ("Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n" + Inside, [400]),
        ["a chunk size beyond 64 bits"] = ("Transfer-Encoding: chunked\r\n\r\n10000000000000002\r\n{}\r\n0\r\n\r\n" + Inside, [400]),
        ["a chunk that is longer than its size"] = ("Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n" + Inside, [400]),
        ["a chunk size that ends in LF"] = ("Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n" + Inside, [400]),
        ["a chunk extension that ends in LF"] = ("Transfer-Encoding: chunked\r\n\r\n2;a\n{}\r\n0\r\n\r\n" + Inside, [400]),
        ["a chunk extension that hides a chunk"] = ("Transfer-Encoding: chunked\r\n\r\n2;\n" + "xx\r\n2d\r\n0\r\n\r\n" + Inside + "0\r\n\r\n", [400]),
        ["a chunk extension"] = ("Transfer-Encoding: chunked\r\n\r\n2;a=\"b\"\r\n{}\r\n0\r\n\r\n", [422]),
        ["an old version with chunks"] = ("Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + Inside, [422]),
    };

    /// <summary>Paths that lead inside where somebody decodes, joins or normalises once too often; {id} is a key's.</summary>
    private static readonly string[] Paths =
    [
        "/internal/keys/{id}", "//internal/keys/{id}", "/./internal/keys/{id}", "/v1/../internal/keys/{id}", "/v1/%2e%2e/internal/keys/{id}",
        "/%69nternal/keys/{id}", "/INTERNAL/keys/{id}", "/internal%2fkeys%2f{id}", "/v1/companies/../../internal/keys/{id}",
        "/v1/companies/%2e%2e/%2e%2e/internal/keys/{id}", "/v1/companies/..%2f..%2finternal%2fkeys%2f{id}",
        "/v1/companies/..%2F..%2Finternal/keys/{id}", "/v1/companies/%252e%252e/%252e%252e/internal/keys/{id}",
        "/v1/companies/..%252f..%252finternal%252fkeys%252f{id}", "/v1/companies/..%5c..%5cinternal%5ckeys%5c{id}",
        "/v1/companies/..\\..\\internal\\keys\\{id}", "/v1/companies/..;/..;/internal/keys/{id}", "/v1/companies//../../../internal/keys/{id}",
        "/v1/goods/x/..%2f..%2f..%2finternal%2fkeys%2f{id}", "/v1/goods/%2e%2e%2f/%2e%2e%2finternal%2fkeys%2f{id}", "/v1/companies/%u002e%u002e/internal/keys/{id}",
        "/v1/companies/%c0%ae%c0%ae/%c0%ae%c0%ae/internal/keys/{id}", "/v1/companies/%ff/internal/keys/{id}", "/v1/companies/x?/../../internal/keys/{id}",
        "/v1/companies/x#/../../internal/keys/{id}", "/v1/consignments/../../internal/keys/{id}", "/v1/taxes/%2e%2e%2f%2e%2e%2finternal/keys/{id}",
        "/v1/companies/../../metrics", "/v1/companies/..%2f..%2fmetrics", "/v1/consignments/..%2f..%2fhealth%2fready",
        "http://127.0.0.1:{registry}/internal/keys/{id}", "http://x/internal/keys/{id}", "http://x@127.0.0.1:{registry}/internal/keys/{id}",
    ];

    public static TheoryData<string> FramingNames => [.. Framings.Keys];

    [Theory]
    [MemberData(nameof(FramingNames))]
    public async Task A_request_whose_end_is_in_doubt_hides_no_other(string framing)
    {
        foreach (var door in system.Doors)
        {
            var (request, answers) = Framings[framing];
            var version = framing.StartsWith("an old version", Ordinal) ? "1.0" : "1.1";
            using var connection = await RawConnection.OpenAsync(door.Address);
            await connection.WriteAsync(
                $"POST /v1/orders HTTP/{version}\r\nHost: x\r\nAuthorization: Bearer {system.Keys["platform"]}\r\n{request}");
            var got = await connection.ReadAllAsync();
            Assert.Equal(answers, got.Select(answer => answer.Status));
        }

        system.AssertNothingUnexpected();
    }

    [Theory]
    [InlineData("X-Sandan-Caller: {forged}")]
    [InlineData("x-sANDAN-cALLER: {forged}")]
    [InlineData("X-Sandan-Caller: {forged}\r\nX-Sandan-Caller: {forged}")]
    [InlineData("X_Sandan_Caller: {forged}")]
    [InlineData("X-Sandan_Caller: {forged}")]
    [InlineData("Connection: X-Sandan-Caller")]
    [InlineData("Connection: close, X-Sandan-Caller\r\nX-Sandan-Caller: {forged}")]
    [InlineData("Connection: Authorization")]
    [InlineData("Connection: Host, Content-Length, traceparent, Transfer-Encoding")]
    [InlineData("Keep-Alive: X-Sandan-Caller\r\nProxy-Connection: X-Sandan-Caller")]
    [InlineData("TE: trailers\r\nTrailer: X-Sandan-Caller")]
    [InlineData("X-Forwarded-Host: evil\r\nX-Forwarded-For: 127.0.0.1\r\nForwarded: for=127.0.0.1;host=evil")]
    [InlineData("X-Original-URL: /internal/keys/{id}\r\nX-Rewrite-URL: /internal/keys/{id}")]
    [InlineData("X-HTTP-Method-Override: DELETE\r\nX-HTTP-Method: DELETE")]
    [InlineData("Proxy-Authorization: Bearer {operator}")]
    [InlineData("Cookie: Authorization=Bearer {operator}")]
    [InlineData("Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA")]
    [InlineData("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13")]
    [InlineData("Expect: 100-continue")]
    public async Task No_header_makes_a_caller_another_or_takes_from_him_who_he_is(string headers)
    {
        foreach (var door in system.Doors)
        {
            var answer = await AskAsync(door, $"GET /v1/companies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {system.Keys["platform"]}\r\n{Filled(headers)}\r\n\r\n");
            Assert.Equal(200, answer.Status);
            var seen = Assert.Single(JsonNode.Parse(answer.Body)!["data"]!.AsArray())!;
            Assert.Equal(system.Attacker, seen["code"]!.ToString()); // the operator would see all companies

            var without = await AskAsync(door, $"GET /v1/companies HTTP/1.1\r\nHost: x\r\n{Filled(headers)}\r\n\r\n");
            Assert.Equal(401, without.Status);
        }
    }

    [Fact]
    public async Task A_trailer_is_no_header()
    {
        foreach (var door in system.Doors)
        {
            var answer = await AskAsync(
                door,
                $"POST /v1/companies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {system.Keys["platform"]}\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\nTrailer: X-Sandan-Caller, Authorization\r\n\r\n2\r\n{}\r\n0\r\n"
                + Filled("X-Sandan-Caller: {forged}\r\nAuthorization: Bearer {operator}\r\n\r\n"));
            Assert.Equal(403, answer.Status);
        }
    }

    [Fact]
    public async Task No_path_leads_inside_not_even_for_the_operator()
    {
        var id = system.Keys["platform"].Split('_')[2];
        foreach (var door in system.Doors)
        {
            foreach (var path in Paths)
            {
                var target = path.Replace("{id}", id, Ordinal).Replace("{registry}", $"{system.Installation.GatewayPort + 1}", Ordinal);
                foreach (var method in (string[])["GET", "POST"])
                {
                    var answer = await AskAsync(
                        door, $"{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {system.Keys["operator"]}\r\nContent-Length: 0\r\n\r\n");
                    Assert.True(answer.Status is < 500 and not 204, $"{door.Name}, {target}: {answer}");
                    Assert.DoesNotContain("\"hash\"", answer.Body, Ordinal);
                    Assert.DoesNotContain("\"database\"", answer.Body, Ordinal);
                    if (!target.EndsWith("../../metrics", Ordinal)) // that one is the gateway's own, open to this machine
                    {
                        Assert.DoesNotContain("# TYPE", answer.Body, Ordinal);
                    }
                }
            }
        }

        system.AssertNothingUnexpected();
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a/../b\r\n\r\n", 400)]
    [InlineData("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\nHost: x\r\n\r\n", 505)]
    [InlineData("GET /\r\n\r\n", 400)]
    [InlineData("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0)]
    [InlineData("CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n", 401)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 401)]
    [InlineData("TRACE / HTTP/1.1\r\nHost: x\r\nX-Secret: 1\r\n\r\n", 401)]
    [InlineData("get /v1/events HTTP/1.1\r\nHost: x\r\n\r\n", 401)]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET /v1/codes/%zz HTTP/1.1\r\nHost: x\r\n\r\n", 404)]
    [InlineData("GET /v1/x\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("{long line}", 414)]
    [InlineData("{many headers}", 431)]
    [InlineData("{long header}", 431)]
    [InlineData("{long method}", 401)]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", 400)]
    public async Task A_request_that_is_none_is_refused(string request, int status)
    {
        request = request switch
        {
            "{long line}" => $"GET /v1/codes?x={new string('x', 5_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
            "{many headers}" => $"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 100).Select(at => $"X-{at}: 1\r\n"))}\r\n",
            "{long header}" => $"GET / HTTP/1.1\r\nHost: x\r\nX-A: {new string('x', 20_000)}\r\n\r\n",
            "{long method}" => $"{new string('G', 3_000)} / HTTP/1.1\r\nHost: x\r\n\r\n",
            _ => request,
        };
        foreach (var door in system.Doors)
        {
            using var connection = await RawConnection.OpenAsync(door.Address);
            await connection.WriteAsync(request);
            var answers = await connection.ReadAllAsync();
            Assert.Equal(status == 0 ? [] : [status], answers.Select(answer => answer.Status));
            Assert.All(answers, answer => Assert.DoesNotContain("X-Secret", answer.Body, Ordinal)); // as TRACE would
        }
    }

    [Fact]
    public async Task What_follows_a_refused_body_is_not_taken_for_a_request_and_good_ones_are_answered_in_order()
    {
        foreach (var door in system.Doors)
        {
            using (var refused = await RawConnection.OpenAsync(door.Address))
            {
                await refused.WriteAsync(
                    $"POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {system.Keys["platform"]}\r\nContent-Length: 999999999\r\n\r\n{Inside}");
                Assert.Equal(413, Assert.Single(await refused.ReadAllAsync()).Status);
            }

            using var good = await RawConnection.OpenAsync(door.Address);
            await good.WriteAsync(Inside + "GET /v1/nothing HTTP/1.1\r\nHost: x\r\n\r\n" + Inside);
            Assert.Equal([200, 404, 200], (await good.ReadAllAsync()).Select(answer => answer.Status));
        }
    }

    [Theory]
    [InlineData("GET", "/v1/codes/%0d%0aX-Evil:%201?lang=%0d%0aX-Evil:%201", "")]
    [InlineData("GET", "/v1/goods/x/%0d%0aX-Evil:%201?after=%0d%0aX-Evil:%201", "")]
    [InlineData("GET", "/v1/events?types=%0d%0aX-Evil:1&after=%0d%0aX-Evil:%201", "Prefer: wait=0\tX-Evil: 1")]
    [InlineData("GET", "/v1/events", "Prefer: wait=\"0\", wait=1;X-Evil")]
    [InlineData("GET", "/v1/consignments", "traceparent: 00-%0d%0aX-Evil: 1-00-01\r\ntracestate: %0d%0aX-Evil: 1")]
    [InlineData("GET", "/v1/consignments", "Request-Id: |%0d%0aX-Evil: 1.\r\nCorrelation-Context: X-Evil=1\r\nbaggage: X-Evil=%0d%0aX-Evil")]
    [InlineData("GET", "/v1/consignments", "Accept-Language: %0d%0aX-Evil: 1, zh;q=x")]
    [InlineData("POST", "/v1/orders", "Idempotency-Key: a%0d%0aX-Evil: 1")]
    [InlineData("POST", "/v1/orders", "Content-Type: application/json; charset=%0d%0aX-Evil: 1")]
    [InlineData("POST", "/v1/orders", "Origin: http://%0d%0aX-Evil: 1")]
    [InlineData("POST", "/v1/ceb/%0d%0aX-Evil:%201", "")]
    public async Task No_value_ends_a_header_of_the_answer(string method, string target, string headers)
    {
        foreach (var door in system.Doors)
        {
            using var connection = await RawConnection.OpenAsync(door.Address);
            var line = headers.Length == 0 ? "" : headers + "\r\n";
            await connection.WriteAsync(
                $"{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {system.Keys["platform"]}\r\n{line}Content-Length: 0\r\n\r\n");
            var answer = (await connection.ReadAsync())!;
            Assert.True(answer.Status < 500, answer.ToString());
            Assert.DoesNotContain("X-Evil", answer.Head, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("^[0-9a-f]{32}$", answer.Header("X-Trace-Id") ?? "none");
            await connection.WriteAsync(Inside);
            Assert.Equal(200, (await connection.ReadAsync())!.Status); // the connection is as it was
        }
    }

    [Theory]
    [InlineData("User-Agent: caf\u00c3\u00a9")]
    [InlineData("X-Whatever: \u00e4\u00b8\u00ad")]
    [InlineData("Accept-Language: \u00e4\u00b8\u00ad")]
    [InlineData("Last-Event-ID: \u00e4\u00b8\u00ad")]
    [InlineData("traceparent: \u00e4\u00b8\u00ad")]
    [InlineData("X-Whatever: \u00ff\u00fe")]
    public async Task A_header_that_is_not_ascii_is_no_fault_of_a_service(string header)
    {
        foreach (var door in system.Doors)
        {
            var answer = await AskAsync(
                door, $"GET /v1/companies HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {system.Keys["platform"]}\r\n{header}\r\n\r\n");
            Assert.True(answer.Status is 200 or 400, $"{door.Name}: {answer}");
        }
    }

    [Fact]
    public async Task A_strange_header_of_one_caller_takes_tax_and_clearance_from_nobody()
    {
        var client = system.Doors[0].Client;
        var number = Documents.NewNumber();
        await client.PostAsync("platform", "/v1/orders", Documents.Order(number));
        await client.PostAsync("payment", "/v1/payments", Documents.Payment(number));
        await client.PostAsync("logistics", "/v1/waybills", Documents.Waybill(number));
        await client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, "released");
        var path = $"/v1/consignments/{client.Company("platform")}/{number}";
        foreach (var door in system.Doors)
        {
            for (var count = 0; count < 150; count++)
            {
                var strange = await door.SendAsync("GET", client.Key("platform"), path, null, ("Accept-Language", "中文"));
                Assert.Equal(HttpStatusCode.OK, strange.Status);
            }

            var answer = await door.Client.GetAsync("platform", path);
            Assert.Empty(answer.Json["unavailable"]!.AsArray());
            Assert.NotNull(answer.Json["tax"]);
        }
    }

    private static async Task<RawAnswer> AskAsync(Door door, string request)
    {
        using var connection = await RawConnection.OpenAsync(door.Address);
        await connection.WriteAsync(request);
        var answer = await connection.ReadAsync();
        return answer is { Status: 100 } ? (await connection.ReadAsync())! : answer ?? new(0, "", "no answer");
    }

    /// <summary>What a forger can write without the identity key: the operator's claims under a signature of zeros.</summary>
    private string Filled(string headers)
    {
        var claims = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(
            """{"Client":"evil","Company":"","Role":"operator","Until":99999999999}"""));
        return headers.Replace("{forged}", $"{claims}.{new string('A', 43)}", Ordinal)
            .Replace("{operator}", "sdn_test_000000000000_" + new string('0', 43), Ordinal)
            .Replace("{id}", system.Keys["platform"].Split('_')[2], Ordinal);
    }
}
