using System.Net.Http.Headers;
using System.Text;

namespace Sandan.Chaos.Load;

/// <summary>
/// Asks what an officer asks: of consignments why the documents do or do not match, the decision, the tax; of declarations their receipts, and what
/// returns say.
/// </summary>
internal static class Questions
{
    /// <returns>All answers, one after the other.</returns>
    /// <param name="events">Asked about.</param>
    /// <exception cref="HttpRequestException">One was not answered.</exception>
    public static async Task<string> AskAsync(Uri gateway, string key, IEnumerable<FeedEvent> events, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var answers = new StringBuilder();
        foreach (var route in events.SelectMany(RoutesOf).Distinct())
        {
            using var answer = await http.GetAsync(new Uri(route, UriKind.Relative), ct);
            if (answer.StatusCode != System.Net.HttpStatusCode.NotFound) // tax has none of what does not match
            {
                answer.EnsureSuccessStatusCode();
            }

            answers.AppendLine(await answer.Content.ReadAsStringAsync(ct));
        }

        return answers.ToString();
    }

    private static string[] RoutesOf(FeedEvent told) => told switch
    {
        { Document: null } => [$"/v1/consignments/{told.Subject}", $"/v1/clearances/{told.Subject}", $"/v1/taxes/{told.Subject}"],
        _ when told.Type.StartsWith("cn.sandan.return.", StringComparison.Ordinal) => [$"/v1/documents/{told.Document}/receipts", $"/v1/returns/{told.PreNo}"],
        _ => [$"/v1/documents/{told.Document}/receipts"],
    };
}
