using System.Globalization;
using System.Text.Json;

namespace Sandan.Chaos.Books;

/// <summary>Which document: kind, the company that numbers it, and the number, whose parts U+001F parts.</summary>
internal readonly record struct PaperName(Kind Kind, string Company, string Number)
{
    /// <summary>As the intake keeps it.</summary>
    public string Key => Company + Between + Number;

    public const char Between = '\u001F';

    public override string ToString() => $"{Kind} {Key.Replace(Between, '/')}";
}

/// <summary>A document as it was sent, in clear: what the oracle compares.</summary>
/// <param name="OrderNo">Empty where it names none: on a waybill of an export, and on a departure.</param>
/// <param name="Platform">Null on a waybill, and on a departure.</param>
/// <param name="Facts">Value by official field name.</param>
internal sealed record Paper(
    PaperName Name, char AppType, string AppTime, string OrderNo, string? Platform, IReadOnlyDictionary<string, string> Facts)
{
    /// <summary>Of the one line of an order, an inventory or a return; null of others.</summary>
    public string? Quantity { get; init; }

    /// <summary>The same as a number.</summary>
    public decimal Pieces => decimal.Parse(Quantity!, CultureInfo.InvariantCulture);

    /// <summary>Number of the article in the bonded account that an inventory names; null of others.</summary>
    public string? RecordNo { get; init; }

    /// <summary>Numbers of the parcels that a departure lists.</summary>
    public IReadOnlyList<string> Parcels { get; init; } = [];

    /// <summary>Official names of kinds, with the members that name a document.</summary>
    public static readonly IReadOnlyDictionary<string, (Kind Kind, string[] Key)> Kinds = new Dictionary<string, (Kind, string[])>
    {
        ["CEB311"] = (Kind.Order, ["ebpCode", "orderNo"]),
        ["CEB411"] = (Kind.Payment, ["payCode", "payTransactionId"]),
        ["CEB511"] = (Kind.Waybill, ["logisticsCode", "logisticsNo"]),
        ["CEB621"] = (Kind.Inventory, ["ebcCode", "orderNo"]),
        ["CEB625"] = (Kind.Return, ["agentCode", "invtNo", "copNo"]),
        ["CEB623"] = (Kind.Cancellation, ["agentCode", "invtNo", "copNo"]),
        ["CEB605"] = (Kind.ExportCancellation, ["agentCode", "invtNo", "copNo"]),
        ["CEB303"] = (Kind.ExportOrder, ["ebpCode", "ebcCode", "orderNo"]),
        ["CEB403"] = (Kind.ExportPayment, ["ebcCode", "ebpCode", "orderNo", "payNo"]),
        ["CEB505"] = (Kind.ExportWaybill, ["logisticsCode", "logisticsNo"]),
        ["CEB603"] = (Kind.ExportInventory, ["agentCode", "copNo"]),
        ["CEB509"] = (Kind.Departure, ["logisticsCode", "copNo", "msgSeqNo"]),
    };

    private static readonly Dictionary<string, (Kind Kind, string[] Key)> OfRoute = Kinds.Values.ToDictionary(one => Traffic.RouteOf(one.Kind));

    private static readonly string[] Compared =
    [
        "acturalPaid", "amountPaid", "buyerName", "payerName", "buyerIdNumber", "payerIdNumber", "payCode", "payTransactionId",
        "ebpName", "consignee", "consigneeTelephone", "consigneeAddress", "ebcCode", "orderType", "tradeMode", "logisticsCode", "logisticsNo",
        "invtNo", "copNo", "msgCount", "emsNo",
    ];

    /// <summary>Null where it is no document.</summary>
    public static Paper? Read(string route, ReadOnlyMemory<byte> line)
    {
        using var json = JsonDocument.Parse(line);
        var root = json.RootElement;
        var (kind, key) = OfRoute[route];
        return Text(key[0]) is not { } of ? null : new(
            new(kind, of, string.Join(PaperName.Between, key.Skip(1).Select(Text))),
            Text("appType")![0],
            Text("appTime")!,
            Text("orderNo") ?? "",
            Text("ebpCode"),
            Compared.Where(name => Text(name) is not null).ToDictionary(name => name, name => Text(name)!))
        {
            Quantity = OfLine("orderList", "qty") ?? OfLine("inventoryList", "qty") ?? OfLine("invtRefundList", "qty"),
            RecordNo = OfLine("inventoryList", "itemRecordNo"),
            Parcels = root.TryGetProperty("departureList", out var parcels)
                ? [.. parcels.EnumerateArray().Select(one => one.GetProperty("logisticsNo").GetString()!)]
                : [],
        };

        string? Text(string name) => root.TryGetProperty(name, out var value) ? value.ToString() : null;

        string? OfLine(string list, string name) =>
            root.TryGetProperty(list, out var lines) && lines[0].TryGetProperty(name, out var value) ? value.ToString() : null;
    }
}

/// <summary>A version that Sandan said it has stored.</summary>
/// <param name="Id">Null where the ledger keeps none: the benchmark only counts the answers.</param>
internal sealed record Version(int Number, Guid? Id, Paper Paper);
