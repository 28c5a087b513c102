using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Registry.Endpoints;

/// <summary>One page of a list.</summary>
/// <param name="Data">At most <c>limit</c> of them, by key.</param>
/// <param name="Next">What to give as <c>after</c> for the following page; absent on the last one.</param>
internal sealed record Page<T>(IReadOnlyList<T> Data, string? Next);

/// <summary>The parameters <c>after</c> and <c>limit</c>. Cursors are opaque: the last key of a page in base64url.</summary>
internal sealed record Paging(string[] After, int Limit)
{
    private const int LimitDefault = 100;
    private const int LimitMax = 1000;
    private const char Separator = '\n'; // no key holds a control character

    /// <summary>Reads them; false and a problem where one is not valid.</summary>
    /// <param name="keyParts">Of how many parts the key of the list is.</param>
    public static bool TryRead(
        HttpContext context, int keyParts, [NotNullWhen(true)] out Paging? paging, [NotNullWhen(false)] out IResult? problem)
    {
        (paging, problem) = (null, null);
        var (cursor, limitText) = ((string?)context.Request.Query["after"], (string?)context.Request.Query["limit"]);
        var limit = LimitDefault;
        if (limitText is not null
            && !(int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= LimitMax))
        {
            problem = Bad(context, RequestCodes.ParameterInvalid, new("/limit", RequestCodes.ParameterInvalid, $"1..{LimitMax}", limitText));
            return false;
        }

        var after = string.IsNullOrEmpty(cursor) ? [.. Enumerable.Repeat("", keyParts)] : Decode(cursor);
        if (after?.Length != keyParts)
        {
            problem = Bad(context, RequestCodes.CursorInvalid, new("/after", RequestCodes.CursorInvalid));
            return false;
        }

        paging = new(after, limit);
        return true;
    }

    /// <summary>The page of <paramref name="found"/>, which was read with one row more than <see cref="Limit"/>.</summary>
    public Page<TView> Page<T, TView>(List<T> found, Func<T, TView> view, Func<T, string[]> key) => new(
        [.. found.Take(Limit).Select(view)],
        found.Count > Limit ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(Separator, key(found[Limit - 1])))) : null);

    private static string[]? Decode(string cursor) =>
        Base64Url.IsValid(cursor) && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) is var text && !text.Contains('\0', StringComparison.Ordinal)
            ? text.Split(Separator)
            : null;

    private static IResult Bad(HttpContext context, string code, FieldError error) =>
        Problems.Result(context, StatusCodes.Status400BadRequest, code, [error]);
}
