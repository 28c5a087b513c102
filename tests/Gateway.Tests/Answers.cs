using System.Net;
using System.Text.Json;
using Sandan.Shared.Http;

namespace Sandan.Gateway.Tests;

/// <summary>What the tests ask of an answer.</summary>
internal static class Answers
{
    /// <summary>Asserts that an answer is a problem with this status and code.</summary>
    public static async Task<Problem> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} {text}");
        Assert.Equal(Problems.ContentType, answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<Problem>(text, Problems.Json)!;
        Assert.Equal(code, problem.Code);
        Assert.Equal((int)status, problem.Status);
        return problem;
    }
}
