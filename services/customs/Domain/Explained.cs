using Sandan.Contracts.Codes;

namespace Sandan.Customs.Domain;

/// <summary>Codes and texts as the parties read them.</summary>
internal static class Explained
{
    /// <summary>
    /// The text of a code. A code that another service says and this one does not know yet (it may be newer) stands for
    /// itself: no decision is held up for want of a text.
    /// </summary>
    public static Localized TextOf(string code) =>
        CodeDictionary.Find(code)?.Text ?? new(code, code);

    /// <summary>What to do about a code; null where this service does not know it.</summary>
    public static Localized? FixOf(string code) => CodeDictionary.Find(code)?.Fix;
}
