using System.Text.Json;

namespace Sandan.Chaos.Books;

/// <summary>Which document: kind, the company that numbers it, and the number.</summary>
internal readonly record struct PaperName(Kind Kind, string Company, string Number);

/// <summary>A document as it was sent, in clear: what the oracle compares.</summary>
/// <param name="Platform">Null on a waybill.</param>
/// <param name="Facts">Value by official field name.</param>
internal sealed record Paper(
    PaperName Name, char AppType, string AppTime, string OrderNo, string? Platform, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>Of the one line of an order or an inventory; null of others.</summary>
    public string? Quantity { get; init; }

    private static readonly string[] Compared =
    [
        "acturalPaid", "amountPaid", "buyerName", "payerName", "buyerIdNumber", "payerIdNumber", "payCode", "payTransactionId",
        "ebpName", "consignee", "consigneeTelephone", "consigneeAddress",
    ];

    /// <summary>Null where it is no document.</summary>
    public static Paper? Read(string route, ReadOnlyMemory<byte> line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var (kind, company, number) = route switch
        {
            "/v1/orders" => (Kind.Order, "ebpCode", "orderNo"),
            "/v1/payments" => (Kind.Payment, "payCode", "payTransactionId"),
            "/v1/inventories" => (Kind.Inventory, "ebcCode", "orderNo"),
            _ => (Kind.Waybill, "logisticsCode", "logisticsNo"),
        };
        return Text(company) is not { } of ? null : new(
            new(kind, of, Text(number)!),
            Text("appType")![0],
            Text("appTime")!,
            Text("orderNo")!,
            Text("ebpCode"),
            Compared.Where(name => Text(name) is not null).ToDictionary(name => name, name => Text(name)!))
        {
            Quantity = Lines("orderList") ?? Lines("inventoryList"),
        };

        string? Text(string name) => root.TryGetProperty(name, out var value) ? value.ToString() : null;

        string? Lines(string name) => root.TryGetProperty(name, out var lines) ? lines[0].GetProperty("qty").ToString() : null;
    }
}

/// <summary>A version that Sandan said it has stored.</summary>
/// <param name="Id">Null where the ledger keeps none: the benchmark only counts the answers.</param>
internal sealed record Version(int Number, Guid? Id, Paper Paper);
