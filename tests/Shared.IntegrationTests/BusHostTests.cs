using System.Diagnostics;
using System.Reflection;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sandan.Shared.Messaging;

namespace Sandan.Shared.IntegrationTests;

/// <summary>
/// A bus that is lost stands in: it says that it is not well, and never ends, as one does in which RabbitMQ.Client waits for
/// itself. The broker is the real one.
/// </summary>
public sealed class BusHostTests
{
    [ServersFact]
    public async Task A_bus_that_does_not_come_back_is_replaced_though_it_never_ends()
    {
        await using var rig = await Rig.StartAsync();
        var made = 0;
        await using var host = HostOf(rig, () => ++made == 1 ? Lost : Well);
        await host.StartAsync(default);
        Assert.Equal(BusHealthStatus.Degraded, host.Health);

        await Rig.UntilAsync(() => host.Health == BusHealthStatus.Healthy);
        Assert.Equal(2, made);
        await host.StopAsync(default);
    }

    [ServersFact]
    public async Task The_parts_of_a_bus_that_was_replaced_stay_for_a_consumer_that_comes_back()
    {
        await using var rig = await Rig.StartAsync();
        var made = new List<ServiceProvider>();
        await using var host = HostOf(rig, () => StandIn.Of(made.Count == 0 ? Ill : Fine, ends: true), made.Add);
        await host.StartAsync(default);
        await Rig.UntilAsync(() => host.Health == BusHealthStatus.Healthy); // and the other has ended, which takes it no time
        Assert.NotNull(made[0].GetRequiredService<IBusControl>());
        await host.StopAsync(default);
    }

    [ServersFact]
    public async Task While_the_broker_is_away_the_bus_is_left_to_come_back_by_itself()
    {
        await using var rig = await Rig.StartAsync();
        rig.RabbitMq.Cut();
        var made = 0;
        await using var host = HostOf(rig, () => ++made == 1 ? Lost : Well);
        await host.StartAsync(default);
        await Task.Delay(1_500); // a minute and a half of the host's
        Assert.Equal(1, made);

        rig.RabbitMq.Heal();
        await Rig.UntilAsync(() => host.Health == BusHealthStatus.Healthy);
        await host.StopAsync(default);
    }

    private static BusHealthResult Ill { get; } =
        BusHealthResult.Degraded("lost", new InvalidOperationException("lost"), new Dictionary<string, EndpointHealthResult>());

    private static BusHealthResult Fine { get; } = BusHealthResult.Healthy("well", new Dictionary<string, EndpointHealthResult>());

    private static IBusControl Lost => StandIn.Of(Ill, ends: false);

    private static IBusControl Well => StandIn.Of(Fine, ends: true);

    private static BusHost HostOf(Rig rig, Func<IBusControl> make, Action<ServiceProvider>? isMade = null) => new(
        () =>
        {
            var parts = new ServiceCollection().AddSingleton(make()).BuildServiceProvider();
            isMade?.Invoke(parts);
            return parts;
        },
        rig.Settings, "test", new Fast(), NullLogger<BusHost>.Instance);

    /// <summary>Starts at once, is as well as it is told to be, and ends or does not.</summary>
    public class StandIn : DispatchProxy
    {
        private BusHealthResult? health;
        private bool ends;

        public static IBusControl Of(BusHealthResult health, bool ends)
        {
            var bus = Create<IBusControl, StandIn>();
            (((StandIn)bus).health, ((StandIn)bus).ends) = (health, ends);
            return bus;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
        {
            nameof(IBusControl.CheckHealth) => health,
            nameof(IBusControl.StartAsync) => Task.FromResult<BusHandle>(null!),
            nameof(IBusControl.StopAsync) => ends ? Task.CompletedTask : new TaskCompletionSource().Task,
            _ => throw new NotSupportedException(targetMethod.Name),
        };
    }

    /// <summary>Sixty times as fast as the world.</summary>
    private sealed class Fast : TimeProvider
    {
        private const int Times = 60;
        private readonly long began = Stopwatch.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + (Stopwatch.GetElapsedTime(began) * Times);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime / Times, period / Times);
    }
}
