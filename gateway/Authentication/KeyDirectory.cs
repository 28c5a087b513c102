using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Sandan.Shared.Security;

namespace Sandan.Gateway.Authentication;

/// <summary>The answer to who a key is.</summary>
/// <param name="Key">Null where the registry knows none of this id.</param>
/// <param name="RegistryAway">True where nobody could say.</param>
internal readonly record struct KeyAnswer(KnownKey? Key, bool RegistryAway = false);

/// <summary>
/// Who a key is, asked of the registry and remembered. Known and unknown ids are remembered apart, so that guessing ids
/// drives no good key out. While the registry is away a known key serves on for a while: senders go on working; with another
/// they wait for it as for any service.
/// </summary>
internal sealed partial class KeyDirectory(
    InternalHttp http,
    ServiceAddresses addresses,
    KeyRing keys,
    TimeProvider time,
    IOptions<GatewayOptions> options,
    ILogger<KeyDirectory> log) : IDisposable
{
    /// <summary>Pause before an absent registry is asked about the same key again.</summary>
    private static readonly TimeSpan AwayPause = TimeSpan.FromSeconds(1);

    private static readonly Caller Self = new("gateway", "", Roles.Operator);

    private readonly MemoryCache known = new(new MemoryCacheOptions { SizeLimit = options.Value.KeysMax });
    private readonly MemoryCache unknown = new(new MemoryCacheOptions { SizeLimit = options.Value.KeysMax });
    private readonly ConcurrentDictionary<string, Lazy<Task<KeyAnswer>>> asking = new();

    /// <summary>The key of this id, where it is remembered and fresh: the usual case, without waiting.</summary>
    public KnownKey? FindFresh(string id) =>
        known.TryGetValue(id, out KnownKey? key) && time.GetUtcNow() < key!.AskAgainAt ? key : null;

    /// <summary>The key of this id. Requests with the same key wait for one question together.</summary>
    public async Task<KeyAnswer> FindAsync(string id, CancellationToken ct)
    {
        if (FindFresh(id) is { } key)
        {
            return new(key);
        }

        if (unknown.TryGetValue(id, out DateTimeOffset until) && time.GetUtcNow() < until)
        {
            return default;
        }

        var question = asking.GetOrAdd(id, one => new(() => AskAsync(one)));
        try
        {
            return await question.Value.WaitAsync(ct);
        }
        finally
        {
            asking.TryRemove(KeyValuePair.Create(id, question));
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        known.Dispose();
        unknown.Dispose();
    }

    private async Task<KeyAnswer> AskAsync(string id)
    {
        // Another question may have been answered since the caller looked.
        if (FindFresh(id) is { } fresh)
        {
            return new(fresh);
        }

        var now = time.GetUtcNow();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(addresses.Of("registry"), $"/internal/keys/{id}"));
            request.Headers.Add(Caller.Header, Self.Sign(keys, now));
            using var response = await (Stale(id, now) is null ? http.PatientClient : http.Client).SendAsync(request);
            if (response.StatusCode == HttpStatusCode.NotFound)
            {
                known.Remove(id);
                unknown.Set(id, now + options.Value.KeyUnknownFor, Entry(options.Value.KeyUnknownFor));
                return default;
            }

            response.EnsureSuccessStatusCode();
            var facts = await response.Content.ReadFromJsonAsync<KeyFacts>(JsonSerializerOptions.Web)
                ?? throw new JsonException("The registry said null of a key.");
            var key = new KnownKey(id, facts, now, now + options.Value.KeyFreshFor);
            known.Set(id, key, Entry(options.Value.KeyStaleMax + options.Value.KeyFreshFor));
            return new(key);
        }
        catch (Exception trouble) when (trouble is HttpRequestException or OperationCanceledException or JsonException)
        {
            RegistryAway(log, trouble.Message);
            if (Stale(id, now) is { } key)
            {
                key.AskAgainAt = now + AwayPause;
                return new(key);
            }

            return new(null, RegistryAway: true);
        }
    }

    /// <summary>The key of this id, where it still serves while the registry is away.</summary>
    private KnownKey? Stale(string id, DateTimeOffset now) =>
        known.TryGetValue(id, out KnownKey? key) && now - key!.AskedAt <= options.Value.KeyStaleMax ? key : null;

    private static MemoryCacheEntryOptions Entry(TimeSpan lifetime) =>
        new() { Size = 1, AbsoluteExpirationRelativeToNow = lifetime > TimeSpan.Zero ? lifetime : TimeSpan.FromMilliseconds(1) };

    [LoggerMessage(LogLevel.Warning, "The registry cannot be asked about a key: {Reason}")]
    private static partial void RegistryAway(ILogger log, string reason);
}
