using System.Security.Cryptography;

namespace Sandan.Shared.Security;

/// <summary>The secrets of an installation: 32 random bytes each, base64, one file each, kept apart from the data.</summary>
public sealed class KeyRing
{
    private const int KeyBytes = 32;

    /// <summary>Reads the three key files of <paramref name="folder"/>.</summary>
    /// <exception cref="InvalidOperationException">A file is missing or does not hold 32 bytes in base64.</exception>
    public KeyRing(string folder)
    {
        Data = Read(folder, "data.key");
        Index = Read(folder, "index.key");
        Identity = Read(folder, "identity.key");
    }

    /// <summary>Each document's key is derived from it.</summary>
    internal byte[] Data { get; }

    /// <summary>Keys the blind index; whoever has it and the data can try values, so it never lies with the data.</summary>
    internal byte[] Index { get; }

    /// <summary>Signs what the gateway tells the services about a caller.</summary>
    internal byte[] Identity { get; }

    private static byte[] Read(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        try
        {
            var key = Convert.FromBase64String(File.ReadAllText(path).Trim());
            return key.Length == KeyBytes
                ? key
                : throw new InvalidOperationException($"{path} must hold {KeyBytes} bytes in base64; it holds {key.Length}.");
        }
        catch (Exception trouble) when (trouble is IOException or FormatException or UnauthorizedAccessException
            or CryptographicException)
        {
            throw new InvalidOperationException(
                $"{path} cannot be read: {trouble.Message} Make it with: head -c {KeyBytes} /dev/urandom | base64", trouble);
        }
    }
}
