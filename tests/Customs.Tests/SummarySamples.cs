using Sandan.Contracts.Events;

namespace Sandan.Customs.Tests;

/// <summary>Export inventories to sum up, and requests for it.</summary>
internal static class SummarySamples
{
    public static readonly DateTimeOffset At = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);

    public static DocumentVersion Version(bool deleted = false) => new(Guid.CreateVersion7(At), 1, At, true, At, Deleted: deleted);

    public static string NumberOf(int number) => $"31052026E{number:000000000}";

    /// <summary>Of one line: 1 tin of 250 g, 35 USD.</summary>
    public static ExportInventoryAccepted Inventory(int number) => Samples.ExportInventory(Version(), NumberOf(number), Line(1)) with
    {
        DeclarantNo = $"COP{number}", OrderNo = $"X{number}", WaybillNo = $"W{number}", GrossWeightKg = 1,
    };

    public static ExportLine Line(int gnum) => new()
    {
        LineNo = gnum, ItemNo = "TEA", Unit = "125", Currency = "502", Quantity = 1, Price = 35, TotalPrice = 35,
        Goods = new("0902101000", "绿茶", "250 克", 0.25m, "035", null, null, "502", "西湖龙井"),
    };

    /// <summary>One of few of everything, so that much is the same.</summary>
    public static ExportInventoryAccepted Random(Random random, int number) => Inventory(number) with
    {
        Mode = Any(random, "9610", "1210"),
        TransportMode = Any(random, "5", "2"),
        Country = Any(random, "502", "116"),
        ProducerCode = Any(random, "NO", "3302960007"),
        ProducerName = Any(random, "示例茶厂", "另一茶厂"),
        GrossWeightKg = random.Next(1, 100_000) / 100_000m,
        NetWeightKg = random.Next(1, 100_000) / 100_000m,
        Lines = [.. Enumerable.Range(1, random.Next(1, 6)).Select(gnum => Line(gnum) with
        {
            Currency = Any(random, "502", "300"),
            Quantity = random.Next(1, 1_000_000) / 100_000m,
            TotalPrice = random.Next(1, 1_000_000) / 100_000m,
            Goods = new(
                Any(random, "0902101000", "6214100010"), Any(random, "绿茶", "方巾"), "x", random.Next(0, 1_000_000) / 100_000m, Any(random, "035", "015"),
                null, null, Any(random, "502", "116"), random.Next(3) == 0 ? null : Any(random, "西湖龙井", "真丝方巾")),
        }).Select(line => random.Next(2) == 0 ? line : line with { Goods = line.Goods! with { SecondQuantity = 0.5m, SecondUnit = "035" } })],
    };

    public static SummaryPart Part(int part = 1, int parts = 1, params int[] inventories) => new()
    {
        Document = Version(),
        DeclarantCode = "AGENT",
        DeclarantNo = "SUM1",
        Part = part,
        Parts = parts,
        SumNo = "S20261201000000009",
        Terms = new("3105", "示例报关有限公司", "SELLER", "示例跨境贸易有限公司", "FILER", "示例申报有限公司", null, null, false, true),
        InventoryNos = [.. inventories.Select(NumberOf)],
    };

    private static string Any(Random random, params string[] values) => values[random.Next(values.Length)];
}
