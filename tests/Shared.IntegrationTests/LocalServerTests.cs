using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Shared.IntegrationTests;

/// <summary>A server in this process hands its requests to a service of this process.</summary>
public sealed class LocalServerTests
{
    private const int BodyMax = 1_000_000;

    [ServersFact]
    public async Task A_request_is_answered_by_the_service_on_the_callers_connection()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        await using var front = await FrontAsync(service);
        using var client = new HttpClient { BaseAddress = new(front.Urls.Single()) };

        using var connection = await client.GetAsync("/open/connection");
        Assert.Equal(connection.Headers.GetValues("X-Connection").Single(), await connection.Content.ReadAsStringAsync());
        using var body = await client.PostAsync("/open/body", new StringContent(new string('x', BodyMax)));
        Assert.Equal("1000000", await body.Content.ReadAsStringAsync());
        Assert.Equal("3", await client.GetStringAsync("/open/number/1?more=2"));
        using var broken = await client.GetAsync("/open/broken");
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.Contains(RequestCodes.InternalError, await broken.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var endless = new HttpRequestMessage(HttpMethod.Post, "/open/body") { Content = new StringContent(new string('x', BodyMax + 1)) };
        endless.Headers.TransferEncodingChunked = true; // does not say how long it is
        using var tooLong = await client.SendAsync(endless);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        Assert.Contains($"<= {BodyMax}", await tooLong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var unknown = await client.GetAsync("/v1/who");
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode); // nobody vouched for it
    }

    [ServersFact]
    public async Task A_service_that_stops_answers_what_it_was_handed_and_takes_no_more()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        await using var front = await FrontAsync(service);
        using var client = new HttpClient { BaseAddress = new(front.Urls.Single()) };
        var address = new Uri(service.App.Urls.Single()).ToString();
        var server = LocalServer.At(address)!;

        var answer = client.GetStringAsync("/open/until");
        await service.Handling.Waits.Task;
        var stopping = service.App.StopAsync();
        await Rig.UntilAsync(() => Task.FromResult(LocalServer.At(address) is null));
        Assert.False(await server.TryAnswerAsync(new DefaultHttpContext()));
        Assert.False(stopping.IsCompleted);
        service.Handling.Until.SetResult();
        await stopping;

        Assert.Equal("answered", await answer);
    }

    private static async Task<WebApplication> FrontAsync(TestService service)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var front = builder.Build();
        var address = new Uri(service.App.Urls.Single()).ToString();
        front.Run(async context =>
        {
            context.Response.Headers["X-Connection"] = context.Connection.Id;
            context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = BodyMax;
            Assert.True(await LocalServer.At(address)!.TryAnswerAsync(context));
        });
        await front.StartAsync();
        return front;
    }
}
