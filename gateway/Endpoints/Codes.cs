using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Gateway.Endpoints;

/// <summary>A code in one language.</summary>
internal sealed record CodeText(string Code, string Text, string Cause, string Fix, bool Official);

/// <summary>The code dictionary as it is sent: made once, for it changes with the program only.</summary>
internal sealed class CodeTexts
{
    private readonly Dictionary<Language, CodeText[]> byLanguage;
    private readonly byte[] both;
    private readonly Dictionary<Language, byte[]> one;

    /// <summary>Makes it.</summary>
    public CodeTexts()
    {
        byLanguage = Enum.GetValues<Language>().ToDictionary(
            language => language,
            language => CodeDictionary.All.Select(entry => In(entry, language)).ToArray());
        both = JsonSerializer.SerializeToUtf8Bytes(new { data = CodeDictionary.All }, Problems.Json);
        one = byLanguage.ToDictionary(
            pair => pair.Key, pair => JsonSerializer.SerializeToUtf8Bytes(new { data = pair.Value }, Problems.Json));
        ETag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(both))[..16]}\"");
    }

    /// <summary>Changes with the dictionary.</summary>
    public EntityTagHeaderValue ETag { get; }

    /// <summary>All codes, in one language or, for null, in both.</summary>
    public byte[] All(Language? language) => language is { } said ? one[said] : both;

    /// <summary>One code; null where there is none.</summary>
    public static byte[]? Find(string code, Language? language)
    {
        var entry = CodeDictionary.All.FirstOrDefault(entry => entry.Code == code);
        return entry is null ? null
            : language is { } said ? JsonSerializer.SerializeToUtf8Bytes(In(entry, said), Problems.Json)
            : JsonSerializer.SerializeToUtf8Bytes(entry, Problems.Json);
    }

    private static CodeText In(CodeEntry entry, Language language) =>
        new(entry.Code, entry.Text.In(language), entry.Cause.In(language), entry.Fix.In(language), entry.Official);
}

/// <summary>Every code that Sandan can say, for everybody: <c>/v1/codes</c>, <c>/v1/codes/{code}</c>.</summary>
internal static class Codes
{
    /// <summary>Maps them.</summary>
    public static void MapCodes(this IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/codes", (HttpContext context, CodeTexts texts, string? lang) =>
            Answer(context, texts, lang, texts.All));
        app.MapGet("/v1/codes/{code}", (HttpContext context, CodeTexts texts, string? lang, string code) =>
            Answer(context, texts, lang, language => CodeTexts.Find(code, language)));
    }

    private static IResult Answer(HttpContext context, CodeTexts texts, string? lang, Func<Language?, byte[]?> find)
    {
        Language? language = lang?.ToLowerInvariant() switch
        {
            "zh" or "zh-cn" => Language.Chinese,
            "en" => Language.English,
            _ => null,
        };
        if (lang is not null && language is null)
        {
            return Problems.Result(
                context,
                StatusCodes.Status400BadRequest,
                RequestCodes.ParameterInvalid,
                [new("?lang", RequestCodes.ParameterInvalid, "zh, zh-CN, en", lang.Length > 100 ? lang[..100] : lang)]);
        }

        if (find(language) is not { } body)
        {
            return Problems.Result(context, StatusCodes.Status404NotFound, RequestCodes.NotFound);
        }

        context.Response.Headers.CacheControl = "public, max-age=300";
        return Results.Bytes(body, "application/json; charset=utf-8", entityTag: texts.ETag);
    }
}
