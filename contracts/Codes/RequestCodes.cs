namespace Sandan.Contracts.Codes;

/// <summary>What can be wrong with a request as a whole, before any document in it is read.</summary>
public static class RequestCodes
{
    public const string KeyMissing = "S2001";
    public const string KeyUnknown = "S2002";
    public const string RoleNotAllowed = "S2003";
    public const string TooManyRequests = "S2004";
    public const string BodyTooLarge = "S2005";
    public const string ContentTypeUnsupported = "S2006";
    public const string NotFound = "S2007";
    public const string DocumentsInvalid = "S2008";
    public const string IdempotencyKeyReused = "S2009";
    public const string IdempotencyKeyMalformed = "S2010";
    public const string Busy = "S2011";
    public const string ParameterInvalid = "S2012";
    public const string CursorInvalid = "S2013";
    public const string ActionNotPossible = "S2014";
    public const string ServiceAway = "S2015";
    public const string InternalError = "S2016";
    public const string BodyUnreadable = "S2017";
    public const string MethodNotAllowed = "S2018";
    public const string TooManyDocuments = "S2019";
    public const string RouteUnknown = "S2020";
    public const string PersonalDataShredded = "S2021";
}
