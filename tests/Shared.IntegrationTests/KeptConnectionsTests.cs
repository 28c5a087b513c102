using System.Net;
using Sandan.Shared.Http;

namespace Sandan.Shared.IntegrationTests;

/// <summary>A service that ends breaks no request: it does not close what it keeps for its callers.</summary>
public sealed class KeptConnectionsTests
{
    [ServersFact]
    public async Task A_service_that_stops_keeps_no_new_connection_and_answers_on_the_kept_ones_until_they_are_closed()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        using var client = service.Client(rig);
        using var other = service.Client(rig);
        Assert.Equal(HttpStatusCode.NoContent, (await client.GetAsync(KeptConnections.Path)).StatusCode);
        var connection = await client.GetStringAsync("/open/connection");

        var stopping = service.App.StopAsync();
        await Rig.UntilAsync(async () => (await other.GetAsync(KeptConnections.Path)).StatusCode == HttpStatusCode.ServiceUnavailable);
        using var last = await client.GetAsync("/open/connection");
        Assert.Equal(connection, await last.Content.ReadAsStringAsync());
        Assert.True(last.Headers.ConnectionClose);
        await stopping;
    }

    [ServersFact]
    public async Task A_request_that_is_under_way_is_answered_and_a_caller_who_keeps_no_promise_holds_nothing_up_for_long()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        using var idle = service.Client(rig); // keeps its connection for a minute
        Assert.Equal(HttpStatusCode.NoContent, (await idle.GetAsync(KeptConnections.Path)).StatusCode);
        using var client = service.Client(rig);
        var answer = client.GetStringAsync("/open/until");
        await service.Handling.Waits.Task;
        var stopping = service.App.StopAsync();
        await Task.Delay(200);
        Assert.False(stopping.IsCompleted);
        service.Handling.Until.SetResult();

        Assert.Equal("answered", await answer);
        await stopping.WaitAsync(TimeSpan.FromSeconds(28)); // of the 30 s that a host has
        await Assert.ThrowsAsync<HttpRequestException>(() => idle.GetAsync("/health/live"));
    }
}
