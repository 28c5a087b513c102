using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Intake;

namespace Sandan.Customs.Stock;

/// <summary>Goods that enter an account, or were counted more or less than its book has, as its company tells it.</summary>
/// <param name="EntryNo">The company's own number, unique in the account: a repeat enters nothing.</param>
/// <param name="Kind"><see cref="StockKinds.Entry"/>, <see cref="StockKinds.Surplus"/> or <see cref="StockKinds.Shortage"/>.</param>
/// <param name="Quantity">Above zero, in <paramref name="Unit"/>.</param>
/// <param name="SourceNo">The document from which it was made: a 核注清单 or a customs declaration; null where it names none.</param>
/// <param name="Reason">Mandatory of a surplus and a shortage.</param>
internal sealed record StockEntry(
    string EntryNo, string RecordNo, string HsCode, string Name, string Unit, decimal Quantity, string Kind, string? SourceNo, string? Reason)
{
    private const int ReasonLengthMax = 500;

    /// <summary>What it adds to its article.</summary>
    public StockAmounts Change => new(Kind == StockKinds.Shortage ? -Quantity : Quantity, 0, 0, 0);

    /// <summary>Reads an entry; its members have the names and lengths of those of an inventory (CEB621).</summary>
    /// <returns>Null where there are errors.</returns>
    public static StockEntry? Read(JsonElement json, List<FieldError> errors)
    {
        var at = new MemberReader(json, "", errors, "entryNo", "itemRecordNo", "gcode", "gname", "unit", "qty", "kind", "sourceNo", "reason");
        var (entryNo, recordNo, hsCode, name) = (at.Text("entryNo", 60), at.Text("itemRecordNo", 30), Digits(at, "gcode", 10), at.Text("gname", 250));
        var (unit, quantity) = (Digits(at, "unit", 3), at.Amount("qty"));
        var kind = at.OneOf("kind", mandatory: true, StockKinds.Entry, StockKinds.Surplus, StockKinds.Shortage);
        var sourceNo = at.Text("sourceNo", 60, mandatory: false);
        var reason = at.Text("reason", ReasonLengthMax, mandatory: kind is StockKinds.Surplus or StockKinds.Shortage);
        if (quantity == 0)
        {
            at.Add("qty", FieldCodes.NotPositive, "> 0", "0");
        }

        return errors.Count > 0
            ? null
            : new(entryNo!, recordNo!, hsCode!, name!, unit!, quantity!.Value, kind!, NullIfEmpty(sourceNo), NullIfEmpty(reason));
    }

    /// <summary>True where an entry of this number that is there says the same.</summary>
    public bool IsSame(StockMovement there, StockItem item) =>
        (there.Key.RecordNo, there.Kind, there.Change, there.SourceNo, there.Reason) == (RecordNo, Kind, Change, SourceNo, Reason)
        && (item.HsCode, item.Unit) == (HsCode, Unit);

    private static string? Digits(MemberReader at, string name, int length)
    {
        var text = at.Text(name, length);
        if (text is not null && (text.Length != length || !text.All(char.IsAsciiDigit)))
        {
            at.Add(name, FieldCodes.WrongForm, $"{length} 0-9", Masking.Stray(text));
        }

        return text;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
