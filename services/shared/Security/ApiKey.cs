using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Sandan.Shared.Security;

/// <summary>
/// The key that a sender shows: <c>sdn_&lt;environment&gt;_&lt;id&gt;_&lt;secret&gt;</c>. The registry makes it and keeps
/// only the id and the hash of the secret; the gateway takes it apart and compares. The prefix lets scanners find leaks.
/// </summary>
/// <param name="Environment"><c>live</c>, <c>test</c> or <c>sandbox</c>.</param>
/// <param name="Id">12 letters and digits; may be shown and logged.</param>
/// <param name="Secret">32 random bytes in base62: 43 letters and digits. Never stored, never logged.</param>
public sealed record ApiKey(string Environment, string Id, string Secret)
{
    /// <summary>Of real business.</summary>
    public const string Live = "live";

    /// <summary>Of trials.</summary>
    public const string Test = "test";

    /// <summary>Of the sandbox: opens that and nothing else.</summary>
    public const string Sandbox = "sandbox";

    private const string Prefix = "sdn";
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int IdLength = 12;
    private const int SecretBytes = 32;
    private const int SecretLength = 43; // 62^43 > 2^256

    /// <summary>A new key.</summary>
    /// <param name="environment"><see cref="Live"/>, <see cref="Test"/> or <see cref="Sandbox"/>.</param>
    public static ApiKey Create(string environment) => new(
        environment,
        RandomNumberGenerator.GetString(Alphabet, IdLength),
        Base62(RandomNumberGenerator.GetBytes(SecretBytes)));

    /// <summary>Takes a key apart; null where it does not have the form of one.</summary>
    public static ApiKey? Parse(string text) =>
        text.Length < 80 && text.Split('_') is [Prefix, Live or Test or Sandbox, { Length: IdLength }, { Length: SecretLength }] parts
            && IsBase62(parts[2]) && IsBase62(parts[3])
            ? new(parts[1], parts[2], parts[3])
            : null;

    /// <summary>SHA-256 of the secret's characters. A secret of 256 random bits needs no slow hash.</summary>
    public byte[] Hash() => SHA256.HashData(Encoding.ASCII.GetBytes(Secret));

    /// <summary>The id only: a key that finds its way into a log must not carry its secret there.</summary>
    public override string ToString() => $"{Prefix}_{Environment}_{Id}_…";

    /// <summary>The whole key, to be shown once.</summary>
    public string Reveal() => $"{Prefix}_{Environment}_{Id}_{Secret}";

    private static string Base62(byte[] bytes)
    {
        var rest = new BigInteger(bytes, isUnsigned: true);
        Span<char> digits = stackalloc char[SecretLength];
        for (var at = 0; at < SecretLength; at++)
        {
            (rest, var digit) = BigInteger.DivRem(rest, 62);
            digits[at] = Alphabet[(int)digit];
        }

        return new(digits);
    }

    private static bool IsBase62(string text) => text.All(char.IsAsciiLetterOrDigit);
}
