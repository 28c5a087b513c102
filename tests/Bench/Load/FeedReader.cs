using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Sandan.Bench.Load;

/// <summary>Reads the whole feed as customs does, page by page with a long poll, and tells the ledger of each clearance.</summary>
internal sealed class FeedReader(Uri gateway, string key, Traffic traffic, Ledger ledger)
{
    private readonly IPEndPoint server = new(IPAddress.Parse(gateway.Host), gateway.Port);

    /// <summary>Reads until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var connection = new Connection(server);
        var cursor = "";
        while (!ct.IsCancellationRequested)
        {
            var head = string.Create(
                CultureInfo.InvariantCulture,
                $"GET /v1/events?limit=1000{(cursor.Length == 0 ? "" : "&after=" + cursor)} HTTP/1.1\r\nHost: {server}\r\n"
                + $"Authorization: Bearer {key}\r\nPrefer: wait=2\r\n\r\n");
            try
            {
                var answer = await connection.SendAsync(Encoding.ASCII.GetBytes(head), default, ct);
                if (answer.Status == 200)
                {
                    cursor = Read(answer.Body.Span);
                }
                else
                {
                    ledger.Fault($"The feed answers {answer.Status}.");
                    await Task.Delay(1000, ct);
                }
            }
            catch (IOException)
            {
                await Task.Delay(100, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private string Read(ReadOnlySpan<byte> page)
    {
        var json = new Utf8JsonReader(page);
        var (number, status, code, cursor, isClearance) = (-1, 0, "", "", false);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.EndObject && json.CurrentDepth == 2 && isClearance)
            {
                ledger.Cleared(number, status, code);
            }

            if (json.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (json.CurrentDepth == 1 && json.ValueTextEquals("next"u8))
            {
                json.Read();
                cursor = json.GetString()!;
            }
            else if (json.CurrentDepth == 3 && json.ValueTextEquals("type"u8))
            {
                json.Read();
                isClearance = json.ValueSpan.StartsWith("cn.sandan.clearance."u8);
            }
            else if (json.CurrentDepth == 4 && json.ValueTextEquals("orderNo"u8))
            {
                json.Read();
                number = traffic.NumberOf(json.ValueSpan);
            }
            else if (json.CurrentDepth == 4 && json.ValueTextEquals("returnStatus"u8))
            {
                json.Read();
                status = json.GetInt32();
            }
            else if (json.CurrentDepth == 4 && json.ValueTextEquals("code"u8))
            {
                json.Read();
                code = json.GetString()!;
            }
            else if (json.CurrentDepth == 4)
            {
                json.Skip();
            }
        }

        return cursor;
    }
}
