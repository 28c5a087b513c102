using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Sandan.Contracts.Ceb;
using Sandan.Shared.Security;

namespace Sandan.Gateway.Tests;

/// <summary><c>POST /v1/ceb</c> finds out what came; receipts are found wherever they lie.</summary>
public sealed class AnyMessageTests
{
    private static readonly XNamespace Ceb = CebMessage.Namespace;

    [Theory]
    [InlineData("CEB311", "order")]
    [InlineData("CEB411", "payment")]
    [InlineData("CEB511", "waybill")]
    [InlineData("CEB513", "waybill")]
    [InlineData("CEB621", "customs")]
    [InlineData("CEB623", "customs")]
    [InlineData("CEB303", "order")]
    [InlineData("CEB403", "payment")]
    [InlineData("CEB505", "waybill")]
    [InlineData("CEB603", "customs")]
    [InlineData("CEB507", "customs")]
    [InlineData("CEB509", "customs")]
    [InlineData("CEB605", "customs")]
    [InlineData("CEB607", "customs")]
    [InlineData("CEB625", "customs")]
    [InlineData("CEB213", "customs")]
    [InlineData("CEB215", "customs")]
    [InlineData("CEB701", "customs")]
    [InlineData("CEB711", "customs")]
    public async Task A_message_goes_to_its_service_as_it_came(string type, string service)
    {
        await using var rig = await GatewayRig.StartAsync();
        foreach (var body in (byte[][])[Message(type), Envelope(Message(type)), Envelope(Message(type, length: 300_000))])
        {
            using var answer = await rig.Client.PostAsync("/v1/ceb", new ByteArrayContent(body));

            Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
            var received = rig.StandIns[service].Requests.Last();
            Assert.Equal(($"/v1/ceb/{type}", Encoding.UTF8.GetString(body)), (received.Path, received.Body));
        }
    }

    [Fact]
    public async Task A_message_that_comes_in_small_pieces_is_found_out_too()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var answer = await rig.Client.PostAsync("/v1/ceb", new Dripping(Envelope(Message("CEB411"))));

        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Equal(Encoding.UTF8.GetString(Envelope(Message("CEB411"))), rig.StandIns["payment"].Requests.Last().Body);
    }

    [Theory]
    [InlineData("", "S1040")]
    [InlineData("{}", "S1040")]
    [InlineData("<CEB999Message/>", "S1041")]
    [InlineData("<DxpMsg/>", "S1052")]
    public async Task What_is_no_message_is_answered_with_a_CEB900(string body, string code)
    {
        await using var rig = await GatewayRig.StartAsync();
        using var answer = await rig.Client.PostAsync("/v1/ceb", new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var root = XDocument.Parse(await answer.Content.ReadAsStringAsync()).Root!;
        Assert.Equal("CEB900Message", root.Name.LocalName);
        Assert.StartsWith($"[{code}]", root.Descendants(Ceb + "returnInfo").Single().Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slash_at_the_end_does_not_matter_and_a_root_that_comes_too_late_is_said_to()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var slash = await rig.Client.PostAsync("/v1/ceb/", new ByteArrayContent(Message("CEB411")));
        Assert.Equal("ok", await slash.Content.ReadAsStringAsync());

        var xml = Encoding.UTF8.GetString(Message("CEB411")).Replace("?>", $"?><!--{new string('x', MessageRoot.BytesEnough)}-->", StringComparison.Ordinal);
        using var late = await rig.Client.PostAsync("/v1/ceb", new StringContent(xml));
        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        Assert.Equal("CEB900Message", XDocument.Parse(await late.Content.ReadAsStringAsync()).Root!.Name.LocalName);
    }

    [Fact]
    public async Task A_message_that_only_customs_send_is_not_taken()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var answer = await rig.Client.PostAsync("/v1/ceb", new ByteArrayContent(Message("CEB312")));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("CEB213, CEB215, CEB303, CEB311, CEB403, CEB411, CEB505, CEB507, CEB509, CEB511, CEB513, CEB603, CEB605, CEB607, CEB621, CEB623, CEB625, CEB701, CEB711", (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]![0]!["expected"]!);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_taken()
    {
        await using var rig = await GatewayRig.StartAsync();
        using var nobody = rig.ClientOf(null);
        using var answer = await nobody.PostAsync("/v1/ceb", new ByteArrayContent(Message("CEB311")));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(rig.StandIns["order"].Requests);
    }

    [Theory]
    [InlineData("payment", 404, HttpStatusCode.OK)]
    [InlineData("customs", 404, HttpStatusCode.OK)]
    [InlineData(null, 404, HttpStatusCode.NotFound)]
    [InlineData(null, 500, HttpStatusCode.ServiceUnavailable)]
    public async Task Receipts_are_answered_by_whoever_has_the_document(string? owner, int others, HttpStatusCode expected)
    {
        await using var rig = await GatewayRig.StartAsync();
        foreach (var service in (string[])["order", "payment", "waybill", "customs"])
        {
            rig.StandIns[service].Answer = context =>
            {
                context.Response.StatusCode = service == owner ? 200 : others;
                context.Response.ContentType = "application/xml; charset=utf-8";
                return context.Response.WriteAsync($"<receipts of=\"{service}\"/>");
            };
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/documents/{Guid.Empty}/receipts");
        request.Headers.Accept.ParseAdd("application/xml");
        using var answer = await rig.Client.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
        if (owner is not null)
        {
            Assert.Equal($"<receipts of=\"{owner}\"/>", await answer.Content.ReadAsStringAsync());
            Assert.Equal("application/xml", answer.Content.Headers.ContentType!.MediaType);
            var received = rig.StandIns[owner].Requests.Single();
            Assert.Equal("application/xml", received.Headers["Accept"]);
            Assert.Equal(
                new Caller(rig.Platform.Id, "3302960001", Roles.Platform), Caller.Read(received.Headers[Caller.Header], rig.Ring, TimeProvider.System.GetUtcNow()));
        }
    }

    [Fact]
    public async Task A_service_that_is_away_is_not_taken_for_one_that_has_nothing()
    {
        await using var rig = await GatewayRig.StartAsync();
        foreach (var service in (string[])["order", "payment", "customs"])
        {
            rig.StandIns[service].Answer = context =>
            {
                context.Response.StatusCode = 404;
                return Task.CompletedTask;
            };
        }

        await rig.StandIns["waybill"].StopAsync();
        using var answer = await rig.Client.GetAsync($"/v1/documents/{Guid.Empty}/receipts");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    private static byte[] Message(string type, int length = 10) => Encoding.UTF8.GetBytes(
        $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ceb:{type}Message xmlns:ceb=\"{CebMessage.Namespace}\" guid=\"1\" version=\"1.0\">{new string(' ', length)}</ceb:{type}Message>");

    private static byte[] Envelope(byte[] message)
    {
        var output = new ArrayBufferWriter<byte>();
        new DxpEnvelope("1", "DXPENT0000012345", [DxpEnvelope.ImportReceiver], "2026-11-20T10:00:00+08:00", "", message).Write(output);
        return output.WrittenSpan.ToArray();
    }

    private sealed class Dripping(byte[] body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var part in body.Chunk(97))
            {
                await stream.WriteAsync(part);
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
