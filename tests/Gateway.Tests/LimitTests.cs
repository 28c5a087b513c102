using System.Net;
using System.Net.Sockets;
using System.Text;
using Sandan.Contracts.Codes;

namespace Sandan.Gateway.Tests;

public sealed class LimitTests
{
    [Fact]
    public async Task A_company_above_its_rate_gets_429_and_when_to_come_back_and_others_do_not()
    {
        await using var rig = await GatewayRig.StartAsync("RequestsPerSecond=1", "RequestsBurst=3");
        using var other = rig.ClientOf(rig.AddKey("3302960002", "seller").Reveal());
        for (var time = 0; time < 3; time++)
        {
            using var fine = await rig.Client.GetAsync("/v1/consignments");
            Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
        }

        // Until it is enough: on a slow machine the allowance grows again between two requests.
        var tooMany = await rig.Client.GetAsync("/v1/consignments");
        for (var time = 0; time < 200 && tooMany.IsSuccessStatusCode; time++)
        {
            tooMany.Dispose();
            tooMany = await rig.Client.GetAsync("/v1/consignments");
        }

        using var neighbour = await other.GetAsync("/v1/consignments");

        await Answers.ProblemAsync(tooMany, HttpStatusCode.TooManyRequests, RequestCodes.TooManyRequests);
        Assert.True(tooMany.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, neighbour.StatusCode);
        tooMany.Dispose();
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_passes()
    {
        await using var rig = await GatewayRig.StartAsync("BodyBytesMax=1024");
        using var answer = await rig.Client.PostAsync("/v1/orders", new ByteArrayContent(new byte[1024]));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_says_that_it_is_too_long_is_refused_before_a_byte_of_it_is_sent()
    {
        await using var rig = await GatewayRig.StartAsync("BodyBytesMax=1024");
        using var socket = new TcpClient();
        await socket.ConnectAsync(rig.Address.Host, rig.Address.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/orders HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {rig.Platform.Reveal()}\r\nContent-Length: 1025\r\n\r\n"));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(patience.Token);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains(RequestCodes.BodyTooLarge, answer, StringComparison.Ordinal);
        Assert.Empty(rig.StandIns["order"].Requests);
    }

    [Fact]
    public async Task A_sender_that_does_not_listen_while_it_sends_gets_the_refusal_all_the_same()
    {
        await using var rig = await GatewayRig.StartAsync("BodyBytesMax=1024");
        using var answer = await rig.Client.PostAsync("/v1/orders", new ByteArrayContent(new byte[8 << 20]));

        await Answers.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, RequestCodes.BodyTooLarge);
        Assert.Empty(rig.StandIns["order"].Requests);
    }

    [Fact]
    public async Task A_body_without_a_length_is_cut_off_at_the_limit()
    {
        await using var rig = await GatewayRig.StartAsync("BodyBytesMax=1024");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/orders") { Content = new ByteArrayContent(new byte[5000]) };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await rig.Client.SendAsync(request);

        await Answers.ProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, RequestCodes.BodyTooLarge);
    }

    [Fact]
    public async Task A_long_body_passes_unchanged()
    {
        await using var rig = await GatewayRig.StartAsync();
        var body = string.Concat(Enumerable.Repeat("三单", 300_000));
        using var answer = await rig.Client.PostAsync("/v1/orders", new StringContent(body));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(body, rig.StandIns["order"].Requests.Single().Body);
    }

    [Fact]
    public async Task A_request_line_or_header_beyond_the_limit_is_refused()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var longLine = await rig.Client.GetAsync("/v1/consignments?x=" + new string('x', 5000));
        rig.Client.DefaultRequestHeaders.Add("X-Long", new string('x', 20_000));
        using var longHeader = await rig.Client.GetAsync("/v1/consignments");

        Assert.Equal(HttpStatusCode.RequestUriTooLong, longLine.StatusCode);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, longHeader.StatusCode);
    }
}
