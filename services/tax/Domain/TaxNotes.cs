using Sandan.Contracts;
using Sandan.Contracts.Codes;

namespace Sandan.Tax.Domain;

/// <summary>What a reader of an assessment should know beside the route.</summary>
internal static class TaxNotes
{
    /// <summary>A remark of the list that no machine can decide.</summary>
    public static IEnumerable<FieldError> Remarks(TaxCaseLine line)
    {
        if (line.Entry?.Remark is not null)
        {
            var name = line.Line.Name;
            yield return line.Error("itemName", TaxCodes.RemarkToCheck, line.Entry.Hs8, name[..Math.Min(name.Length, 100)]);
        }
    }

    /// <summary>
    /// Which side of a price threshold the line is on; and, below the one of cosmetics, whether the net content in the name
    /// would put it on the other: packing in the legal quantity is a known way to lose the consumption tax.
    /// </summary>
    public static IEnumerable<FieldError> Threshold(TaxCaseLine line, TaxOptions options)
    {
        var (tax, hsCode) = (line.Entry!.ConsumptionTax, line.Filing!.HsCode);
        if (tax.For(hsCode, line.Value, line.Quantity, options).Reached is not { } reached)
        {
            yield break;
        }

        var (threshold, quantity) = (tax.ThresholdCny(hsCode, options)!.Value, line.Quantity!.Value);
        yield return line.Error(
            "totalPrice",
            reached ? TaxCodes.ThresholdReached : TaxCodes.ThresholdNotReached,
            $">= {ImportRules.Text(threshold)}",
            ImportRules.Text(Math.Round(line.Value / quantity, 8)));

        if (!reached && line.Measure == Measure.KilogramOrLitre
            && (NetContent.KgOrLitres(line.Line.Name) ?? NetContent.KgOrLitres(line.Filing.Name)) is { } perPiece
            && perPiece * line.Line.Qty < quantity
            && line.Value >= threshold * perPiece * line.Line.Qty)
        {
            yield return line.Error(
                "qty", TaxCodes.NetContentDiffers, ImportRules.Text(perPiece * line.Line.Qty), ImportRules.Text(quantity));
        }
    }
}
