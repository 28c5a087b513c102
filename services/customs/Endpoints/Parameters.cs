using System.Globalization;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Customs.Feed;
using Sandan.Shared.Http;

namespace Sandan.Customs.Endpoints;

/// <summary>Reads query parameters; what is wrong with one is gathered, and answered in one problem.</summary>
internal sealed class Parameters(HttpContext context)
{
    private readonly List<FieldError> errors = [];

    /// <summary>The problem to answer with; null where nothing is wrong.</summary>
    public IResult? Problem => errors.Count == 0
        ? null
        : Problems.Result(context, StatusCodes.Status400BadRequest, errors[0].Code, errors);

    /// <summary>A parameter's text; null where it is absent or empty.</summary>
    public string? Text(string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>A whole number between two bounds, both inclusive.</summary>
    public int Number(string name, int least, int most, int otherwise)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return number;
        }

        Refuse(name, RequestCodes.ParameterInvalid, $"{least}..{most}", text);
        return otherwise;
    }

    /// <summary>Event types, comma between them; null where all are wanted.</summary>
    public string[]? Types()
    {
        if (Text("types") is not { } text)
        {
            return null;
        }

        var types = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Distinct().ToArray();
        if (types.Length == 0 || types.Any(type => !FeedTypes.All.Contains(type)))
        {
            Refuse("types", RequestCodes.ParameterInvalid, string.Join(',', FeedTypes.All), text);
        }

        return types;
    }

    /// <summary>A place in a list; null where the text is none.</summary>
    public long? Cursor(string name, byte list)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var position = Feed.Cursor.Read(list, text);
        if (position is null)
        {
            Refuse(name, RequestCodes.CursorInvalid, null, text);
        }

        return position;
    }

    /// <summary>Notes what is wrong.</summary>
    public void Refuse(string name, string code, string? expected, string actual) =>
        errors.Add(new($"?{name}", code, expected, actual.Length > 100 ? actual[..100] : actual));
}
