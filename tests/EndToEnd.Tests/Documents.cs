using System.Text.Json.Nodes;

namespace Sandan.EndToEnd.Tests;

/// <summary>The examples of <c>contracts/examples/v1</c> under other numbers: three documents that fit.</summary>
internal static class Documents
{
    private static int count;

    /// <summary>An order number that no other test uses.</summary>
    public static string NewNumber() => $"E{Environment.ProcessId % 100000:00000}{Interlocked.Increment(ref count):00000}";

    public static JsonObject Order(string orderNo)
    {
        var order = Example("order");
        order["orderNo"] = orderNo;
        order["payTransactionId"] = "P" + orderNo;
        AsPerson(order, orderNo, "buyerName", "buyerIdNumber", "buyerTelephone");
        AsPerson(order, orderNo, "consignee", null, "consigneeTelephone");
        order["consigneeAddress"] = $"浙江省杭州市西湖区文三路 {orderNo} 号";
        return order;
    }

    public static JsonObject Payment(string orderNo)
    {
        var payment = Example("payment");
        payment["orderNo"] = orderNo;
        payment["payTransactionId"] = "P" + orderNo;
        AsPerson(payment, orderNo, "payerName", "payerIdNumber", null);
        return payment;
    }

    /// <summary>The original data of <see cref="Payment"/>.</summary>
    public static JsonObject OriginalPayment(string orderNo)
    {
        var original = Example("original-payment");
        original["payExchangeInfoHead"]!["payTransactionId"] = "P" + orderNo;
        original["payExchangeInfoLists"]![0]!["orderNo"] = orderNo;
        return original;
    }

    public static JsonObject Waybill(string orderNo)
    {
        var waybill = Example("waybill");
        waybill.Remove("platformCode");
        waybill["orderNo"] = orderNo;
        waybill["logisticsNo"] = "W" + orderNo;
        AsPerson(waybill, orderNo, "consignee", null, "consigneeTelephone");
        waybill["consigneeAddress"] = $"浙江省杭州市西湖区文三路 {orderNo} 号";
        return waybill;
    }

    /// <summary>Goods of <see cref="Inventory"/> come back.</summary>
    public static JsonObject Return(string orderNo, string invtNo, string copNo, params (int Gnum, string Gcode, int Quantity)[] lines)
    {
        var (asked, inventory) = (Example("return"), Inventory(orderNo));
        foreach (var field in (string[])["orderNo", "logisticsNo", "buyerName", "buyerIdNumber", "buyerTelephone"])
        {
            asked[field] = inventory[field]!.DeepClone();
        }

        (asked["guid"], asked["invtNo"], asked["copNo"]) = (Guid.CreateVersion7().ToString("D").ToUpperInvariant(), invtNo, copNo + orderNo);
        asked["invtRefundList"] = new JsonArray([.. lines.Select(line => new JsonObject
        {
            ["gnum"] = line.Gnum, ["gcode"] = line.Gcode, ["gname"] = "x", ["qty"] = line.Quantity, ["unit"] = "142",
        })]);
        return asked;
    }

    public static JsonObject Inventory(string orderNo)
    {
        var inventory = Example("inventory");
        inventory["orderNo"] = orderNo;
        inventory["emsNo"] = "T3102W000002"; // an account that nobody opens: the READMEs open that of the example, and its goods come to an end
        inventory["logisticsNo"] = "W" + orderNo;
        AsPerson(inventory, orderNo, "buyerName", "buyerIdNumber", "buyerTelephone");
        inventory["consigneeAddress"] = $"浙江省杭州市西湖区文三路 {orderNo} 号";
        return inventory;
    }

    public static JsonObject Status(string orderNo)
    {
        var status = Example("waybill-status");
        status["logisticsNo"] = "W" + orderNo;
        return status;
    }

    /// <summary>A document of an export whose four fit.</summary>
    /// <param name="kind">o the order, p the receipt of payment, w the waybill, else the inventory.</param>
    public static JsonObject Export(string kind, string number)
    {
        var document = Example(kind switch { "o" => "export-order", "p" => "export-payment", "w" => "export-waybill", _ => "export-inventory" });
        foreach (var (field, value) in ((string, string)[])[("orderNo", number), ("payNo", "R" + number), ("logisticsNo", "X" + number), ("copNo", "C" + number)])
        {
            if (document.ContainsKey(field))
            {
                document[field] = value;
            }
        }

        return document;
    }

    /// <summary>The same document as a change, an hour later.</summary>
    public static JsonObject Change(JsonObject document, string field, JsonNode value)
    {
        var change = (JsonObject)document.DeepClone();
        change["guid"] = Guid.CreateVersion7().ToString("D").ToUpperInvariant();
        change["appType"] = "2";
        change["appTime"] = (long.Parse(document["appTime"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture) + 10_000)
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        change[field] = value;
        return change;
    }

    public static JsonObject Example(string name) =>
        (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "examples", name + ".json")))!;

    /// <summary>Each order has a buyer of its own, so that limits and risks of one test are not those of another.</summary>
    private static void AsPerson(JsonObject document, string orderNo, string name, string? idNumber, string? telephone)
    {
        var number = int.Parse(orderNo[^5..], System.Globalization.CultureInfo.InvariantCulture);
        document[name] = "王" + (char)('一' + number);
        if (idNumber is not null)
        {
            document[idNumber] = IdNumber(number);
        }

        if (telephone is not null)
        {
            document[telephone] = $"138{number:00000000}";
        }
    }

    private static string IdNumber(int number)
    {
        int[] weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var digits = $"330106{new DateOnly(1970, 1, 1).AddDays(number / 900):yyyyMMdd}{number % 900:000}";
        return digits + "10X98765432"[digits.Select((digit, at) => (digit - '0') * weights[at]).Sum() % 11];
    }
}
