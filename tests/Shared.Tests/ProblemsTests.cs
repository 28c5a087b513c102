using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Shared.Http;

namespace Sandan.Shared.Tests;

public sealed class ProblemsTests
{
    public static TheoryData<string> Codes => [.. typeof(RequestCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(one => one.IsLiteral).Select(one => (string)one.GetRawConstantValue()!)];

    [Theory]
    [InlineData(null, Language.Chinese)]
    [InlineData("", Language.Chinese)]
    [InlineData("*", Language.Chinese)]
    [InlineData("de", Language.Chinese)]
    [InlineData("en", Language.English)]
    [InlineData("EN-gb", Language.English)]
    [InlineData("zh-CN", Language.Chinese)]
    [InlineData("en, zh", Language.English)]
    [InlineData("zh, en", Language.Chinese)]
    [InlineData("en;q=0.5, zh;q=0.8", Language.Chinese)]
    [InlineData("zh;q=0.5, en;q=0.8", Language.English)]
    [InlineData("de, en;q=0.3, zh;q=0.2", Language.English)]
    [InlineData("de;q=1, zh-Hant;q=0.9, en;q=0.9", Language.Chinese)]
    [InlineData("en;q=0", Language.Chinese)]
    [InlineData("en;q=0, *", Language.Chinese)]
    [InlineData("enm", Language.Chinese)] // Middle English
    [InlineData("en;q=nonsense", Language.Chinese)]
    [InlineData(",;;=,\u0001", Language.Chinese)]
    public void The_language_is_the_preferred_one(string? accepted, Language expected)
    {
        var context = new DefaultHttpContext();
        if (accepted is not null)
        {
            context.Request.Headers.AcceptLanguage = accepted;
        }

        Assert.Equal(expected, Problems.LanguageOf(context.Request));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_request_code_makes_a_whole_problem_in_both_languages(string code)
    {
        var chinese = await AnswerAsync("zh", code);
        var english = await AnswerAsync("en", code);
        Assert.NotEqual(chinese.GetProperty("title").GetString(), english.GetProperty("title").GetString());
        foreach (var problem in (JsonElement[])[chinese, english])
        {
            Assert.Equal($"urn:sandan:code:{code}", problem.GetProperty("type").GetString());
            Assert.Equal(code, problem.GetProperty("code").GetString());
            Assert.Equal(418, problem.GetProperty("status").GetInt32());
            Assert.All(
                (string[])["title", "detail", "fix"], name => Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty(name).GetString())));
        }
    }

    [Fact]
    public async Task Each_fault_is_explained_and_Chinese_is_readable_on_the_wire()
    {
        var problem = await AnswerAsync(
            "zh", RequestCodes.RoleNotAllowed, [new("/0/a", RequestCodes.ParameterInvalid, "1", "2"), new("", RequestCodes.NotFound, null, null)]);
        var errors = problem.GetProperty("errors").EnumerateArray().ToArray();
        Assert.Equal(2, errors.Length);
        Assert.Equal("/0/a", errors[0].GetProperty("pointer").GetString());
        Assert.Equal(("1", "2"), (errors[0].GetProperty("expected").GetString(), errors[0].GetProperty("actual").GetString()));
        Assert.False(errors[1].TryGetProperty("expected", out _)); // nothing for null
        Assert.Contains(CodeDictionary.Get(RequestCodes.RoleNotAllowed).Text.Zh, problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_replaces_what_a_failed_answer_had_said_of_itself()
    {
        var context = Context("en");
        context.Response.ContentLength = 3;
        context.Response.ContentType = "text/csv";
        context.Response.Headers.ETag = "\"1\"";
        context.Response.Headers.CacheControl = "max-age=60";
        context.Response.Headers["X-Trace-Id"] = "kept";
        await Problems.WriteAsync(context, 500, RequestCodes.InternalError);
        Assert.Equal("application/problem+json", context.Response.ContentType);
        Assert.Equal(context.Response.Body.Length, context.Response.ContentLength);
        Assert.False(context.Response.Headers.ContainsKey("ETag"));
        Assert.False(context.Response.Headers.ContainsKey("Cache-Control"));
        Assert.Equal("kept", context.Response.Headers["X-Trace-Id"]);
        Assert.Equal("en", context.Response.Headers.ContentLanguage);
    }

    private static DefaultHttpContext Context(string language)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.AcceptLanguage = language;
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static async Task<JsonElement> AnswerAsync(string language, string code, IEnumerable<FieldError>? errors = null)
    {
        var context = Context(language);
        await Problems.WriteAsync(context, 418, code, errors);
        Assert.Equal(418, context.Response.StatusCode);
        var text = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        return JsonDocument.Parse(text).RootElement;
    }
}
