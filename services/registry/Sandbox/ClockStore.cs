using Npgsql;
using Sandan.Shared.Audit;
using Sandan.Shared.Messaging;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Registry.Sandbox;

/// <summary>
/// Keeps how far the clock of the sandbox is ahead, in the table sandbox_clock; every process of the registry reads it again each
/// second, and the other services ask it.
/// </summary>
internal sealed partial class ClockStore(
    NpgsqlDataSource database, OutboxSignal signal, AuditTrail audit, SandboxClock clock, ILogger<ClockStore> log) : BackgroundService
{
    /// <summary>Farthest that the clock goes: beyond the 36 months for which documents are kept.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromDays(5 * 366);

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Reads it.</summary>
    public async Task LoadAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT ahead_seconds FROM sandbox_clock");
        clock.Ahead = TimeSpan.FromSeconds((long)(await command.ExecuteScalarAsync(ct))!);
    }

    /// <summary>Moves it ahead, never back; where it is ahead of that already, it stays.</summary>
    public Task MoveAsync(Caller who, TimeSpan ahead, CancellationToken ct) =>
        SetAsync(who, "UPDATE sandbox_clock SET ahead_seconds = greatest(ahead_seconds, $1)", (long)Math.Ceiling(ahead.TotalSeconds), ct);

    /// <summary>Sets it to real time again.</summary>
    public Task ResetAsync(Caller who, CancellationToken ct) => SetAsync(who, "UPDATE sandbox_clock SET ahead_seconds = $1", 0, ct);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LoadAsync(stoppingToken);
            }
            catch (NpgsqlException trouble)
            {
                NotRead(log, trouble.Message);
            }
        }
    }

    private async Task SetAsync(Caller who, string sql, long seconds, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        await unit.ExecuteAsync(sql, ct, seconds);
        await audit.AppendAsync(unit, who, [new("moveClock", $"sandbox clock {seconds} s ahead")], ct);
        await unit.CommitAsync(ct);
        await LoadAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "The clock of the sandbox could not be read: {Reason}")]
    private static partial void NotRead(ILogger log, string reason);
}
