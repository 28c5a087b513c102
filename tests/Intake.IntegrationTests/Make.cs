using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;

namespace Sandan.Intake.IntegrationTests;

/// <summary>Documents as partners send them.</summary>
internal static class Make
{
    public const string Platform = "3301961A2B";
    public const string Seller = "3301961A2C";
    public const string Bank = "4403161B3C";
    public const string Carrier = "3120261C4D";

    public static JsonObject Order(string orderNo) => new()
    {
        ["guid"] = Guid.CreateVersion7().ToString("D").ToUpperInvariant(),
        ["appType"] = "1",
        ["appTime"] = "20261120120000",
        ["orderNo"] = orderNo,
        ["ebpCode"] = Platform,
        ["ebpName"] = "三单商城",
        ["ebcCode"] = Seller,
        ["ebcName"] = "三单贸易",
        ["goodsValue"] = 100.5,
        ["freight"] = "8.50000",
        ["discount"] = 0,
        ["taxTotal"] = 9.14555,
        ["acturalPaid"] = 118.14555,
        ["currency"] = "142",
        ["buyerRegNo"] = "wangxm-login",
        ["buyerName"] = "王小明明",
        ["buyerTelephone"] = "13812345678",
        ["buyerIdType"] = "1",
        ["buyerIdNumber"] = "11010519491231002X",   // the example of GB 11643-1999
        ["payCode"] = Bank,
        ["payName"] = "三单支付",
        ["payTransactionId"] = $"P-{orderNo}",
        ["consignee"] = "李四光辉",
        ["consigneeTelephone"] = "13987654321",
        ["consigneeAddress"] = "浙江省杭州市西湖区文三路九十号",
        ["note"] = "门口密码六七八九",
        ["tradeMode"] = "1210",
        ["orderList"] = new JsonArray(new JsonObject
        {
            ["gnum"] = 1,
            ["itemNo"] = "SKU-1",
            ["itemName"] = "婴儿奶粉",
            ["gmodel"] = "900克",
            ["unit"] = "122",
            ["qty"] = 1,
            ["price"] = 100.5,
            ["totalPrice"] = 100.5,
            ["currency"] = "142",
            ["country"] = "601",
        }),
    };

    public static JsonObject Payment(string orderNo) => new()
    {
        ["guid"] = Guid.CreateVersion7().ToString("D").ToUpperInvariant(),
        ["appType"] = "1",
        ["appTime"] = "20261120120000",
        ["payCode"] = Bank,
        ["payName"] = "三单支付",
        ["payTransactionId"] = $"P-{orderNo}",
        ["orderNo"] = orderNo,
        ["ebpCode"] = Platform,
        ["ebpName"] = "三单商城",
        ["payerIdType"] = "1",
        ["payerIdNumber"] = "11010519491231002X",
        ["payerName"] = "王小明明",
        ["telephone"] = "13812345678",
        ["amountPaid"] = 118.14555,
        ["currency"] = "142",
        ["payTime"] = "20261120115900",
    };

    public static JsonObject Waybill(string orderNo) => new()
    {
        ["guid"] = Guid.CreateVersion7().ToString("D").ToUpperInvariant(),
        ["appType"] = "1",
        ["appTime"] = "20261120120000",
        ["logisticsCode"] = Carrier,
        ["logisticsName"] = "三单物流",
        ["logisticsNo"] = $"W-{orderNo}",
        ["orderNo"] = orderNo,
        ["freight"] = 8.5,
        ["insuredFee"] = 0.25,
        ["currency"] = "142",
        ["weight"] = 1.2,
        ["packNo"] = 1,
        ["goodsInfo"] = "婴儿奶粉",
        ["consignee"] = "李四光辉",
        ["consigneeAddress"] = "浙江省杭州市西湖区文三路九十号",
        ["consigneeTelephone"] = "13987654321",
    };

    public static JsonObject Status(string orderNo) => new()
    {
        ["guid"] = Guid.CreateVersion7().ToString("D").ToUpperInvariant(),
        ["appType"] = "1",
        ["appTime"] = "20261122120000",
        ["logisticsCode"] = Carrier,
        ["logisticsName"] = "三单物流",
        ["logisticsNo"] = $"W-{orderNo}",
        ["logisticsStatus"] = "S",
        ["logisticsTime"] = "20261122110000",
    };

    public static JsonObject With(this JsonObject document, string member, JsonNode? value)
    {
        document[member] = value;
        return document;
    }

    /// <summary>The documents as the official message; what JSON may leave out is filled in, our extensions are left out.</summary>
    public static string Xml(CebMessage message, params JsonObject[] documents)
    {
        string Elements(CebFieldTable table, JsonObject values) => string.Concat(table.Fields
            .Where(field => !field.IsExtension)
            .Select(field => (field.Name, Text: values[field.Name]?.ToString() ?? field.Default))
            .Where(one => one.Text is not null)
            .Select(one => $"<ceb:{one.Name}>{one.Text}</ceb:{one.Name}>"));

        string Document(JsonObject values)
        {
            var fields = Elements(message.Head, values);
            var lines = message.Lines is null ? "" : string.Concat(values[message.LineMember!]!.AsArray().Select(line =>
                $"<ceb:{message.LineName}>{Elements(message.Lines, line!.AsObject())}</ceb:{message.LineName}>"));
            var head = message.HeadName is null ? fields : $"<ceb:{message.HeadName}>{fields}</ceb:{message.HeadName}>{lines}";
            return $"<ceb:{message.DocumentName}>{head}</ceb:{message.DocumentName}>";
        }

        return $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <ceb:{message.RootName} guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0" xmlns:ceb="{CebMessage.Namespace}">
            {string.Concat(documents.Select(Document))}
            <ceb:BaseTransfer><ceb:copCode>1101180326</ceb:copCode><ceb:copName>企业</ceb:copName>
            <ceb:dxpMode>DXP</ceb:dxpMode><ceb:dxpId>DXPENT0000012345</ceb:dxpId></ceb:BaseTransfer>
            </ceb:{message.RootName}>
            """;
    }
}
