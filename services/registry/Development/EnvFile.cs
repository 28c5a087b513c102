using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sandan.Registry.Development;

/// <summary>What a developer needs to send a first request: the gateway's address, a key per role, the companies' codes.</summary>
/// <param name="Gateway">Base address without a slash at the end.</param>
/// <param name="Keys">Key by role.</param>
/// <param name="Companies">Code by role, of the parties that documents name.</param>
internal sealed record EnvFile(
    string Gateway, IReadOnlyDictionary<string, string> Keys, IReadOnlyDictionary<string, string> Companies)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What is in the file; null where it is missing or not of this shape.</summary>
    public static async Task<EnvFile?> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<EnvFile>(file, Json, ct) is { Keys: not null, Companies: not null } env ? env : null;
        }
        catch (Exception trouble) when (trouble is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the file for its owner alone, and whole or not at all.</summary>
    public async Task WriteAsync(string path, CancellationToken ct)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var draft = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var file = new FileStream(draft, options))
        {
            await JsonSerializer.SerializeAsync(file, this, Json, ct);
            await file.WriteAsync("\n"u8.ToArray(), ct);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
