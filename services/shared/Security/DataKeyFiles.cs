using System.Globalization;
using System.Security.Cryptography;

namespace Sandan.Shared.Security;

/// <summary>
/// Data keys in files, <c>order-202611.key</c>, wrapped by the master key, in base64. They lie apart from the data, so that
/// deleting one makes what it encrypted unreadable in every backup of the data too: their own backup must forget with them.
/// Several processes may share the folder.
/// </summary>
public sealed class DataKeyFiles(KeyRing keys, string folder)
{
    private const string Extension = ".key";

    /// <summary>The key of a service and number; null where there is no file.</summary>
    /// <exception cref="InvalidOperationException">The master key is not the one that wrapped it, or the file was changed.</exception>
    public DataKey? Find(string owner, int id)
    {
        var path = PathOf(owner, id);
        byte[]? failed = null;
        while (true)
        {
            var masters = keys.Masters();
            if (Read(path) is not { } wrapped)
            {
                return null;
            }

            try
            {
                return Open(path, wrapped, owner, id, masters);
            }
            catch (InvalidOperationException) when (!wrapped.AsSpan().SequenceEqual(failed))
            {
                // Between the two reads a rotation may have ended: every one wraps with bytes of its own. The same bytes
                // with masters read behind them do not open by being read a third time.
                failed = wrapped;
            }
        }
    }

    /// <summary>The same, made where there is none. Of several who make it at once, one does, and all have that one.</summary>
    /// <exception cref="InvalidOperationException">As <see cref="Find"/>, or the folder cannot be written to.</exception>
    public DataKey FindOrCreate(string owner, int id)
    {
        if (Find(owner, id) is { } there)
        {
            return there;
        }

        var path = PathOf(owner, id);
        var key = DataKey.Create(id);
        try
        {
            Directory.CreateDirectory(folder);
            var made = Write(key.Wrap(keys.Masters()[^1], owner), path);
            try
            {
                File.Move(made, path); // a hard link: fails where another was faster
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(made);
                return Find(owner, id)!;
            }

            // Behind this also its name is on the disk; documents are encrypted only then.
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(file);
            return key;
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException(
                $"A data key cannot be made in {folder}: {trouble.Message} order, payment and waybill must be able to write there (SANDAN_DATA_KEYS).", trouble);
        }
    }

    /// <summary>Deletes a key for good; nothing happens where it is gone already.</summary>
    public void Delete(string owner, int id) => File.Delete(PathOf(owner, id));

    /// <summary>Wraps every key anew. Who reads one meanwhile finds the old file or the new one, both whole.</summary>
    /// <param name="masters">Any of them opens a key, the last one wraps it.</param>
    /// <returns>How many there are.</returns>
    internal int Rewrap(IReadOnlyList<byte[]> masters)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var files = Directory.GetFiles(folder, "*" + Extension);
        foreach (var path in files)
        {
            var name = Path.GetFileNameWithoutExtension(path).Split('-');
            var (owner, id) = (name[0], int.Parse(name[1], CultureInfo.InvariantCulture));
            if (Read(path) is { } wrapped) // else deleted meanwhile
            {
                File.Move(Write(Open(path, wrapped, owner, id, masters).Wrap(masters[^1], owner), path), path, overwrite: true);
            }
        }

        return files.Length;
    }

    private static DataKey Open(string path, byte[] wrapped, string owner, int id, IReadOnlyList<byte[]> masters)
    {
        CryptographicException? trouble = null;
        foreach (var master in masters)
        {
            try
            {
                var key = DataKey.Unwrap(wrapped, master, owner);
                return key.Id == id ? key : throw new CryptographicException("It is another key's file.");
            }
            catch (CryptographicException refused)
            {
                trouble = refused;
            }
        }

        throw new InvalidOperationException(
            $"The data key {path} does not open: this is not the master key (master.key or {KeyRing.MasterVariable}) with which"
            + " it was wrapped. Give back the old one; without it no stored document can be read.",
            trouble);
    }

    private static byte[]? Read(string path)
    {
        try
        {
            return Convert.FromBase64String(File.ReadAllText(path).Trim());
        }
        catch (Exception trouble) when (trouble is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (FormatException trouble)
        {
            throw new InvalidOperationException($"The data key {path} is not base64: the file is damaged. Give it back from its copy.", trouble);
        }
    }

    /// <summary>Writes beside <paramref name="path"/>, to the disk; returns where.</summary>
    private static string Write(byte[] wrapped, string path)
    {
        var made = $"{path}.{Guid.CreateVersion7():N}.new";
        PrivateFile.Write(made, Convert.ToBase64String(wrapped));
        return made;
    }

    private string PathOf(string owner, int id) => Path.Combine(folder, $"{owner}-{id}{Extension}");
}
