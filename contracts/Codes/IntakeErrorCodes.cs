namespace Sandan.Contracts.Codes;

/// <summary>What else can be wrong with a document whose fields keep their rules.</summary>
public static class IntakeErrorCodes
{
    public const string OtherCompany = "S3001";
}
