using System.Text.Json;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Customs.Storage;

namespace Sandan.Customs.Exports;

/// <summary>An item of a declaration, as its parties see it.</summary>
/// <param name="Qty2">Absent, as the unit, where there is no second legal unit.</param>
/// <param name="Lines">How many lines of inventories it sums up.</param>
internal sealed record SummaryGoodsView(
    string Gcode, string Gname, string? Country, string Currency, decimal Qty, string Unit, decimal Qty1, string Unit1, decimal? Qty2, string? Unit2,
    decimal TotalPrice, int Lines);

/// <summary>A declaration to which inventories were summed up, as its parties see it.</summary>
/// <param name="OwnerCode">Absent, as the next, where producing units are not kept apart.</param>
/// <param name="Inventories">How many it sums up.</param>
internal sealed record SummaryDeclarationView(
    string DeclSeqNo, string TradeMode, string TrafMode, string PortCode, string Country, string? OwnerCode, string? OwnerName,
    decimal GrossWeight, decimal NetWeight, int Inventories, IReadOnlyList<SummaryGoodsView> Goods);

/// <summary>汇总结果单: what inventories were summed up to. Source: CEB specification (2022-05) §2.23, CEB792.</summary>
/// <param name="Results">The members of CEB792 as JSON, one for each declaration.</param>
internal sealed record Summary(
    string SumNo, IReadOnlyList<SummaryDeclarationView> Declarations, IReadOnlyList<byte[]> Results, IReadOnlyList<string> InventoryNos)
{
    /// <summary>
    /// decState. What customs put there is in no paper: this is that of the official sample. The declaration is filed by declAgentCode,
    /// elsewhere, so that its numbers (decTmpNo, decPreNo, entryId) are not known here.
    /// </summary>
    private const string NotFiled = "A";

    /// <summary>Results in one message (schema, maxOccurs).</summary>
    public static int ResultsMax => CebMessage.SummaryResult.DocumentsMax;

    /// <summary>What a request is summed up to.</summary>
    /// <param name="first">The first part.</param>
    /// <param name="numbers">As many as there are declarations.</param>
    public static Summary Of(SummaryPart first, IReadOnlyList<SummedDeclaration> declarations, IReadOnlyList<long> numbers, DateTimeOffset now)
    {
        string[] given = [.. numbers.Select(number => new GivenNumbers(number, now).PreNo('S'))]; // as in the official sample of CEB792
        var messages = (declarations.Count + ResultsMax - 1) / ResultsMax;
        return new(
            first.SumNo,
            [.. declarations.Zip(given, ViewOf)],
            [.. declarations.Select((one, at) => ResultOf(first, one, given[at], messages, (at / ResultsMax) + 1, now))],
            [.. declarations.SelectMany(one => one.Inventories, (_, inventory) => inventory.InventoryNo)]);
    }

    /// <summary>The declarations with their goods.</summary>
    public byte[] DeclarationsJson() => JsonSerializer.SerializeToUtf8Bytes(Declarations, CustomsJson.Plain.IReadOnlyListSummaryDeclarationView);

    private static byte[] ResultOf(SummaryPart first, SummedDeclaration declaration, string declSeqNo, int messages, int message, DateTimeOffset now)
    {
        var terms = first.Terms;
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["guid"] = Guid.CreateVersion7(now).ToString("D").ToUpperInvariant(),
            ["customsCode"] = terms.CustomsCode,
            ["sumNo"] = first.SumNo,
            ["opDate"] = ShanghaiTime.Format17(now),
            ["declSeqNo"] = declSeqNo,
            ["decState"] = NotFiled,
            ["agentCode"] = first.DeclarantCode,
            ["agentName"] = terms.DeclarantName,
            ["ebcCode"] = terms.SellerCode,
            ["ebcName"] = terms.SellerName,
            ["declAgentCode"] = terms.FilerCode,
            ["declAgentName"] = terms.FilerName,
            ["grossWeight"] = declaration.GrossWeightKg,
            ["netWeight"] = declaration.NetWeightKg,
            ["msgCount"] = messages,
            ["msgSeqNo"] = message,
            [CebMessage.SummaryResult.LineMember!] = new JsonArray([.. declaration.Lines.Select((one, at) => (JsonNode)new JsonObject
            {
                ["invtNo"] = one.Inventory.InventoryNo,
                ["logisticsNo"] = one.Inventory.WaybillNo,
                ["gseqno"] = at + 1,
                ["gnum"] = one.Line.LineNo,
                ["gcode"] = one.Line.Goods!.HsCode,
            })]),
        });
    }

    private static SummaryDeclarationView ViewOf(SummedDeclaration one, string declSeqNo) => new(
        declSeqNo, one.Key.Mode, one.Key.TransportMode, one.Key.PortCode, one.Key.Country, one.Key.ProducerCode, one.Key.ProducerName,
        one.GrossWeightKg, one.NetWeightKg, one.Inventories.Count,
        [
            .. one.Goods.Select(goods => new SummaryGoodsView(
                goods.Key.HsCode, goods.Name, goods.Key.Country, goods.Key.Currency, goods.Quantity, goods.Key.Unit, goods.FirstQuantity,
                goods.Key.FirstUnit, goods.SecondQuantity, goods.Key.SecondUnit, goods.TotalPrice, goods.Lines)),
        ]);
}
