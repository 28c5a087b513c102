namespace Sandan.Tax.Domain;

/// <summary>What a legal quantity measures.</summary>
internal enum Measure
{
    /// <summary>Nothing is to be measured.</summary>
    None,

    /// <summary>Kilograms.</summary>
    Kilogram,

    /// <summary>Litres.</summary>
    Litre,

    /// <summary>Kilograms or litres, 1 ml taken as 1 g: the threshold of cosmetics is the same for both.</summary>
    KilogramOrLitre,

    /// <summary>Pieces or sheets.</summary>
    Piece,
}

/// <summary>Legal quantities of a line, from the filing alone: a declared bottle or box says nothing of its content.</summary>
/// <remarks>Source: customs units of measure; 035 千克, 036 克, 070 吨, 095 升, 096 毫升, 063 千升, 007 个, 008 只, 010 张, 011 件, 020 片.</remarks>
internal static class LegalQuantity
{
    /// <summary>The line's quantity in <paramref name="measure"/>; null where neither legal unit of the filing gives it.</summary>
    public static decimal? Of(GoodsFiling filing, decimal qty, Measure measure) =>
        In(measure, filing.Unit1, filing.Qty1PerUnit, qty) ?? In(measure, filing.Unit2, filing.Qty2PerUnit, qty);

    /// <summary>The line's weight in kg for a weight limit: the legal quantity, else the filed net weight.</summary>
    public static decimal? WeightKg(GoodsFiling filing, decimal qty) =>
        Of(filing, qty, Measure.Kilogram) ?? In(Measure.Kilogram, "035", filing.NetWeightKgPerUnit, qty);

    /// <summary>A filed quantity that is not above 0, or absurd, is as good as none.</summary>
    private static decimal? In(Measure measure, string? unit, decimal? perUnit, decimal qty)
    {
        if (perUnit is not (> 0 and <= ImportRules.NumberMax))
        {
            return null;
        }

        var quantity = perUnit * qty;

        return (measure, unit) switch
        {
            (Measure.Kilogram or Measure.KilogramOrLitre, "035") => quantity,
            (Measure.Kilogram or Measure.KilogramOrLitre, "036") => quantity / 1000,
            (Measure.Kilogram or Measure.KilogramOrLitre, "070") => quantity * 1000,
            (Measure.Litre or Measure.KilogramOrLitre, "095") => quantity,
            (Measure.Litre or Measure.KilogramOrLitre, "096") => quantity / 1000,
            (Measure.Litre or Measure.KilogramOrLitre, "063") => quantity * 1000,
            (Measure.Piece, "007" or "008" or "010" or "011" or "020") => quantity,
            _ => null,
        };
    }
}
