using System.Net;
using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests.Attacks;

/// <summary>Companies that have nothing to do with an attack: they send right documents all the time, through both doors.</summary>
internal sealed class Bystander
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private readonly IReadOnlyList<Door> doors;
    private readonly List<string> released = [];
    private readonly List<string> refused = [];
    private readonly Task sending;
    private volatile bool ending;
    private volatile int sent;

    public Bystander(IReadOnlyList<Door> doors)
    {
        this.doors = doors;
        sending = SendAsync();
    }

    /// <summary>Consignments so far.</summary>
    public int Sent => sent;

    /// <summary>Waits until it has sent so many consignments.</summary>
    public Task HasSentAsync(int count) =>
        Eventually.IsTrueAsync(Eventually.Soon, $"{count} consignments are sent", () => Task.FromResult(sent >= count));

    /// <summary>Ends, and waits until all that it sent is released.</summary>
    /// <param name="wrong">Gets what was refused.</param>
    /// <returns>Number of consignments.</returns>
    public async Task<int> EndAsync(List<string> wrong)
    {
        ending = true;
        await sending;
        wrong.AddRange(refused);
        var client = doors[0].Client;
        foreach (var number in released)
        {
            await client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 800, $"{number} of the bystander is released");
        }

        return released.Count;
    }

    private async Task SendAsync()
    {
        while (!ending)
        {
            var number = Documents.NewNumber();
            var client = doors[sent % doors.Count].Client;
            var good = await PostAsync(client, "platform", "/v1/orders", Documents.Order(number))
                & await PostAsync(client, "payment", "/v1/payments", Documents.Payment(number))
                & await PostAsync(client, "logistics", "/v1/waybills", Documents.Waybill(number));
            if (good)
            {
                released.Add(number);
            }

            sent++;
            await Task.Delay(Between);
        }
    }

    private async Task<bool> PostAsync(Client client, string role, string path, JsonObject document)
    {
        var answer = await client.PostAsync(role, path, document);
        if (answer.Status == HttpStatusCode.Created)
        {
            return true;
        }

        refused.Add($"The bystander got {answer}");
        return false;
    }
}
