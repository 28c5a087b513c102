namespace Sandan.Contracts.Codes;

/// <summary>What else can be wrong with a document whose fields keep their rules.</summary>
public static class IntakeErrorCodes
{
    /// <summary>The document names another company as its sender.</summary>
    public const string OtherCompany = "S3001";

    /// <summary>The envelope comes from another exchange user than the message says.</summary>
    public const string OtherExchangeUser = "S3002";

    /// <summary>The signature of the message does not hold.</summary>
    public const string SignatureFailed = "S3003";

    /// <summary>The message must be signed and is not.</summary>
    public const string SignatureMissing = "S3004";

    /// <summary>The message is signed, and no certificate of the company is registered by which that could be checked.</summary>
    public const string SignatureUnchecked = "S3005";

    /// <summary>assureCode is no company of the inventory.</summary>
    public const string GuarantorUnknown = "S3006";

    /// <summary>The net weight is above the gross weight.</summary>
    public const string NetAboveGross = "S3007";

    /// <summary>Of second quantity and second unit only one is there.</summary>
    public const string SecondUnitIncomplete = "S3008";

    /// <summary>More parcels than one.</summary>
    public const string NotOneParcel = "S3009";

    /// <summary>A new document has a number that e-port or customs give.</summary>
    public const string NumberNotYours = "S3010";

    /// <summary>A simplified export declaration has a licence.</summary>
    public const string LicenceInSimplified = "S3021";

    /// <summary>msgSeqNo is not between 1 and msgCount.</summary>
    public const string PartOutOfRange = "S3022";

    /// <summary>Of the period of a summary only one end is there, or the end is before the start.</summary>
    public const string PeriodIncomplete = "S3025";

    /// <summary>A summary names neither a period nor an inventory.</summary>
    public const string NothingToSumUp = "S3026";

    /// <summary>An order number asks a sandbox for something that it does not know.</summary>
    public const string ForcedOutcomeUnknown = "S3031";
}
