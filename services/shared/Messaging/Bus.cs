using MassTransit;
using MassTransit.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sandan.Contracts.Events;

namespace Sandan.Shared.Messaging;

/// <summary>The consumers of a service, each on its own quorum queue.</summary>
public sealed class BusBuilder(IServiceCollection services, SandanSettings settings, string service)
{
    private readonly List<(Type Event, Type Consumer)> consumers = [];

    /// <summary>Consumes an event type with a consumer class; the pair must stand in <see cref="Topology"/>.</summary>
    public BusBuilder Consume<TEvent, TConsumer>() where TEvent : class where TConsumer : class, IConsumer<TEvent>
    {
        consumers.Add((typeof(TEvent), typeof(TConsumer)));
        return this;
    }

    internal void Register()
    {
        var subscribed = Topology.Subscriptions.Where(one => one.Consumers.Contains(service)).Select(one => one.Event);
        if (!subscribed.ToHashSet().SetEquals(consumers.Select(one => one.Event)))
        {
            throw new InvalidOperationException($"The consumers of {service} are not those that Topology names.");
        }

        services.AddSingleton<Inbox>();
        if (consumers.Count == 0)
        {
            return;
        }

        foreach (var (_, consumer) in consumers)
        {
            services.AddTransient(consumer);
        }

        services.AddSingleton(provider => new BusHost(
            () => Make(provider), settings, service, TimeProvider.System,
            provider.GetRequiredService<ILogger<BusHost>>()));
        services.AddHostedService(provider => provider.GetRequiredService<BusHost>());
    }

    /// <summary>A bus with parts of its own, so that another can take its place; consumers are the service's.</summary>
    private ServiceProvider Make(IServiceProvider provider)
    {
        var parts = new ServiceCollection();
        parts.AddSingleton(provider.GetRequiredService<ILoggerFactory>());
        parts.AddLogging();
        foreach (var (_, consumer) in consumers)
        {
            parts.AddTransient(consumer, _ => provider.GetRequiredService(consumer));
        }

        // A consumer that waits for a database which is away gives its message back, and the process ends in time.
        parts.Configure<MassTransitHostOptions>(options => options.ConsumerStopTimeout = TimeSpan.FromSeconds(10));
        parts.AddMassTransit(bus =>
        {
            foreach (var (_, consumer) in consumers)
            {
                bus.AddConsumer(consumer);
            }

            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(settings.RabbitMq);
                rabbit.AddDeserializer(new EventBodies(), isDefault: true);
                foreach (var (eventType, consumer) in consumers)
                {
                    rabbit.ReceiveEndpoint(Topology.QueueOf(service, eventType, settings.BusPrefix), endpoint =>
                    {
                        // The queues are Broker's. What is prefetched is worked in together; see Inbox.
                        endpoint.ConfigureConsumeTopology = false;
                        endpoint.PublishFaults = false;
                        endpoint.ConfigureError(error =>
                        {
                            error.UseFilter(new GivenBack());
                            error.UseFilter(new GenerateFaultFilter());
                            error.UseFilter(new ErrorTransportFilter());
                        });
                        foreach (var (name, value) in Broker.QueueArguments)
                        {
                            endpoint.SetQueueArgument(name, value);
                        }

                        endpoint.PrefetchCount = Inbox.MessagesMax;
                        endpoint.ConcurrentMessageLimit = Inbox.MessagesMax;
                        endpoint.ConfigureConsumer(context, consumer);
                    });
                }
            });
        });
        return parts.BuildServiceProvider();
    }
}

/// <summary>
/// A consumer whose service or bus has ended has nothing to work with. That is no fault of the message, which goes back to its queue.
/// Everything else that fails here is put aside in <c>_error</c>.
/// </summary>
internal sealed class GivenBack : IFilter<ExceptionReceiveContext>
{
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        context.Exception.GetBaseException() is ObjectDisposedException ended ? Task.FromException(ended) : next.Send(context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("givenBack");
}
