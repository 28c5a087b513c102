using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>电子税单 of a released inventory, or that it is void. Source: CEB specification (2022-05) §3.17, CEB816 and CEB818.</summary>
/// <param name="InventoryNo">invtNo.</param>
/// <param name="Body">The members of CEB816 or CEB818 as JSON.</param>
internal sealed record TaxBill(string InventoryNo, byte[] Body)
{
    private const string Made = "1";
    private const string Voided = "3"; // 2, summed up, is not made here

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
    public static TaxBill Void(InventoryAccepted inventory, DateTimeOffset now) => new(inventory.InventoryNo, JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["guid"] = Guid.CreateVersion7(now).ToString("D").ToUpperInvariant(),
        ["returnTime"] = ShanghaiTime.Format17(now),
        ["invtNo"] = inventory.InventoryNo,
        ["taxNo"] = NumberOf(inventory),
        ["status"] = Voided,
        ["assureCode"] = inventory.GuarantorCode,
    }));

    /// <summary>As in live bills.</summary>
    private static string NumberOf(InventoryAccepted inventory) => inventory.InventoryNo + "_0";
}

/// <summary>The tables tax_bill and tax_bill_void.</summary>
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

    /// <summary>Keeps that a bill is void; an inventory comes back as a whole once.</summary>
    public static Task VoidAsync(UnitOfWork unit, TaxBill status, CancellationToken ct) => unit.ExecuteAsync(
        "INSERT INTO tax_bill_void (invt_no, body) VALUES ($1, $2)", ct, status.InventoryNo, status.Body);

    /// <summary>The bill of an inventory; null where it is not released.</summary>
    public Task<TaxBill?> FindAsync(string inventoryNo, CancellationToken ct) =>
        FindAsync("SELECT body FROM tax_bill WHERE invt_no = $1", inventoryNo, ct);

    /// <summary>That the bill of an inventory is void; null where it is not.</summary>
    public Task<TaxBill?> FindVoidAsync(string inventoryNo, CancellationToken ct) =>
        FindAsync("SELECT body FROM tax_bill_void WHERE invt_no = $1", inventoryNo, ct);

    private async Task<TaxBill?> FindAsync(string sql, string inventoryNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = inventoryNo });
        return await command.ExecuteScalarAsync(ct) is byte[] body ? new(inventoryNo, body) : null;
    }
}
