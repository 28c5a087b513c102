using System.Security.Cryptography.X509Certificates;
using Sandan.Contracts.Ceb;

namespace Sandan.Signing.Tests;

public sealed class CebCertificateTests
{
    [Fact]
    public void A_certificate_is_read_as_pem_and_as_base64()
    {
        using var made = Cards.Rsa("card");
        var pem = CebCertificate.Read(made.ExportCertificatePem());
        var base64 = CebCertificate.Read(Convert.ToBase64String(made.RawData));

        Assert.Equal(("RSA", made.SerialNumber.ToLowerInvariant()), (pem!.Algorithm, pem.SerialNumber.PadLeft(made.SerialNumber.Length, '0')));
        Assert.Equal(pem.Id, base64!.Id);
        Assert.Equal(made.ExportCertificatePem().Trim(), pem.ToPem().Trim());
        Assert.Equal(made.RawData, CebCertificate.Read(pem.ToPem())!.Der);
    }

    [Fact]
    public void A_certificate_of_SM2_is_known_as_one() => Assert.Equal("SM2", CebCertificate.Read(Convert.ToBase64String(Cards.Sm2(1).Certificate))!.Algorithm);

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("no base64")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    public void What_is_none_is_none(string text) => Assert.Null(CebCertificate.Read(text));

    [Fact]
    public void A_key_in_a_file_signs()
    {
        using var made = Cards.Rsa("card");
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, made.Export(X509ContentType.Pkcs12, "secret"));
            var signed = CebSigner.Load(file, "secret").Sign(System.Text.Encoding.UTF8.GetBytes($"<CEB312Message xmlns=\"{CebMessage.Namespace}\"></CEB312Message>"));

            Assert.Equal(SignatureFault.None, CebSignature.Read(signed).Check([made.RawData], Cards.Now));
            Assert.ThrowsAny<IOException>(() => CebSigner.Load(file, "wrong"));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
