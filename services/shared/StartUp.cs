using System.Reflection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Shared;

/// <summary>
/// Runs before everything else of a service: database, migrations, exchanges and queues, and the service's own steps. Waits for
/// servers that are not up yet, or go away meanwhile. The port opens only after it.
/// </summary>
internal sealed partial class StartUp(
    SandanSettings settings, string service, Assembly[] assemblies, NpgsqlDataSource database,
    IReadOnlyList<Func<CancellationToken, Task>> steps, ILogger<StartUp> log) : IHostedService
{
    private readonly ResiliencePipeline patience = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder()
                .Handle<Exception>(Trouble.Passes)
                .Handle<AlreadyClosedException>()
                .Handle<OperationInterruptedException>(trouble => trouble.ShutdownReason
                    is not { Initiator: ShutdownInitiator.Peer, ReplyCode: not (Constants.ConnectionForced or Constants.NotFound) }),
            MaxRetryAttempts = 300, // a minute
            Delay = TimeSpan.FromMilliseconds(200),
            OnRetry = attempt =>
            {
                if (attempt.AttemptNumber % 25 == 24)
                {
                    Waiting(log, service, attempt.Outcome.Exception!.Message);
                }

                return default;
            },
        })
        .Build();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await patience.ExecuteAsync(
            async ct =>
            {
                await Database.EnsureExistsAsync(settings, service, ct);
                await Migrator.MigrateAsync(database, assemblies, ct);
            },
            cancellationToken);
        await patience.ExecuteAsync(
            async ct => await Broker.DeclareTopologyAsync(settings, service, ct), cancellationToken);
        foreach (var step in steps)
        {
            await patience.ExecuteAsync(async ct => await step(ct), cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "{Service} waits for its servers: {Reason}")]
    private static partial void Waiting(ILogger log, string service, string reason);
}
