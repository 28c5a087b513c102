using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Sandan.Contracts.Events;
using Sandan.Shared.Security;

namespace Sandan.Registry.IntegrationTests;

/// <summary>The certificates by which companies sign.</summary>
public sealed class CertificateTests
{
    private const string Path = "/v1/companies/3302960002/certificates";

    [ServersFact]
    public async Task A_certificate_is_registered_told_shown_and_revoked_for_good()
    {
        await using var rig = await RegistryRig.StartAsync();
        using var anOperator = rig.As(Roles.Operator);
        using var seller = rig.As(Roles.Seller, "3302960002");
        using var other = rig.As(Roles.Seller, "3302960003");
        using var company = await anOperator.PostAsync("/v1/companies", RegistryRig.Json("""{"code":"3302960002","name":"x","roles":["seller"]}"""));
        var certificate = Made();

        using var created = await anOperator.PostAsync(Path, Body(certificate.ExportCertificatePem()));
        using var again = await anOperator.PostAsync(Path, Body(Convert.ToBase64String(certificate.RawData)));
        using var bySeller = await seller.PostAsync(Path, Body(certificate.ExportCertificatePem()));

        Assert.Equal(
            (HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Forbidden), (created.StatusCode, again.StatusCode, bySeller.StatusCode));
        var registered = JsonNode.Parse(await created.Content.ReadAsStringAsync())!;
        var id = (string)registered["id"]!;
        Assert.Equal("RSA", (string)registered["algorithm"]!);

        var shown = JsonNode.Parse(await seller.GetStringAsync(Path))!["data"]![0]!;
        Assert.Equal((id, certificate.ExportCertificatePem()), ((string)shown["id"]!, ((string)shown["pem"]!).TrimEnd()));
        using var hidden = await other.GetAsync(Path);
        Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);

        using var revoked = await anOperator.DeleteAsync($"{Path}/{id}");
        using var repeated = await anOperator.DeleteAsync($"{Path}/{id}");
        using var unknown = await anOperator.DeleteAsync($"{Path}/0000000000000000");
        using var back = await anOperator.PostAsync(Path, Body(certificate.ExportCertificatePem()));
        Assert.Equal(
            (HttpStatusCode.NoContent, HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.Conflict),
            (revoked.StatusCode, repeated.StatusCode, unknown.StatusCode, back.StatusCode));

        foreach (var service in (string[])["order", "payment", "waybill", "customs"])
        {
            var told = await rig.EventsAsync<CertificatesRegistered>(service, events => events.Count == 2);
            Assert.Equal([("3302960002", id, false), ("3302960002", id, true)], told.SelectMany(one => one.Certificates).Select(one => (one.Company, one.Id, one.Revoked)));
            Assert.All(told, one => Assert.Equal(certificate.RawData, one.Certificates[0].Certificate));
        }
    }

    [ServersFact]
    public async Task What_is_no_certificate_and_what_is_too_much_is_refused()
    {
        await using var rig = await RegistryRig.StartAsync();
        using var anOperator = rig.As(Roles.Operator);
        using var company = await anOperator.PostAsync("/v1/companies", RegistryRig.Json("""{"code":"3302960002","name":"x","roles":["seller"]}"""));
        foreach (var (body, status) in ((string, int)[])[
            ("""{"certificate":"AAAA"}""", 422), ("{}", 422), ("""{"certificate":1}""", 422), ("[]", 400), ("nonsense", 400),
            ("""{"certificate":"AAAA","key":"x"}""", 422)])
        {
            using var answer = await anOperator.PostAsync(Path, RegistryRig.Json(body));
            Assert.True(status == (int)answer.StatusCode, $"{body}: {(int)answer.StatusCode}");
        }

        using var nobody = await anOperator.PostAsync("/v1/companies/3302960009/certificates", Body(Made().ExportCertificatePem()));
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        for (var count = 0; count < 20; count++)
        {
            using var one = await anOperator.PostAsync(Path, Body(Made().ExportCertificatePem()));
            Assert.Equal(HttpStatusCode.Created, one.StatusCode);
        }

        using var tooMuch = await anOperator.PostAsync(Path, Body(Made().ExportCertificatePem()));
        Assert.Equal(HttpStatusCode.Conflict, tooMuch.StatusCode);
    }

    private static StringContent Body(string certificate) => RegistryRig.Json(new JsonObject { ["certificate"] = certificate }.ToJsonString());

    private static X509Certificate2 Made()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest("CN=card", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
