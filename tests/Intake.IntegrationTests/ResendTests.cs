using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Sandan.Contracts.Ceb;
using Sandan.IntegrationTests;

namespace Sandan.Intake.IntegrationTests;

/// <summary>Whoever sends the same bytes again gets the same receipt, whenever; nothing is stored or told twice.</summary>
public sealed partial class ResendTests(IntakeInstallation intake) : IClassFixture<IntakeInstallation>
{
    [ServersTheory]
    [InlineData("json", false)]
    [InlineData("json", true)]
    [InlineData("ndjson", false)]
    [InlineData("ndjson", true)]
    [InlineData("xml", false)]
    [InlineData("xml", true)]
    public async Task T_RESEND_the_same_bytes_get_the_same_receipt_at_once_later_and_from_a_service_that_restarted(string form, bool keyed)
    {
        string[] numbers = [.. Enumerable.Range(1, form == "json" ? 1 : 3).Select(at => $"R-{form}-{keyed}-{at}")];
        var orders = numbers.Select(Make.Order).ToArray();
        var (body, type, path) = form switch
        {
            "json" => (orders[0].ToJsonString(), "application/json", "/v1/orders"),
            "ndjson" => (Lines(orders), "application/x-ndjson", "/v1/orders"),
            _ => (Make.Xml(CebMessage.Order, orders), "application/xml", "/v1/ceb/CEB311"),
        };
        var service = await intake.StartAsync(Sandan.Order.Program.Build);

        // With the first, behind it, when all is told, and behind a restart.
        var answers = (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => SendAsync(service)))).ToList();
        answers.Add(await SendAsync(service));
        await Eventually.BecomesAsync("they are told", () => numbers.All(no => intake.OrdersTold.Any(one => one.OrderNo == no)));
        answers.Add(await SendAsync(service));
        await service.StopAsync();
        answers.Add(await SendAsync(await intake.StartAsync(Sandan.Order.Program.Build)));

        Assert.Single(answers.Select(one => Receipt(one.Text)).Distinct());
        if (keyed)
        {
            Assert.Single(answers.Select(one => one.Text).Distinct());
            Assert.Single(answers, one => !one.IsReplayed);
        }
        else if (form != "xml") // whose receipts do not tell which was the first
        {
            Assert.Single(answers, one => one.Text.Contains("\"created\"", StringComparison.Ordinal));
        }

        await NothingTwiceAsync(numbers);

        async Task<(string Text, bool IsReplayed)> SendAsync(WebApplication to)
        {
            using var answer = await intake.PostAsync(
                body, type, idempotencyKey: keyed ? $"resend-{form}" : null, path: path, service: to);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {text}");
            return (text, answer.Headers.Contains("Idempotency-Replayed"));
        }
    }

    [ServersFact]
    public async Task T_RESEND_a_hundred_senders_who_send_the_same_a_hundred_times_are_all_answered_and_nothing_is_stored_twice()
    {
        string[] numbers = ["R-STORM-1", "R-STORM-2"];
        var body = Lines([.. numbers.Select(Make.Order)]);
        var answers = new ConcurrentDictionary<string, int>();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async sender =>
        {
            for (var turn = 0; turn < 100; turn++)
            {
                // A third has no key, a third one for all, a third one each.
                using var answer = await intake.PostAsync(
                    body, "application/x-ndjson", idempotencyKey: (sender % 3) switch { 0 => null, 1 => "storm", _ => $"storm-{sender}" });
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                answers.AddOrUpdate(Receipt(await answer.Content.ReadAsStringAsync()), 1, (_, count) => count + 1);
            }
        }));

        Assert.Equal(10_000, Assert.Single(answers).Value);
        await NothingTwiceAsync(numbers);
    }

    private static string Lines(JsonObject[] orders) => string.Join('\n', orders.Select(one => one.ToJsonString()));

    /// <summary>What an answer says of the documents; not which was the first, when it was sent and under which trace.</summary>
    private static string Receipt(string answer) => answer.StartsWith('<')
        ? string.Concat(XDocument.Parse(answer).Root!.Elements().Elements().Where(one => one.Name.LocalName != "returnTime"))
        : Trace().Replace(answer, "").Replace("\"created\"", "\"exists\"", StringComparison.Ordinal);

    [GeneratedRegex(",\"traceId\":\"[0-9a-f]*\"")]
    private static partial Regex Trace();

    private async Task NothingTwiceAsync(string[] numbers)
    {
        // What is sent last is told last.
        var last = $"{numbers[0]}-LAST";
        using var marker = await intake.PostAsync(Make.Order(last).ToJsonString());
        await Eventually.BecomesAsync("the last is told", () => intake.OrdersTold.Any(one => one.OrderNo == last));
        foreach (var number in numbers)
        {
            Assert.Equal(1, await intake.VersionsOfAsync(number));
            Assert.Single(intake.OrdersTold, one => one.OrderNo == number);
        }
    }
}
