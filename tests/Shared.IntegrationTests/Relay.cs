using Microsoft.Extensions.Logging.Abstractions;
using Sandan.Shared.Messaging;

namespace Sandan.Shared.IntegrationTests;

/// <summary>A relay that runs until it is disposed of, and must not have ended before.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly OutboxRelay relay;

    private Relay(OutboxRelay relay) => this.relay = relay;

    public required OutboxSignal Signal { get; init; }

    /// <param name="heartbeat">Where the test waits for a silent broker to be left; else as in service, for a busy machine is no fault.</param>
    /// <param name="lease">Likewise, where the test pauses it.</param>
    public static async Task<Relay> StartAsync(
        SandanSettings settings, string service = "tax", TimeSpan? heartbeat = null, TimeSpan? lease = null)
    {
        var signal = new OutboxSignal();
        var running = new Relay(new(settings, service, signal, TimeProvider.System, NullLogger<OutboxRelay>.Instance)
        {
            RetryInterval = TimeSpan.FromMilliseconds(50), Heartbeat = heartbeat ?? TimeSpan.FromSeconds(10),
            Lease = lease ?? TimeSpan.FromSeconds(30),
        })
        {
            Signal = signal,
        };
        await running.relay.StartAsync(default);
        return running;
    }

    public async ValueTask DisposeAsync()
    {
        Assert.False(relay.ExecuteTask!.IsCompleted, $"the relay died: {relay.ExecuteTask.Exception}");
        await relay.StopAsync(default);
        Assert.True(relay.ExecuteTask.IsCompletedSuccessfully);
        relay.Dispose();
    }
}
