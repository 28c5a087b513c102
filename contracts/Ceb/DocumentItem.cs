namespace Sandan.Contracts.Ceb;

/// <summary>One item of a body: what came, and the document or what is wrong with it.</summary>
/// <param name="Index">Place in the body, from 0; blank lines do not count.</param>
/// <param name="Raw">
/// The sender's own bytes of this item, a slice of the body. In XML the slice begins with the document's start tag; the
/// prefix that it uses is declared further out.
/// </param>
/// <param name="Document">
/// The document. Where <paramref name="Errors"/> is not empty, what could be read of it, so that an answer can name its
/// keys; null where nothing could.
/// </param>
/// <param name="Errors">
/// All that is wrong, at most 101 (the last then says that there are more); empty where the item is valid.
/// </param>
public sealed record DocumentItem(
    int Index, ReadOnlyMemory<byte> Raw, CebDocument? Document, IReadOnlyList<FieldError> Errors)
{
    /// <summary>What is wrong and does not keep the document from being processed; one at most, in its head.</summary>
    public IReadOnlyList<FieldError> Warnings { get; init; } = [];

    /// <summary>True where the document may be processed.</summary>
    public bool IsValid => Errors.Count == 0;

    /// <summary>Says no more than the place: the rest may be personal.</summary>
    public override string ToString() => $"item {Index}";
}

/// <summary>A body that was read.</summary>
/// <param name="Items">Its items, in the order sent; empty where <paramref name="Failure"/> is set.</param>
/// <param name="Failure">Why the body as a whole is refused: no items, or too many; null where it is not.</param>
public sealed record DocumentBatch(IReadOnlyList<DocumentItem> Items, FieldError? Failure);
