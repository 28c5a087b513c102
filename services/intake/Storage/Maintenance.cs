using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Sandan.Intake.Storage;

/// <summary>
/// At start the data key; then and every hour next month's part of the body log, and the end of old Idempotency-Keys.
/// </summary>
internal sealed partial class Maintenance(
    NpgsqlDataSource database, DataKeys dataKeys, IOptions<IntakeOptions> options, TimeProvider time, ILogger<Maintenance> log)
    : BackgroundService
{
    /// <summary>The first time before the port opens: a part cannot be made once its rows lie in the default part.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await dataKeys.LoadAsync(cancellationToken);
        await MaintainAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await MaintainAsync(stoppingToken);
        }
    }

    private async Task MaintainAsync(CancellationToken ct)
    {
        try
        {
            await DocumentStore.MaintainAsync(database, time.GetUtcNow(), options.Value.IdempotencyKeptFor, ct);
        }
        catch (NpgsqlException trouble)
        {
            // Bodies go to the default part meanwhile: nothing waits for this.
            Failed(log, trouble.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Maintenance of the document log failed, next try in an hour: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
