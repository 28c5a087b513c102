using Microsoft.Extensions.Options;
using Sandan.Signing;

namespace Sandan.Payment.OriginalData;

/// <summary>With what the uploads of a platform are signed, and where they go.</summary>
internal sealed record UploadKey(CebSigner Signer, string CertNo, Uri UploadUrl);

/// <summary>The keys of the platforms, read once.</summary>
/// <exception cref="InvalidOperationException">One cannot be read, or has no address: the service does not start.</exception>
internal sealed class UploadKeys(IOptions<OriginalDataOptions> options)
{
    private readonly Dictionary<string, UploadKey> keys = options.Value.Platforms.ToDictionary(
        one => one.Key.ToUpperInvariant(), one => Load(one.Key, one.Value));

    /// <summary>Null where none is configured.</summary>
    public UploadKey? Find(string ebpCode) => keys.GetValueOrDefault(ebpCode);

    private static UploadKey Load(string ebpCode, PlatformUpload upload)
    {
        var name = $"OriginalData:Platforms:{ebpCode}";
        if (upload.UploadUrl is not { IsAbsoluteUri: true, Scheme: "http" or "https" } address)
        {
            throw new InvalidOperationException($"{name}:UploadUrl must be an absolute http or https address.");
        }

        try
        {
            var signer = CebSigner.Load(upload.KeyFile, upload.KeyPassword, sha1: true);
            return new(signer, upload.CertNo.Length > 0 ? upload.CertNo : signer.CertificateNo, address);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException($"{name}:KeyFile cannot be used: {trouble.Message}", trouble);
        }
    }
}
