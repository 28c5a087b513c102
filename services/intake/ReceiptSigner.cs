using System.Buffers;
using Microsoft.Extensions.Configuration;
using Sandan.Signing;

namespace Sandan.Intake;

/// <summary>
/// Signs receipts, where a key is configured: <c>SANDAN_RECEIPT_KEY</c> is a PKCS#12 file with a certificate and its key, of RSA or
/// SM2, <c>SANDAN_RECEIPT_KEY_PASSWORD</c> its password. The schemas of receipts have no signature, so without a key there is none.
/// </summary>
internal sealed class ReceiptSigner(IConfiguration configuration)
{
    private readonly CebSigner? signer = configuration["SANDAN_RECEIPT_KEY"] is { Length: > 0 } file
        ? CebSigner.Load(file, configuration["SANDAN_RECEIPT_KEY_PASSWORD"] ?? "")
        : null;

    /// <summary>The receipt with its signature, or as it is.</summary>
    public ReadOnlyMemory<byte> Sign(ArrayBufferWriter<byte> receipt) => signer?.Sign(receipt.WrittenMemory) ?? receipt.WrittenMemory;
}
