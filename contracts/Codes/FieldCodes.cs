namespace Sandan.Contracts.Codes;

/// <summary>What can be wrong with a document or with the message that carries it: one code per kind of rule.</summary>
public static class FieldCodes
{
    /// <summary>A mandatory field is absent.</summary>
    public const string Required = "S1001";

    /// <summary>A field is there and empty or blank.</summary>
    public const string Empty = "S1002";

    /// <summary>More characters than the format allows.</summary>
    public const string TooLong = "S1003";

    /// <summary>Not exactly as many characters as the format wants.</summary>
    public const string WrongLength = "S1004";

    /// <summary>Not a number in plain digits.</summary>
    public const string NotANumber = "S1005";

    /// <summary>More digits than the format allows.</summary>
    public const string TooManyDigits = "S1006";

    /// <summary>More digits after the point than the format allows.</summary>
    public const string TooManyDecimals = "S1007";

    /// <summary>A negative number.</summary>
    public const string Negative = "S1008";

    /// <summary>Zero where the number must be above zero.</summary>
    public const string NotPositive = "S1009";

    /// <summary>Not a date and time that exists.</summary>
    public const string NotATime = "S1010";

    /// <summary>Not one of the allowed codes.</summary>
    public const string NotAllowed = "S1011";

    /// <summary>Not the form of such a code.</summary>
    public const string WrongForm = "S1012";

    /// <summary>Characters that a message cannot carry.</summary>
    public const string BadCharacters = "S1013";

    /// <summary>Not a resident identity number, or its check digit is wrong.</summary>
    public const string BadIdNumber = "S1014";

    /// <summary>No lines or too many.</summary>
    public const string LineCount = "S1015";

    /// <summary>The same gnum twice.</summary>
    public const string RepeatedLine = "S1016";

    /// <summary>A field is absent that the supervision mode of the document demands.</summary>
    public const string RequiredInMode = "S1017";

    /// <summary>A member that the document does not have.</summary>
    public const string UnknownMember = "S1020";

    /// <summary>A member that stands twice.</summary>
    public const string DuplicateMember = "S1021";

    /// <summary>A text field given as something else.</summary>
    public const string MustBeString = "S1022";

    /// <summary>A numeric field given as something that is neither number nor string.</summary>
    public const string MustBeNumber = "S1023";

    /// <summary>Not an array where one is wanted.</summary>
    public const string MustBeArray = "S1024";

    /// <summary>Not an object where one is wanted.</summary>
    public const string MustBeObject = "S1025";

    /// <summary>Not JSON.</summary>
    public const string BadJson = "S1026";

    /// <summary>Nested too deeply.</summary>
    public const string TooDeep = "S1027";

    /// <summary>Not UTF-8.</summary>
    public const string BadUtf8 = "S1028";

    /// <summary>An item has too many bytes.</summary>
    public const string ItemTooLarge = "S1029";

    /// <summary>A body has too many items.</summary>
    public const string TooManyItems = "S1030";

    /// <summary>A body without items.</summary>
    public const string EmptyBody = "S1031";

    /// <summary>There are more errors than are listed.</summary>
    public const string MoreErrors = "S1032";

    /// <summary>Not well-formed XML.</summary>
    public const string BadXml = "S1040";

    /// <summary>A message that is not taken here.</summary>
    public const string WrongMessage = "S1041";

    /// <summary>Not the namespace of the messages.</summary>
    public const string WrongNamespace = "S1042";

    /// <summary>A document type declaration.</summary>
    public const string DtdForbidden = "S1043";

    /// <summary>More documents than a message may hold.</summary>
    public const string TooManyDocuments = "S1044";

    /// <summary>The structure does not fit the schema.</summary>
    public const string WrongStructure = "S1045";

    /// <summary>Not encoded in UTF-8.</summary>
    public const string WrongEncoding = "S1046";

    /// <summary>The message has too many bytes.</summary>
    public const string MessageTooLarge = "S1047";

    /// <summary>BaseTransfer is missing or faulty.</summary>
    public const string BadTransfer = "S1048";

    /// <summary>Against the schema, and read all the same.</summary>
    public const string Tolerated = "S1049";

    /// <summary>An element before one that the schema has in front of it.</summary>
    public const string OutOfOrder = "S1050";

    /// <summary>A message that must be signed and is not.</summary>
    public const string NotSigned = "S1051";

    /// <summary>An envelope (DxpMsg) that cannot be read.</summary>
    public const string BadEnvelope = "S1052";
}
