using System.Security.Cryptography;
using Sandan.Shared.Security;

namespace Sandan.Gateway.Authentication;

/// <summary>What the registry says of a key (<c>/internal/keys/{id}</c>).</summary>
/// <param name="Hash">SHA-256 of the secret, base64.</param>
/// <param name="Company">Customs code of the company.</param>
/// <param name="Role">One of <see cref="Roles"/>.</param>
/// <param name="Environment"><c>live</c> or <c>test</c>.</param>
/// <param name="Revoked">True: the key opens nothing any more.</param>
internal sealed record KeyFacts(string Hash, string Company, string Role, string Environment, bool Revoked);

/// <summary>A key that the registry knows, as the gateway remembers it.</summary>
/// <param name="askedAt">When the registry said so.</param>
/// <param name="askAgainAt">From when on the registry is to be asked again.</param>
internal sealed class KnownKey(string id, KeyFacts facts, DateTimeOffset askedAt, DateTimeOffset askAgainAt)
{
    private readonly byte[] hash = Convert.FromBase64String(facts.Hash);
    private readonly Caller caller = new(id, facts.Company, facts.Role);
    private Signature? signature;

    /// <summary>Company on whose account its requests count.</summary>
    public string Company => facts.Company;

    /// <summary>One of <see cref="Roles"/>.</summary>
    public string Role => facts.Role;

    /// <summary>When the registry said so.</summary>
    public DateTimeOffset AskedAt { get; } = askedAt;

    /// <summary>From when on the registry is to be asked again.</summary>
    public DateTimeOffset AskAgainAt { get; set; } = askAgainAt;

    /// <summary>True where <paramref name="key"/> is this key and in force. Takes the same time wherever a secret differs.</summary>
    public bool Opens(ApiKey key) =>
        CryptographicOperations.FixedTimeEquals(hash, key.Hash()) && key.Environment == facts.Environment && !facts.Revoked;

    /// <summary>Value of <see cref="Caller.Header"/>; good for five minutes, so one minute's reuse spares most of the signing.</summary>
    public string CallerHeader(KeyRing keys, DateTimeOffset now)
    {
        var last = signature;
        if (last is null || now - last.At > TimeSpan.FromMinutes(1))
        {
            signature = last = new(caller.Sign(keys, now), now);
        }

        return last.Value;
    }

    private sealed record Signature(string Value, DateTimeOffset At);
}
