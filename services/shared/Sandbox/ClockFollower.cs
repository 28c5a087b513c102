using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Shared.Sandbox;

/// <summary>
/// Asks the registry of a sandbox, which keeps its clock, how far that is ahead: before the service opens its port, and every
/// second from then on. While the registry is away the last answer holds.
/// </summary>
internal sealed partial class ClockFollower(
    SandanSettings settings, SandboxClock clock, KeyRing keys, IEnumerable<IBeforeClock> prepared, ILogger<ClockFollower> log) : BackgroundService
{
    /// <summary>Where the registry answers; the seconds are a field <c>aheadSeconds</c>.</summary>
    public const string Path = "/internal/clock";

    /// <summary>The service that keeps the clock.</summary>
    public const string Keeper = "registry";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly Caller Self = new("clock", "", Roles.Operator);

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(2) };

    /// <summary>Asks once.</summary>
    /// <exception cref="PassingTroubleException">The registry is away.</exception>
    public async Task FollowAsync(CancellationToken ct)
    {
        try
        {
            await AskAsync(ct);
        }
        catch (Exception away) when (away is HttpRequestException or JsonException or NpgsqlException or IOException or ObjectDisposedException || (away is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw new PassingTroubleException(away);
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        http.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (PassingTroubleException away)
            {
                NotAsked(log, away.Message);
            }
        }
    }

    private async Task AskAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(settings.Addresses[Keeper], Path));
        request.Headers.Add(Caller.Header, Self.Sign(keys, TimeProvider.System.GetUtcNow()));
        using var response = await http.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(ct)) ?? throw new JsonException("The registry said null of the clock.");
        var ahead = TimeSpan.FromSeconds((double)answer["aheadSeconds"]!);
        if (ahead != clock.Ahead)
        {
            foreach (var one in prepared)
            {
                await one.PrepareAsync(TimeProvider.System.GetUtcNow() + ahead, ct);
            }

            clock.Ahead = ahead;
            Moved(log, ahead.ToString("c", CultureInfo.InvariantCulture));
        }
    }

    [LoggerMessage(LogLevel.Information, "The clock of the sandbox is ahead by {Ahead}")]
    private static partial void Moved(ILogger log, string ahead);

    [LoggerMessage(LogLevel.Warning, "The registry cannot be asked for the clock: {Reason}")]
    private static partial void NotAsked(ILogger log, string reason);
}
