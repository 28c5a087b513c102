using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Shared.Security;

namespace Sandan.Intake;

/// <summary>Whether a caller may send a document: it must name the caller's company.</summary>
public static class Sender
{
    /// <summary>
    /// A company's code as everybody compares it: in upper case, as the registry of customs writes it. Without this, two
    /// spellings of one code would be two companies to whoever joins documents.
    /// </summary>
    public static string Company(CebDocument document, string field) => document[field]!.ToUpperInvariant();

    /// <summary>Null where <paramref name="field"/> holds the company of the key; a company is compared without regard to case.</summary>
    public static FieldError? Check(CebDocument document, Caller caller, string field) =>
        string.Equals(document[field], caller.Company, StringComparison.OrdinalIgnoreCase)
            ? null
            : new($"/{field}", IntakeErrorCodes.OtherCompany, caller.Company, document[field]);
}
