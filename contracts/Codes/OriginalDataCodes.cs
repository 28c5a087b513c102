namespace Sandan.Contracts.Codes;

/// <summary>What can be said of payment-related original data (GACC 2018-179).</summary>
public static class OriginalDataCodes
{
    /// <summary>Other data are kept under this transaction.</summary>
    public const string OtherContent = "S3101";

    /// <summary>The same order twice in one transaction.</summary>
    public const string OrderRepeated = "S3102";

    /// <summary>Not an address that may be called.</summary>
    public const string AddressInvalid = "S3103";

    /// <summary>No platDataOpen address of the platform is registered.</summary>
    public const string AddressMissing = "S3104";

    /// <summary>The form field with the JSON is missing or stands twice.</summary>
    public const string FormFieldMissing = "S3105";

    /// <summary>Nobody asked under this session.</summary>
    public const string SessionUnknown = "S3110";

    /// <summary>serviceTime is too far from our clock.</summary>
    public const string UploadNotFresh = "S3111";

    /// <summary>No certificate of this number is registered for the platform and in force.</summary>
    public const string UploadCertificateUnknown = "S3112";

    /// <summary>The signature does not hold.</summary>
    public const string UploadSignatureFailed = "S3113";

    /// <summary>Another platform or order than was asked for.</summary>
    public const string UploadOfOther = "S3114";

    /// <summary>Other data were taken under this session.</summary>
    public const string UploadDiffers = "S3115";

    /// <summary>There is no CEB411 of the transaction.</summary>
    public const string PaymentNotHeld = "S3120";

    /// <summary>ebpCode of CEB411 differs.</summary>
    public const string PaymentPlatformDiffers = "S3121";

    /// <summary>orderNo of CEB411 is not among the orders.</summary>
    public const string PaymentOrderNotListed = "S3122";

    /// <summary>amountPaid of CEB411 does not fit totalAmount.</summary>
    public const string PaymentAmountDiffers = "S3123";

    /// <summary>payTime of CEB411 differs from tradingTime.</summary>
    public const string PaymentTimeDiffers = "S3124";
}
