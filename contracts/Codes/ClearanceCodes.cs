namespace Sandan.Contracts.Codes;

/// <summary>
/// What the customs service can say beyond the official numbers (2600 released, 1200 waits for review, 1300 rejected by
/// hand, 1800 stored). Numbers are never reused.
/// </summary>
public static class ClearanceCodes
{
    /// <summary>
    /// Status 120: an earlier decision fell because its documents are no longer complete or unambiguous.
    /// </summary>
    public const string Withdrawn = "S6001";

    /// <summary>Status 100: the verdict is Mismatched and names no discrepancy that makes it so.</summary>
    public const string MismatchUnexplained = "S6002";

    /// <summary>Status 800 stays: the documents changed after the release.</summary>
    public const string ChangedAfterRelease = "S6003";

    /// <summary>Status 500: an officer ordered an inspection.</summary>
    public const string InspectionOrdered = "S6004";

    /// <summary>Status 100: the tax service refused the goods and gave no reason.</summary>
    public const string TaxRefusalUnexplained = "S6005";

    /// <summary>Refusal: nothing is released before its tax is assessed.</summary>
    public const string TaxNotAssessed = "S6006";

    /// <summary>Notice: a document did not come in time.</summary>
    public const string DocumentOverdue = "S6007";

    /// <summary>Notice: the waybill fits orders of several platforms.</summary>
    public const string PlatformUndecided = "S6008";

    /// <summary>Status 899: the parcel of a released export inventory has left the country.</summary>
    public const string Departed = "S6021";
}
