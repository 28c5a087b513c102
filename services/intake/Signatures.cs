using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Intake.Storage;
using Sandan.Signing;

namespace Sandan.Intake;

/// <summary>
/// Whether messages are signed as they must be. What is signed must hold by a certificate that is registered for the company of the
/// key, whatever certificate came with it. Who has a certificate registered signs what the schema wants signed (CEB621, 623, 625, 711
/// with appStatus 2); who has none need not, unless <see cref="IntakeOptions.SignaturesRequired"/>.
/// </summary>
internal sealed class Signatures(NpgsqlDataSource database, IOptions<IntakeOptions> options, TimeProvider time)
{
    private const string Declared = "2";

    /// <summary>The documents of a message, with what its signature brings against them.</summary>
    /// <param name="items">Its documents as they were read.</param>
    public async Task<IReadOnlyList<DocumentItem>> CheckAsync(
        CebXmlMessage message, IReadOnlyList<DocumentItem> items, string company, CancellationToken ct)
    {
        var isWanted = message.Message!.Signature == CebSignatureRule.Schema;
        if (!message.IsSigned && !isWanted)
        {
            return items;
        }

        var registered = await CertificateStore.OfAsync(database, company, ct);
        if (registered.Count == 0 && !options.Value.SignaturesRequired)
        {
            return message.IsSigned ? [.. items.Select(Unchecked)] : items;
        }

        if (!message.IsSigned)
        {
            var missing = new FieldError("/Signature", IntakeErrorCodes.SignatureMissing);
            return [.. items.Select(item => item.Document?["appStatus"] == Declared ? Refused(item, missing) : item)];
        }

        var fault = CebSignature.Read(message.Utf8).Check(registered, time.GetUtcNow());
        var wrong = new FieldError(
            "/Signature", IntakeErrorCodes.SignatureFailed, null, JsonNamingPolicy.CamelCase.ConvertName(fault.ToString()));
        return fault == SignatureFault.None ? items : [.. items.Select(item => Refused(item, wrong))];
    }

    private static DocumentItem Refused(DocumentItem item, FieldError error) => item with { Errors = [.. item.Errors, error] };

    private static DocumentItem Unchecked(DocumentItem item) =>
        item with { Warnings = [.. item.Warnings, new("/Signature", IntakeErrorCodes.SignatureUnchecked)] };
}
