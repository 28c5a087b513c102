using System.Security.Cryptography;
using Sandan.Shared.Security;

namespace Sandan.Shared.Tests;

/// <summary>Key files of one test, removed at its end.</summary>
internal sealed class Keys : IDisposable
{
    public Keys()
    {
        foreach (var name in (string[])["master.key", "index.key", "identity.key"])
        {
            Write(name, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n");
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("sandan-keys-").FullName;

    public KeyRing Ring => new(Folder);

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(Folder, name), text);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
