namespace Sandan.Shared.Security;

/// <summary>The secrets of an installation: 32 random bytes each, base64, one file each, kept apart from the data.</summary>
public sealed class KeyRing
{
    /// <summary>Names the environment variable that may hold the master key instead of its file.</summary>
    public const string MasterVariable = "SANDAN_MASTER_KEY";

    private const int KeyBytes = 32;

    private readonly Lazy<byte[]> master;

    /// <summary>Reads the key files of <paramref name="folder"/>.</summary>
    /// <param name="folder">Where master.key, index.key and identity.key lie.</param>
    /// <param name="master">The master key in base64; where it is given, there need be no master.key.</param>
    /// <exception cref="InvalidOperationException">A key is missing or does not hold 32 bytes in base64.</exception>
    public KeyRing(string folder, string? master = null)
    {
        this.master = new(() => string.IsNullOrEmpty(master) ? Read(folder, "master.key") : Parse(MasterVariable, master));
        Index = Read(folder, "index.key");
        Identity = Read(folder, "identity.key");
    }

    /// <summary>Wraps the data keys, which lie with the data; see <see cref="DataKey"/>. Read by those alone who need it.</summary>
    internal byte[] Master => master.Value;

    /// <summary>Keys the blind index; whoever has it and the data can try values, so it never lies with the data.</summary>
    internal byte[] Index { get; }

    /// <summary>Signs what the gateway tells the services about a caller.</summary>
    internal byte[] Identity { get; }

    private static byte[] Read(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        try
        {
            return Parse(path, File.ReadAllText(path));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{path} cannot be read: {trouble.Message} {Remedy}", trouble);
        }
    }

    private static byte[] Parse(string name, string text)
    {
        try
        {
            var key = Convert.FromBase64String(text.Trim());
            return key.Length == KeyBytes
                ? key
                : throw new InvalidOperationException($"{name} must hold {KeyBytes} bytes in base64; it holds {key.Length}.");
        }
        catch (FormatException trouble)
        {
            throw new InvalidOperationException($"{name} is not base64. {Remedy}", trouble);
        }
    }

    private static string Remedy => $"Make it with: head -c {KeyBytes} /dev/urandom | base64";
}
