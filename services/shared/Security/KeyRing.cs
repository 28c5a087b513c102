using Microsoft.Extensions.Configuration;

namespace Sandan.Shared.Security;

/// <summary>The secrets of an installation: 32 random bytes each, base64, one file each, kept apart from the data.</summary>
public sealed class KeyRing
{
    /// <summary>Names the environment variable that may hold the master key instead of its file.</summary>
    public const string MasterVariable = "SANDAN_MASTER_KEY";

    /// <summary>Names the variable that holds the next master key while it is being introduced; see <see cref="MasterKeyRotation"/>.</summary>
    public const string NextMasterVariable = "SANDAN_MASTER_KEY_NEXT";

    internal const int KeyBytes = 32;

    private const string MasterFile = "master.key";
    private const string NextMasterFile = "master.next.key";

    private readonly string folder;
    private readonly string? master;
    private readonly string? nextMaster;

    /// <summary>Reads the key files of <paramref name="folder"/>, but for the master key.</summary>
    /// <param name="folder">Where master.key, index.key and identity.key lie.</param>
    /// <param name="master">The master key in base64; where it is given, there need be no master.key.</param>
    /// <param name="nextMaster">The one that is being introduced; only where <paramref name="master"/> is given.</param>
    /// <exception cref="InvalidOperationException">A key is missing or does not hold 32 bytes in base64.</exception>
    public KeyRing(string folder, string? master = null, string? nextMaster = null)
    {
        (this.folder, this.master, this.nextMaster) = (folder, master, nextMaster);
        Index = Read(folder, "index.key");
        Identity = Read(folder, "identity.key");
    }

    /// <summary>The keys of a process, the master key from its environment where that has one.</summary>
    public static KeyRing From(IConfiguration configuration, string folder) =>
        new(folder, configuration[MasterVariable], configuration[NextMasterVariable]);

    internal bool IsMasterInEnvironment => !string.IsNullOrEmpty(master);

    internal string MasterPath => Path.Combine(folder, MasterFile);

    internal string NextMasterPath => Path.Combine(folder, NextMasterFile);

    /// <summary>
    /// The master key, and behind it the next one while that is being introduced. The last of them wraps the data keys; each
    /// opens them. Read anew every time, by those alone who need it: a change needs no restart.
    /// </summary>
    internal IReadOnlyList<byte[]> Masters()
    {
        if (IsMasterInEnvironment)
        {
            return string.IsNullOrEmpty(nextMaster)
                ? [Parse(MasterVariable, master!)]
                : [Parse(MasterVariable, master!), Parse(NextMasterVariable, nextMaster)];
        }

        // The next one first: were it renamed in between, it would be missed.
        byte[][] next = ReadNext() is { } text ? [Parse(NextMasterPath, text)] : [];
        return [Read(folder, MasterFile), .. next];
    }

    /// <summary>Keys the blind index; whoever has it and the data can try values, so it never lies with the data.</summary>
    internal byte[] Index { get; }

    /// <summary>Signs what the gateway tells the services about a caller.</summary>
    internal byte[] Identity { get; }

    private string? ReadNext()
    {
        try
        {
            return File.ReadAllText(NextMasterPath);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

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
