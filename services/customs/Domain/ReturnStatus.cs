namespace Sandan.Customs.Domain;

/// <summary>returnStatus of the official receipts, as far as this service gives it.</summary>
/// <remarks>Source: CEB specification (2022-05), receipts CEB604 and CEB622.</remarks>
internal enum ReturnStatus
{
    /// <summary>海关退单. Not the end: changed documents may be sent.</summary>
    Rejected = 100,

    /// <summary>海关入库: stored, no decision yet, or the earlier one withdrawn.</summary>
    Stored = 120,

    /// <summary>人工审核: an officer decides.</summary>
    Held = 300,

    /// <summary>查验.</summary>
    Inspection = 500,

    /// <summary>放行. Final.</summary>
    Released = 800,
}
