namespace Sandan.Contracts.Codes;

/// <summary>
/// What the tax service can say about a retail import. S50xx decide the route, S51xx are notes that do not.
/// Numbers are never reused.
/// </summary>
public static class TaxCodes
{
    /// <summary>Held: no supervision mode, or none of 9610, 1210, 1239.</summary>
    public const string ModeMissing = "S5001";

    /// <summary>Held: no goods filing stands behind the line.</summary>
    public const string GoodsNotFiled = "S5002";

    /// <summary>Rejected: the tariff line is not on the positive list of the day.</summary>
    public const string NotOnPositiveList = "S5003";

    /// <summary>Rejected: the list holds the tariff line but not this 10-digit code.</summary>
    public const string CodeExcluded = "S5004";

    /// <summary>Rejected, or held where the limit is unconfirmed: the goods enter by bonded import only.</summary>
    public const string BondedOnly = "S5005";

    /// <summary>Rejected: the weight per person and year would be passed.</summary>
    public const string AnnualWeightExceeded = "S5006";

    /// <summary>Held: a tax or a weight limit needs a legal quantity that the filing does not give.</summary>
    public const string LegalQuantityMissing = "S5007";

    /// <summary>Held: a rate that the route needs is not known.</summary>
    public const string RateMissing = "S5008";

    /// <summary>Held: an amount or quantity with which nothing can be calculated.</summary>
    public const string AmountUnusable = "S5009";

    /// <summary>Held: full rates depend on an origin that is missing or carries additional duties.</summary>
    public const string OriginUndecided = "S5010";

    /// <summary>Held: no positive list, or only part of one, is known for the day.</summary>
    public const string ListUnknown = "S5011";

    /// <summary>Held: the filed commodity code is not of ten digits.</summary>
    public const string HsCodeMalformed = "S5012";

    /// <summary>Note: a remark of the list that a person must check.</summary>
    public const string RemarkToCheck = "S5101";

    /// <summary>Note: the net content in the name would give another consumption tax than the filed legal quantity.</summary>
    public const string NetContentDiffers = "S5102";

    /// <summary>Note: the price per unit reaches the threshold, the higher consumption tax is due.</summary>
    public const string ThresholdReached = "S5103";

    /// <summary>Note: the price per unit is below the threshold, the lower or no consumption tax is due.</summary>
    public const string ThresholdNotReached = "S5104";

    /// <summary>Official. General trade: the annual limit of the buyer would be passed.</summary>
    public const string AnnualLimitExceeded = "1313";

    /// <summary>Official. Rejected: over the single-purchase limit.</summary>
    public const string SingleLimitExceeded = "-621005";

    /// <summary>Official. The e-port's own word for the annual limit, given before customs is asked.</summary>
    public const string AnnualLimitWouldBeExceeded = "-621018";
}
