using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Intake.Domain;
using Sandan.Intake.Storage;

namespace Sandan.Intake;

/// <summary>One document of a request, read and checked.</summary>
/// <param name="Raw">The bytes as they came.</param>
internal sealed record PreparedDocument(
    string Key, IncomingVersion Incoming, bool AppTimeStated, CebDocument Document, ReadOnlyMemory<byte> Raw)
{
    /// <summary>What it wants to change stands: see <see cref="Intake.Standing"/>.</summary>
    public bool Stands { get; init; }
}

/// <summary>One item of a request: a prepared document, or what is wrong with it.</summary>
/// <param name="Warnings">What is wrong and does not keep it from being stored.</param>
internal sealed record IntakeItem(
    int Index, PreparedDocument? Prepared, IReadOnlyList<FieldError> Errors, IReadOnlyList<FieldError> Warnings);

/// <summary>What became of one item.</summary>
/// <param name="Id">Our id of the version that was stored, or that was there already; null where nothing is.</param>
internal sealed record IntakeResult(
    int Index, IntakeOutcome Outcome, Guid? Id, int? Version, IReadOnlyList<FieldError> Errors)
{
    /// <summary>What is wrong and was stored all the same.</summary>
    public IReadOnlyList<FieldError> Warnings { get; init; } = [];

    /// <summary>The e-port's number of a declaration; null where there is none.</summary>
    public string? PreNo { get; init; }
}

/// <summary>The whole answer to a request.</summary>
internal sealed record IntakeAnswer(int Status, string ContentType, byte[] Body, bool Replayed = false);

/// <summary>What the writer says to a request: the results, in the order of the items, or the answer that it remembers.</summary>
internal sealed record IntakeReply(IReadOnlyList<IntakeResult> Results, IntakeAnswer? Remembered = null);

/// <summary>One request on its way to the writer.</summary>
/// <param name="Sender">Company whose key sent it.</param>
/// <param name="IdempotencyKey">Where its answer is remembered; null where it named no key.</param>
/// <param name="Fingerprint">SHA-256 of the body; empty without a key.</param>
/// <param name="Render">Makes the answer from the results, in the order of the items.</param>
internal sealed record IntakeRequest(
    string Sender,
    IReadOnlyList<IntakeItem> Items,
    AnswerKey? IdempotencyKey,
    byte[] Fingerprint,
    Func<IReadOnlyList<IntakeResult>, IntakeAnswer> Render,
    string? TraceParent)
{
    /// <summary>Completed when what it says is durable.</summary>
    public TaskCompletionSource<IntakeReply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The Idempotency-Key was used before, with another body.</summary>
internal sealed class IdempotencyKeyReusedException : Exception;
