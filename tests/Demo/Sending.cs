using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;

namespace Sandan.Demo;

/// <summary>Sends a day's documents, some as NDJSON, some as the official XML, and counts the answers.</summary>
internal sealed class Sending(Api api, Random random)
{
    private const int SliceSize = 400;

    /// <summary>Accepted documents by message type.</summary>
    public Dictionary<string, int> Accepted { get; } = [];

    /// <summary>How many of them went as XML.</summary>
    public int AsXml { get; private set; }

    public async Task SendAsync(IReadOnlyList<Document> documents, Action<int> progress)
    {
        var sent = 0;
        foreach (var slice in documents.Chunk(SliceSize))
        {
            foreach (var group in slice.GroupBy(document => (document.Message, document.Sender)))
            {
                foreach (var batch in group.Chunk(group.Key.Message.DocumentsMax))
                {
                    await SendAsync(group.Key.Message, group.Key.Sender, [.. batch.Select(document => document.Content)]);
                    sent += batch.Length;
                    progress(sent);
                }
            }
        }
    }

    private async Task SendAsync(CebMessage message, Company sender, IReadOnlyList<JsonObject> documents)
    {
        if (random.Next(3) == 0)
        {
            var receipts = await api.PostXmlAsync(sender.Key, $"/v1/ceb/{message.Type}", CebXml.Write(message, sender, documents));
            var taken = receipts.Split("<returnStatus>2</returnStatus>").Length - 1;
            Count(message, taken, documents.Count, receipts);
            AsXml += taken;
            return;
        }

        var route = message == CebMessage.Order ? "orders" : message == CebMessage.Payment ? "payments" : "waybills";
        var results = await api.PostLinesAsync(sender.Key, $"/v1/{route}", documents);
        Count(
            message,
            results.Count(result => result["outcome"]!.ToString() is "created" or "changed" or "exists"),
            documents.Count,
            string.Join('\n', results.Where(result => result["errors"] is JsonArray { Count: > 0 }).Take(3)));
    }

    private void Count(CebMessage message, int taken, int sent, string answer)
    {
        if (taken != sent)
        {
            throw new DemoException($"{sent - taken} of {sent} {message.Type} documents were not taken: {answer}");
        }

        Accepted[message.Type] = Accepted.GetValueOrDefault(message.Type) + taken;
    }
}
