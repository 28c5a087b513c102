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

    /// <summary>The same of a document that its seller may send too: then <c>ebcCode</c> holds the company of the key.</summary>
    /// <param name="field">Of the company whose document it is where the seller does not send it.</param>
    public static FieldError? CheckSellerOr(CebDocument document, Caller caller, string field) =>
        Check(document, caller, caller.Role == Roles.Seller ? "ebcCode" : field);

    /// <summary>
    /// The documents of a message; none of them is taken where the envelope comes from another exchange user than the message says
    /// (live receipts, -301008: senderId and dxpId differ).
    /// </summary>
    public static IReadOnlyList<DocumentItem> Check(CebXmlMessage message, DxpEnvelope? envelope)
    {
        if (envelope is null || message.Transfer?.DxpId == envelope.SenderId)
        {
            return message.Items;
        }

        var other = new FieldError("/BaseTransfer/dxpId", IntakeErrorCodes.OtherExchangeUser, envelope.SenderId, message.Transfer?.DxpId);
        return [.. message.Items.Select(item => item with { Errors = [.. item.Errors, other] })];
    }
}
