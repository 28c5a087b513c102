using System.Net.Http.Headers;
using System.Text;

namespace Sandan.Chaos.Load;

/// <summary>Asks of consignments what an officer asks: why the documents do or do not match, the decision, the tax.</summary>
internal static class Questions
{
    /// <returns>All answers, one after the other.</returns>
    /// <param name="subjects"><c>ebpCode/orderNo</c>.</param>
    /// <exception cref="HttpRequestException">One was not answered.</exception>
    public static async Task<string> AskAsync(Uri gateway, string key, IEnumerable<string> subjects, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var answers = new StringBuilder();
        foreach (var subject in subjects)
        {
            foreach (var route in (string[])["/v1/consignments", "/v1/clearances", "/v1/taxes"])
            {
                using var answer = await http.GetAsync(new Uri($"{route}/{subject}", UriKind.Relative), ct);
                if (answer.StatusCode != System.Net.HttpStatusCode.NotFound) // tax has none of what does not match
                {
                    answer.EnsureSuccessStatusCode();
                }

                answers.AppendLine(await answer.Content.ReadAsStringAsync(ct));
            }
        }

        return answers.ToString();
    }
}
