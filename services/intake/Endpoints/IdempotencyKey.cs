using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Sandan.Intake.Endpoints;

/// <summary>
/// Header Idempotency-Key: a structured-field string in quotes (draft-ietf-httpapi-idempotency-key-header-07), or bare
/// as many clients send it; 1 to 128 letters, digits and <c>_ . : -</c>.
/// </summary>
internal static class IdempotencyKey
{
    private const int LengthMax = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-");

    /// <summary>False where the header is there but malformed; <paramref name="key"/> is null where it is not there.</summary>
    public static bool TryRead(HttpRequest request, out string? key)
    {
        key = null;
        if (!request.Headers.TryGetValue("Idempotency-Key", out var header))
        {
            return true;
        }

        var said = header.ToString();
        var bare = said is ['"', .. var inner, '"'] ? inner : said;
        if (bare.Length is 0 or > LengthMax || bare.AsSpan().ContainsAnyExcept(Allowed))
        {
            return false;
        }

        key = bare;
        return true;
    }
}
