using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Sandan.Shared.Http;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Shared.Audit;

/// <summary>
/// <c>verify [FILE]</c>: follows the audit trail of every service. The file remembers where each ended, so that the next run
/// notices a trail of which the end was cut off; it belongs elsewhere than the databases.
/// </summary>
public static class VerifyCommand
{
    /// <summary>0 where all trails hold, 1 where one is broken; then the file stays as it was.</summary>
    public static async Task<int> RunAsync(IConfiguration configuration, string? file, TextWriter output)
    {
        var settings = SandanSettings.From(configuration);
        var keys = KeyRing.From(configuration, settings.KeyFolder);
        var seen = file is not null && File.Exists(file)
            ? JsonSerializer.Deserialize<Dictionary<string, AuditHead>>(await File.ReadAllTextAsync(file), Problems.Json)!
            : [];
        var isBroken = false;
        foreach (var service in AuditTrail.Services)
        {
            await using var database = Database.Open(settings, service);
            var trail = new AuditTrail(keys, service, TimeProvider.System, NullLogger.Instance);
            var (head, brokenAt, fault) = await trail.VerifyAsync(database, seen.GetValueOrDefault(service), CancellationToken.None);
            if (brokenAt is null)
            {
                seen[service] = head;
                await output.WriteLineAsync($"{service,-10} {head.Number,8} entries hold, the last is {head.Hash[..16]}");
            }
            else
            {
                isBroken = true;
                await output.WriteLineAsync($"{service,-10} BROKEN: entry {brokenAt} {fault}; {head.Number} entries before it hold");
            }

            if (await AuditTrail.IsExposedAsync(database, CancellationToken.None))
            {
                await output.WriteLineAsync($"{service,-10} note: the service's own database role may change its trail; see docs/security.md");
            }
        }

        if (file is not null && !isBroken)
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(seen, Problems.Json));
        }

        return isBroken ? 1 : 0;
    }
}
