using Microsoft.AspNetCore.Mvc;
using Sandan.Contracts.Codes;
using Sandan.Registry.Domain;
using Sandan.Registry.Storage;
using Sandan.Shared;
using Sandan.Shared.Http;
using Sandan.Shared.Security;
using Sandan.Signing;

namespace Sandan.Registry.Endpoints;

/// <summary>A certificate that is registered.</summary>
internal sealed record RegisteredCertificate(string Id, string SerialNumber, string Algorithm, DateTimeOffset NotBefore, DateTimeOffset NotAfter);

/// <summary>The operator registers the certificates by which companies sign; signatures are trusted by these alone.</summary>
internal static class Certificates
{
    private const int TextMax = 10_000;

    /// <summary>Maps <c>/v1/companies/{code}/certificates</c>.</summary>
    public static void MapCertificates(this IEndpointRouteBuilder app)
    {
        var certificates = app.MapGroup("/v1/companies/{code}/certificates");
        certificates.MapPost("", AddAsync).RequireRole(Roles.Operator).WithMetadata(new RequestSizeLimitAttribute(SandanService.SmallBodyBytesMax));
        certificates.MapGet("", ListAsync);
        certificates.MapDelete("{id}", RevokeAsync).RequireRole(Roles.Operator);
    }

    private static async Task<IResult> AddAsync(string code, HttpContext context, CertificateStore store, CancellationToken ct)
    {
        var (body, problem) = await ItemBody.ReadAsync(context);
        if (body is null)
        {
            return problem!;
        }

        var reader = new ItemReader(body.IsSingle ? body.Items[0] : null, "certificate", "note");
        var text = reader.IsObject ? reader.Text("certificate", mandatory: true, TextMax, lines: true) : null;
        var note = reader.IsObject ? reader.Text("note", mandatory: false, 1000) : null;
        var certificate = text is null ? null : CebCertificate.Read(text);
        if (text is not null && certificate is null)
        {
            reader.Add("/certificate", RegistryCodes.NoCertificate, "X.509, RSA | SM2: PEM | base64");
        }

        if (certificate is null || reader.Errors.Count > 0)
        {
            return Problems.Result(context, StatusCodes.Status422UnprocessableEntity, RequestCodes.DocumentsInvalid, reader.Errors);
        }

        var registered = new RegisteredCertificate(
            certificate.Id, certificate.SerialNumber, certificate.Algorithm, certificate.NotBefore, certificate.NotAfter);
        return await store.AddAsync(context.GetCaller(), code, certificate, note, ct) switch
        {
            CertificateOutcome.Created => TypedResults.Created($"/v1/companies/{code}/certificates/{certificate.Id}", registered),
            CertificateOutcome.Unchanged => TypedResults.Ok(registered),
            CertificateOutcome.Revoked => Problems.Result(context, StatusCodes.Status409Conflict, RegistryCodes.CertificateRevoked),
            CertificateOutcome.TooMany => Problems.Result(
                context, StatusCodes.Status409Conflict, RegistryCodes.TooManyCertificates,
                [new("/certificate", RegistryCodes.TooManyCertificates, $"<= {CertificateStore.InForceMax}")]),
            _ => NotFound(context),
        };
    }

    /// <summary>Customs and operator see those of all, a company its own.</summary>
    private static async Task<IResult> ListAsync(
        string code, HttpContext context, CertificateStore store, CompanyStore companies, CancellationToken ct)
    {
        var caller = context.GetCaller();
        return (caller.SeesEverything || caller.Company == code) && await companies.FindAsync(code, ct) is not null
            ? TypedResults.Ok(new Page<StoredCertificate>(await store.ListAsync(code, ct), null))
            : NotFound(context);
    }

    private static async Task<IResult> RevokeAsync(string code, string id, HttpContext context, CertificateStore store, CancellationToken ct) =>
        await store.RevokeAsync(context.GetCaller(), code, id, ct) ? TypedResults.NoContent() : NotFound(context);

    private static IResult NotFound(HttpContext context) =>
        Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
}
