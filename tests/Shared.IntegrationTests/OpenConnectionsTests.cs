using System.Net.Sockets;

namespace Sandan.Shared.IntegrationTests;

/// <summary>A service that ends breaks no request: its callers close their connections, not it.</summary>
public sealed class OpenConnectionsTests
{
    [ServersFact]
    public async Task A_service_that_stops_takes_no_connection_and_answers_on_the_open_ones_until_they_are_left()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        var address = new Uri(service.App.Urls.Single());
        using var client = service.Client(rig);
        var connection = await client.GetStringAsync("/open/connection");
        using var before = await client.GetAsync("/health/live");
        Assert.NotEqual(true, before.Headers.ConnectionClose);

        var stopping = service.App.StopAsync();
        await Rig.UntilAsync(async () => !await ConnectsAsync(address));
        using var body = await client.PostAsync("/open/body", new StringContent("12345"));
        Assert.Equal("5", await body.Content.ReadAsStringAsync());
        Assert.True(body.Headers.ConnectionClose);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/open/connection")); // nobody is left to ask
        await stopping;
        Assert.NotEqual("", connection);
    }

    [ServersFact]
    public async Task A_request_that_is_under_way_is_answered_and_an_idle_caller_holds_nothing_up_for_long()
    {
        await using var rig = await Rig.StartAsync(TestService.Name);
        await using var service = await TestService.StartAsync(rig);
        using var idle = new TcpClient();
        await idle.ConnectAsync("127.0.0.1", new Uri(service.App.Urls.Single()).Port); // and says nothing
        using var client = service.Client(rig);
        var answer = client.GetStringAsync("/open/until");
        await service.Handling.Waits.Task;
        var stopping = service.App.StopAsync();
        await Task.Delay(200);
        Assert.False(stopping.IsCompleted);
        service.Handling.Until.SetResult();

        Assert.Equal("answered", await answer);
        await stopping.WaitAsync(TimeSpan.FromSeconds(25)); // of the 30 s that a host has
        Assert.Equal(0, await idle.GetStream().ReadAsync(new byte[1]));
    }

    private static async Task<bool> ConnectsAsync(Uri address)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
