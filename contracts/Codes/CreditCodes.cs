namespace Sandan.Contracts.Codes;

/// <summary>What a credit score is made of, and what a company's record can say of its own.</summary>
public static class CreditCodes
{
    public const string Mismatches = "S8001";
    public const string Corrections = "S8002";
    public const string LateDocuments = "S8003";
    public const string RisksToWatch = "S8004";
    public const string RisksThatHold = "S8005";
    public const string RisksThatBlock = "S8006";
    public const string HeldByOfficer = "S8007";
    public const string RejectedByOfficer = "S8008";
    public const string CleanRecord = "S8009";
    public const string DocumentLate = "S8010";
}
