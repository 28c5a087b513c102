using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;

namespace Sandan.Intake;

/// <summary>Lines of an export order, of an export inventory and of a return, which have members in common.</summary>
public static class ExportLines
{
    /// <summary>What others need of a line.</summary>
    public static ExportLine Describe(CebLine line)
    {
        var fields = line.Table;
        return new()
        {
            LineNo = (int)line.Number(fields["gnum"])!.Value,
            ItemNo = line["itemNo"]!,
            Unit = line["unit"]!,
            Currency = line["currency"]!,
            Quantity = line.Number(fields["qty"])!.Value,
            Price = line.Number(fields["price"])!.Value,
            TotalPrice = line.Number(fields["totalPrice"])!.Value,
            Goods = fields.Find("gcode") is null ? null : GoodsOf(line),
        };
    }

    /// <summary>What a line of an inventory, or of a return of its goods, says beyond an order.</summary>
    public static ExportGoods GoodsOf(CebLine line) => new(
        line["gcode"]!, line["gname"]!, line["gmodel"]!, line.Number(line.Table["qty1"])!.Value, line["unit1"]!,
        line.Number(line.Table["qty2"]), line.TextOrNull("unit2"), TextOf(line, "country"), TextOf(line, "itemName"));

    /// <summary>Null where the line has no such member, or leaves it empty.</summary>
    private static string? TextOf(CebLine line, string name) => line.Table.Find(name) is null ? null : line.TextOrNull(name);
}
