namespace Sandan.Contracts;

/// <summary>One thing wrong with a document that was sent: where, which rule, what was expected and what came.</summary>
/// <param name="Pointer">JSON Pointer (RFC 6901) into the document, with the official element names: <c>/orderList/0/qty</c>.</param>
/// <param name="Code">A code of <see cref="Codes.CodeDictionary"/>, whose text, cause and fix explain it.</param>
/// <param name="Expected">What the rule wants, in words or numbers that need no translation (<c>C..60</c>, <c>142</c>).</param>
/// <param name="Actual">What came; masked where it is personal, cut to 100 characters; null where nothing came.</param>
public sealed record FieldError(string Pointer, string Code, string? Expected = null, string? Actual = null);
