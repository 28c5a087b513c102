using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Payment.OriginalData;

/// <summary>
/// Requests and answers in the form of the announcement, the same on both sides. A caller who hangs up ends the reading by itself.
/// </summary>
internal static class AnnouncementForm
{
    private const string MediaType = "application/x-www-form-urlencoded";

    /// <summary>The one field of a form; null and an error where it is not there once.</summary>
    public static async Task<string?> ReadAsync(HttpRequest request, string field, List<FieldError> errors)
    {
        try
        {
            if (request.ContentType?.Split(';')[0].Trim().Equals(MediaType, StringComparison.OrdinalIgnoreCase) == true
                && (await request.ReadFormAsync(CancellationToken.None))[field] is [{ Length: > 0 } value])
            {
                return value;
            }
        }
        catch (InvalidDataException)
        {
            // Too many or too long keys and values: it is not the form that is wanted.
        }

        errors.Add(new("", OriginalDataCodes.FormFieldMissing, field));
        return null;
    }

    /// <summary>Code 10000.</summary>
    /// <param name="total">Of an upload, where the announcement has it: always 0.</param>
    public static IResult Accept(TimeProvider time, string message, int? total = null) => Answer(PartnerHttp.Accepted, message, total, time);

    /// <summary>Code 20000; the message says what is wrong, the first fault alone, with our code.</summary>
    /// <remarks>20001 to 21000 are said to exist; what each means is not published, so none is used.</remarks>
    public static IResult Refuse(HttpContext context, TimeProvider time, FieldError error)
    {
        var text = CodeDictionary.Get(error.Code).Text.In(Problems.LanguageOf(context.Request));
        var expected = error.Expected is null ? "" : $" ({error.Expected})";
        return Answer(PartnerHttp.Refused, $"{error.Code} {(error.Pointer.Length == 0 ? "" : error.Pointer + " ")}{text}{expected}", null, time);
    }

    private static IResult Answer(string code, string message, int? total, TimeProvider time) =>
        Results.Json(new { code, message, total, serviceTime = time.GetUtcNow().ToUnixTimeMilliseconds() }, Problems.Json);
}
