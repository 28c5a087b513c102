namespace Sandan.Contracts.Codes;

/// <summary>What can be wrong with companies, keys and goods filings.</summary>
public static class RegistryCodes
{
    /// <summary>A mandatory member is missing or empty.</summary>
    public const string Required = "S7001";

    /// <summary>A text is too long.</summary>
    public const string TooLong = "S7002";

    /// <summary>A text does not have the form of such a code.</summary>
    public const string WrongForm = "S7003";

    /// <summary>Not one of the allowed values.</summary>
    public const string NotAllowed = "S7004";

    /// <summary>A member is of another JSON type.</summary>
    public const string WrongType = "S7005";

    /// <summary>A number is out of its range or has too many decimals.</summary>
    public const string OutOfRange = "S7006";

    /// <summary>A member that is not known.</summary>
    public const string UnknownMember = "S7007";

    /// <summary>A member that stands twice.</summary>
    public const string RepeatedMember = "S7008";

    /// <summary>An item that is not a JSON object.</summary>
    public const string NotAnObject = "S7009";

    /// <summary>A seller that is not registered as one.</summary>
    public const string SellerUnknown = "S7010";

    /// <summary>A seller files for itself only.</summary>
    public const string NotYourGoods = "S7011";

    /// <summary>A supervision mode on a company that is no seller.</summary>
    public const string ModeOfNoSeller = "S7012";

    /// <summary>Two keys of this company and role are in force already.</summary>
    public const string TooManyKeys = "S7013";

    /// <summary>A key of a role that the company does not have.</summary>
    public const string RoleNotOfCompany = "S7014";

    /// <summary>A legal quantity without its unit.</summary>
    public const string QuantityWithoutUnit = "S7015";

    /// <summary>Not a certificate of RSA or SM2.</summary>
    public const string NoCertificate = "S7016";

    /// <summary>The certificate was revoked, which is final.</summary>
    public const string CertificateRevoked = "S7017";

    /// <summary>So many certificates of the company are in force already.</summary>
    public const string TooManyCertificates = "S7018";

    /// <summary>The clock of the sandbox cannot be moved there.</summary>
    public const string ClockNotThere = "S7019";
}
