using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Sandan.Intake.Storage;

/// <summary>
/// At start and every hour: this month's and the next one's data key and part of the body log; the end of what is kept no longer.
/// </summary>
internal sealed partial class Maintenance(
    NpgsqlDataSource database, DataKeys dataKeys, Retention retention, IOptions<IntakeOptions> options, TimeProvider time,
    ILogger<Maintenance> log) : BackgroundService
{
    /// <summary>Before the port opens: a service without its key must not start, and a part cannot be made once its rows lie in the default part.</summary>
    public async Task PrepareAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        await dataKeys.PrepareAsync(now, ct);
        await DocumentStore.MaintainAsync(database, now, options.Value.IdempotencyKeptFor, ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        do
        {
            await MaintainAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task MaintainAsync(CancellationToken ct)
    {
        try
        {
            await PrepareAsync(ct);
            await retention.ShredAsync(time.GetUtcNow(), ct);
        }
        catch (Exception trouble) when (trouble is NpgsqlException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // The next month's key is there for weeks before it is used, and bodies may go to the default part meanwhile:
            // nothing waits for this.
            Failed(log, trouble.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Maintenance of the document log failed, next try in an hour: {Reason}")]
    private static partial void Failed(ILogger log, string reason);
}
