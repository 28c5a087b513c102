using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>电子税单 of a released inventory. Source: CEB specification (2022-05) §3.17, CEB816.</summary>
/// <param name="InventoryNo">invtNo.</param>
/// <param name="Body">The members of CEB816 as JSON.</param>
internal sealed record TaxBill(string InventoryNo, byte[] Body)
{
    /// <summary>1: made. Nothing sums it up or voids it yet (CEB818).</summary>
    private const string Made = "1";

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
            ["taxNo"] = inventory.InventoryNo + "_0", // as in live bills
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

    /// <summary>The official message.</summary>
    public byte[] ToXml()
    {
        var item = new DocumentJsonReader(CebMessage.TaxBill).ReadOne(Body, DateTimeOffset.UnixEpoch);
        var document = item is { IsValid: true, Document: { } read }
            ? read
            : throw new InvalidOperationException($"The tax bill of {InventoryNo} is no CEB816: {string.Join(", ", item.Errors.Select(one => one.Pointer))}");
        var output = new ArrayBufferWriter<byte>();
        CebXmlWriter.Write(output, CebMessage.TaxBill, document["guid"]!, null, [document]);
        return output.WrittenSpan.ToArray();
    }
}

/// <summary>The table tax_bill.</summary>
internal sealed class TaxBillStore(NpgsqlDataSource database)
{
    /// <summary>Keeps bills; of an inventory there is one.</summary>
    public static async Task AddAsync(UnitOfWork unit, IReadOnlyCollection<TaxBill> bills, CancellationToken ct)
    {
        if (bills.Count > 0)
        {
            await unit.ExecuteAsync(
                "INSERT INTO tax_bill (invt_no, body) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING",
                ct,
                bills.Select(one => one.InventoryNo).ToArray(),
                bills.Select(one => one.Body).ToArray());
        }
    }

    /// <summary>The bill of an inventory; null where it is not released.</summary>
    public async Task<TaxBill?> FindAsync(string inventoryNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT body FROM tax_bill WHERE invt_no = $1");
        command.Parameters.Add(new() { Value = inventoryNo });
        return await command.ExecuteScalarAsync(ct) is byte[] body ? new(inventoryNo, body) : null;
    }
}
