using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Intake;

/// <summary>e-port codes of one kind of document (specification §7).</summary>
/// <param name="Exists">A document with this number exists: -301010, -401007, -504015.</param>
/// <param name="NothingToActOn">Wrong appType, nothing to change or delete: -301009, -401006, -504014.</param>
/// <param name="Old">Old data, not processed: -301014, -401012, -505016.</param>
/// <param name="Declared">Declared already, its state does not fit: -301011, -401008, -504016; null where only customs can say.</param>
public sealed record IntakeCodes(string Exists, string NothingToActOn, string Old, string? Declared = null);

/// <summary>What is particular to a kind of document; everything else is the same for all of them.</summary>
/// <typeparam name="TAccepted">What others are told of one document.</typeparam>
public abstract class IntakeKind<TAccepted>
{
    /// <summary>The official message, whose table reads and checks the document.</summary>
    public abstract CebMessage Message { get; }

    /// <summary>Official names of the fields that make the number unique; the first is a company's.</summary>
    public abstract IReadOnlyList<string> Key { get; }

    /// <summary>Roles whose keys may send it.</summary>
    public abstract IReadOnlyList<string> SenderRoles { get; }

    /// <summary>The event by which others are told, as in <see cref="Topology"/>.</summary>
    public abstract Type Event { get; }

    /// <summary>Codes that the e-port has for it.</summary>
    public abstract IntakeCodes Codes { get; }

    /// <summary>After so many months a number may be given to another document; null where never.</summary>
    public virtual int? NumberRecursAfterMonths => null;

    /// <summary>What is wrong with a document beyond what its table says; most have nothing more to keep.</summary>
    public virtual IReadOnlyList<FieldError> Check(CebDocument document) => [];

    /// <summary>A document's number as it is kept: the values of <see cref="Key"/>, companies as everybody compares them.</summary>
    public string NumberOf(Func<string, string> valueOf)
    {
        var number = valueOf(Key[0]).ToUpperInvariant();
        for (var at = 1; at < Key.Count; at++)
        {
            var value = valueOf(Key[at]);
            number += "\u001F" + (Key[at].EndsWith("Code", StringComparison.Ordinal) ? value.ToUpperInvariant() : value);
        }

        return number;
    }

    /// <summary>Null where the caller may send this document; otherwise the field that names another company.</summary>
    public abstract FieldError? CheckSender(CebDocument document, Caller caller);

    /// <summary>The order number that the document names and a change may replace; null where there is none.</summary>
    public virtual string? OrderNo(CebDocument document) => null;

    /// <summary>What others are told of a document, and which version it became.</summary>
    /// <param name="numbers">Of a declaration, those of which preNo and invtNo are made; null of other documents.</param>
    public abstract TAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers);

    /// <summary>Notes one event; a large transaction has several.</summary>
    public abstract void Publish(UnitOfWork unit, IReadOnlyList<TAccepted> accepted);
}
