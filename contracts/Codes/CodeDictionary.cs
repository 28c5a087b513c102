using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace Sandan.Contracts.Codes;

/// <summary>A text in both languages.</summary>
public sealed record Localized(string Zh, string En)
{
    /// <summary>The text in <paramref name="language"/>.</summary>
    public string In(Language language) => language == Language.Chinese ? Zh : En;
}

/// <summary>One code that Sandan can say: what it means, why it comes and what to do about it.</summary>
/// <param name="Code">
/// The official number where customs has one (<c>1332</c>, <c>-301010</c>, returnStatus <c>800</c>); ours begin with S,
/// risk rules with R.
/// </param>
/// <param name="Text">What happened, one sentence.</param>
/// <param name="Cause">Why it usually happens.</param>
/// <param name="Fix">What the reader can do.</param>
/// <param name="Official">True where the number is that of customs or of the e-port.</param>
public sealed record CodeEntry(string Code, Localized Text, Localized Cause, Localized Fix, bool Official = false);

/// <summary>
/// Every code that Sandan can say, from the <c>*.json</c> files beside this one. What is not in here may not be said:
/// <see cref="Get"/> throws, and a test holds every constant of the <c>…Codes</c> classes against it.
/// </summary>
public static class CodeDictionary
{
    private static readonly FrozenDictionary<string, CodeEntry> Entries = Load();

    /// <summary>All entries, sorted by code.</summary>
    public static IReadOnlyList<CodeEntry> All { get; } =
        [.. Entries.Values.OrderBy(entry => entry.Code, StringComparer.Ordinal)];

    /// <summary>The entry of <paramref name="code"/>.</summary>
    /// <exception cref="KeyNotFoundException">The code is not in the dictionary: a defect of the caller.</exception>
    public static CodeEntry Get(string code) => Entries.TryGetValue(code, out var entry)
        ? entry
        : throw new KeyNotFoundException($"Code {code} is not in the dictionary under contracts/Codes.");

    /// <summary>The entry of a code that another service said, which may be newer; null where it is not known here.</summary>
    public static CodeEntry? Find(string code) => Entries.GetValueOrDefault(code);

    private static FrozenDictionary<string, CodeEntry> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Codes.", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal))
            .SelectMany(name =>
            {
                using var file = assembly.GetManifestResourceStream(name)!;
                return JsonSerializer.Deserialize<CodeEntry[]>(file, JsonSerializerOptions.Web)!;
            })
            .ToFrozenDictionary(entry => entry.Code);
    }
}
