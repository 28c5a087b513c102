using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;

namespace Sandan.Intake;

/// <summary>Lines of an export order and of an export inventory, which have the same members.</summary>
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
            HsCode = fields.Find("gcode") is { } code ? line[code] : null,
        };
    }
}
