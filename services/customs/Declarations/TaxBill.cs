using System.Text.Json;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;

namespace Sandan.Customs.Declarations;

/// <summary>电子税单 of a released inventory, or that it is summed up or void. Source: CEB specification (2022-05) §3.17, CEB816 and CEB818.</summary>
/// <param name="InventoryNo">invtNo.</param>
/// <param name="Body">The members of CEB816 or CEB818 as JSON.</param>
internal sealed record TaxBill(string InventoryNo, byte[] Body)
{
    private const string Made = "1";
    private const string SummedUp = "2";
    private const string Voided = "3";

    /// <summary>The bill of an inventory.</summary>
    /// <param name="lines">What tax assessed on its consignment, CNY.</param>
    public static TaxBill Of(InventoryAccepted inventory, IReadOnlyList<TaxedLine> lines, DateTimeOffset now)
    {
        var codes = inventory.Lines.ToDictionary(one => one.LineNo, one => one.HsCode);
        var bill = new JsonObject
        {
            ["guid"] = Guid.CreateVersion7(now).ToString("D").ToUpperInvariant(),
            ["returnTime"] = ShanghaiTime.Format17(now),
            ["invtNo"] = inventory.InventoryNo,
            ["taxNo"] = NumberOf(inventory),
            ["customsTax"] = lines.Sum(one => one.Tariff),
            ["valueAddedTax"] = lines.Sum(one => one.Vat),
            ["consumptionTax"] = lines.Sum(one => one.ConsumptionTax),
            ["status"] = Made,
            ["assureCode"] = inventory.GuarantorCode,
            ["ebcCode"] = inventory.SellerCode,
            ["logisticsCode"] = inventory.LogisticsCompanyCode,
            ["agentCode"] = inventory.DeclarantCode,
            ["customsCode"] = inventory.CustomsCode,
            [CebMessage.TaxBill.LineMember!] = new JsonArray([.. lines.Select(one => (JsonNode)new JsonObject
            {
                ["gnum"] = one.LineNo,
                ["gcode"] = codes.GetValueOrDefault(one.LineNo) ?? one.HsCode,
                ["taxPrice"] = one.Value,
                ["customsTax"] = one.Tariff,
                ["valueAddedTax"] = one.Vat,
                ["consumptionTax"] = one.ConsumptionTax,
            })]),
        };
        return new(inventory.InventoryNo, JsonSerializer.SerializeToUtf8Bytes(bill));
    }

    /// <summary>CEB818: all goods of the inventory came back, so its bill is void.</summary>
    public static TaxBill Void(InventoryAccepted inventory, DateTimeOffset now) => StatusOf(inventory, Voided, now);

    /// <summary>CEB818: goods cannot come back any more, so its bill is summed up for the guarantor to pay.</summary>
    /// <remarks>entDutyNo, the number of the payment document, is the treasury's and is left out.</remarks>
    public static TaxBill Sum(InventoryAccepted inventory, DateTimeOffset now) => StatusOf(inventory, SummedUp, now);

    private static TaxBill StatusOf(InventoryAccepted inventory, string status, DateTimeOffset now) =>
        new(inventory.InventoryNo, JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["guid"] = Guid.CreateVersion7(now).ToString("D").ToUpperInvariant(),
            ["returnTime"] = ShanghaiTime.Format17(now),
            ["invtNo"] = inventory.InventoryNo,
            ["taxNo"] = NumberOf(inventory),
            ["status"] = status,
            ["assureCode"] = inventory.GuarantorCode,
        }));

    /// <summary>As in live bills.</summary>
    private static string NumberOf(InventoryAccepted inventory) => inventory.InventoryNo + "_0";
}
