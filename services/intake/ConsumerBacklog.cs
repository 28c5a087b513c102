using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Shared;
using Sandan.Shared.Messaging;

namespace Sandan.Intake;

/// <summary>
/// How many documents of this kind their consumer has not got yet: those in its queue and those in the outbox before it. Where
/// they are too many, who sends more is better told now than answered and left to wait for a verdict.
/// </summary>
/// <remarks>A broker that is away is no reason to refuse: what is accepted is durable here.</remarks>
internal sealed partial class ConsumerBacklog<TAccepted>(
    IntakeKind<TAccepted> kind,
    SandanSettings settings,
    NpgsqlDataSource database,
    IOptions<IntakeOptions> options,
    ILogger<ConsumerBacklog<TAccepted>> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Of the last event weighs one part in so many.</summary>
    private const double Weight = 1.0 / 16;

    private double documentsPerMessage = 1;
    private long messages;

    /// <summary>True while more documents wait than may.</summary>
    public bool IsTooLong =>
        Volatile.Read(ref messages) * Volatile.Read(ref documentsPerMessage) > options.Value.DocumentsBeforeMatcherMax;

    /// <summary>Notes an event that will be sent; a rough mean is enough.</summary>
    public void Published(int documents) =>
        Volatile.Write(ref documentsPerMessage, documentsPerMessage + ((documents - documentsPerMessage) * Weight));

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(stoppingToken);
            }
            catch (Exception trouble) when (!stoppingToken.IsCancellationRequested)
            {
                NotWatched(log, trouble.Message);
            }

            Volatile.Write(ref messages, 0);
            await Task.Delay(RetryInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAsync(CancellationToken ct)
    {
        // Of documents there is one consumer: the matcher, or whoever decides on requests by itself.
        var consumer = Topology.Subscriptions.Single(one => one.Event == kind.Event).Consumers.Single();
        var queue = Topology.QueueOf(consumer, kind.Event, settings.BusPrefix);
        await using var connection = await Broker.ConnectOnceAsync(settings, $"{kind.Message.Type}: backlog", Heartbeat, ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        while (true)
        {
            Volatile.Write(ref messages, await channel.MessageCountAsync(queue, ct) + await OutboxAsync(ct));
            await Task.Delay(Interval, ct);
        }
    }

    private async Task<long> OutboxAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM outbox WHERE event = $1");
        command.Parameters.Add(new() { Value = kind.Event.Name });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    [LoggerMessage(LogLevel.Warning, "The queue of the consumer is not seen for a while, documents are accepted all the same: {Reason}")]
    private static partial void NotWatched(ILogger log, string reason);
}
