namespace Sandan.Statistics.Domain;

/// <summary>Where consignments stand: by the latest verdict, and by the latest decision.</summary>
internal static class States
{
    /// <summary>An earlier verdict fell, because a document was deleted.</summary>
    public const string Waiting = "waiting";

    public const string Matched = "matched";
    public const string Mismatched = "mismatched";
    public const string Ambiguous = "ambiguous";

    /// <summary>returnStatus 800, or 899 after it.</summary>
    public const string Released = "released";

    /// <summary>returnStatus 300.</summary>
    public const string Held = "held";

    /// <summary>returnStatus 500.</summary>
    public const string Inspected = "inspected";

    /// <summary>returnStatus 100.</summary>
    public const string Rejected = "rejected";

    /// <summary>Any other returnStatus: on the way (120, 399), or taken out of it (599, 700).</summary>
    public const string Other = "other";

    /// <summary>All, in the order of an answer.</summary>
    public static readonly string[] All =
        [Matched, Mismatched, Ambiguous, Waiting, Released, Held, Inspected, Rejected, Other];
}
