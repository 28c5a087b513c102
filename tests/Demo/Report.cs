using System.Globalization;
using System.Text.Json.Nodes;

namespace Sandan.Demo;

/// <summary>Asks for every consignment that is not plainly released, compares, and prints what happened.</summary>
internal sealed class Report(Api api, World world, Sending sending, Outcomes outcomes, IReadOnlyList<Expectation> expectations)
{
    private readonly List<(Expectation Expected, JsonNode Found)> asked = [];

    /// <summary>Prints the tables; the number of consignments whose outcome is not the expected one.</summary>
    public async Task<int> PrintAsync()
    {
        var wrong = new List<string>();
        foreach (var expectation in expectations)
        {
            if (expectation.Defect == Defect.None)
            {
                if (!outcomes.IsAsExpected(expectation))
                {
                    wrong.Add($"{expectation.OrderNo}: expected release, found {Status(expectation)}");
                }

                continue;
            }

            var found = await api.GetAsync(world.CustomsKey, $"/v1/consignments/{expectation.PlatformCode}/{expectation.OrderNo}");
            asked.Add((expectation, found));
            if (Complaint(expectation, found) is { } complaint)
            {
                wrong.Add($"{expectation.OrderNo} ({expectation.Defect.Name}): {complaint}");
            }
        }

        Print();
        PrintExplanation();
        Console.WriteLine();
        if (wrong.Count == 0)
        {
            Console.WriteLine($"All {expectations.Count} consignments have exactly the outcome that they should have.");
        }
        else
        {
            Console.WriteLine($"{wrong.Count} consignments have another outcome than they should have:");
            wrong.Take(20).ToList().ForEach(line => Console.WriteLine("  " + line));
        }

        return wrong.Count;
    }

    private string Status(Expectation expectation) =>
        outcomes.Of(expectation)?["data"]?["returnStatus"]?.ToString() ?? "no decision";

    private string? Complaint(Expectation expectation, JsonNode found)
    {
        var defect = expectation.Defect;
        if (found["state"]!.ToString() != defect.State)
        {
            return $"expected {defect.State}, found {found["state"]}";
        }

        if (defect.Status is { } status && !outcomes.IsAsExpected(expectation))
        {
            return $"expected returnStatus {status}, found {Status(expectation)}";
        }

        return defect.Code is null || found.ToJsonString().Contains($"\"{defect.Code}\"", StringComparison.Ordinal)
            ? null
            : $"does not say {defect.Code}";
    }

    private void Print()
    {
        Title("Received");
        Row("orders (CEB311)", sending.Accepted.GetValueOrDefault("CEB311"));
        Row("payments (CEB411)", sending.Accepted.GetValueOrDefault("CEB411"));
        Row("waybills (CEB511)", sending.Accepted.GetValueOrDefault("CEB511"));
        Row("of these as official XML", sending.AsXml);

        // What was released needs no question: it was matched and taxed. All others were asked for one by one.
        var plain = expectations.Count(one => one.Defect == Defect.None && Status(one) == "800");
        Title("Compared");
        foreach (var state in (string[])["Matched", "Mismatched", "Waiting", "Ambiguous"])
        {
            Row(
                state.ToLowerInvariant(),
                asked.Count(one => one.Found["state"]!.ToString() == state) + (state == "Matched" ? plain : 0));
        }

        Title("Defects sent, and answered with their code");
        foreach (var group in asked.GroupBy(one => one.Expected.Defect))
        {
            Row($"{group.Key.Name} ({group.Key.Code}): {group.Count()} sent", group.Count(one => Complaint(one.Expected, one.Found) is null));
        }

        Title("Taxed and decided");
        Row("taxed", asked.Count(one => one.Found["tax"] is not null) + plain);
        Row("released (800)", expectations.Count(one => Status(one) == "800"));
        Row("held (300)", expectations.Count(one => Status(one) == "300"));
        Row("rejected (100)", expectations.Count(one => Status(one) == "100"));
        Row("events on the feed", outcomes.EventCount);
    }

    private void PrintExplanation()
    {
        var (expected, found) = asked.FirstOrDefault(one => one.Expected.Defect == Defect.PaidAmount);
        if (found is null)
        {
            return;
        }

        var explanation = found["discrepancies"]![0]!["explanation"]!;
        Title("One mismatch in words");
        Console.WriteLine($"  GET /v1/consignments/{expected.PlatformCode}/{expected.OrderNo}");
        Console.WriteLine($"  {explanation["zh"]}");
        Console.WriteLine($"  {explanation["en"]}");
    }

    private static void Title(string text) => Console.WriteLine($"\n{text}");

    private static void Row(string name, int count) =>
        Console.WriteLine($"  {name,-52}{count.ToString("N0", CultureInfo.InvariantCulture),10}");
}
