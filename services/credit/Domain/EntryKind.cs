namespace Sandan.Credit.Domain;

/// <summary>What a company did, or what was done about it. The words stand in the database and in answers.</summary>
internal static class EntryKind
{
    /// <summary>A consignment it took part in matched.</summary>
    public const string Matched = "matched";

    /// <summary>A consignment that its document had spoilt matched after all.</summary>
    public const string Corrected = "corrected";

    /// <summary>A consignment differed, and its document is the one to mend.</summary>
    public const string Mismatched = "mismatched";

    /// <summary>Its document did not come in time.</summary>
    public const string Late = "late";

    /// <summary>A risk rule fired: recorded only.</summary>
    public const string RiskWatch = "risk-watch";

    /// <summary>A risk rule fired: an officer decides.</summary>
    public const string RiskHold = "risk-hold";

    /// <summary>A risk rule fired: rejected.</summary>
    public const string RiskBlock = "risk-block";

    /// <summary>Released (returnStatus 800).</summary>
    public const string Released = "released";

    /// <summary>Held for an officer (returnStatus 300).</summary>
    public const string Held = "held";

    /// <summary>Picked for inspection (returnStatus 500).</summary>
    public const string Inspected = "inspected";

    /// <summary>Rejected (returnStatus 100).</summary>
    public const string Rejected = "rejected";

    /// <summary>What is listed one by one in an answer.</summary>
    public static readonly string[] Bad = [Mismatched, Late, RiskWatch, RiskHold, RiskBlock, Held, Inspected, Rejected];
}

/// <summary>Who decided: the rule of a held, inspected or rejected entry.</summary>
internal static class Decider
{
    /// <summary>What <c>ClearanceDecided.DecidedBy</c> says when no person did.</summary>
    public const string Rules = "rules";

    /// <summary>A person.</summary>
    public const string Officer = "officer";
}
