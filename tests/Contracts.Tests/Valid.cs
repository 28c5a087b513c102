using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

/// <summary>Valid documents in JSON and XML, made from the tables, for tests to spoil.</summary>
internal static class Valid
{
    public const string IdNumber = "11010519491231002X";   // the example of GB 11643-1999

    public static readonly DateTimeOffset Now = new(2026, 3, 8, 11, 27, 1, TimeSpan.FromHours(8));

    public const string Transfer = "<ceb:BaseTransfer><ceb:copCode>1101180326</ceb:copCode><ceb:copName>物流企业</ceb:copName>"
        + "<ceb:dxpMode>DXP</ceb:dxpMode><ceb:dxpId>DXPENT0000012345</ceb:dxpId></ceb:BaseTransfer>";

    public static readonly CebMessage[] Messages =
        [CebMessage.Order, CebMessage.Payment, CebMessage.Waybill, CebMessage.WaybillStatus];

    public static string Value(CebField field) => field switch
    {
        { Codes.Count: > 0 } => field.Codes[0],
        { Personal: PersonalKind.Id } => IdNumber,
        { Kind: CebFormat.Time14 } => "20260308112701",
        { Kind: CebFormat.Time17 } => "20260308112701123",
        { Kind: CebFormat.Date8 } => "20260308",
        { Kind: CebFormat.Integer } => "1",
        { Kind: CebFormat.Decimal } => "12.5",
        { Kind: CebFormat.Fixed } => new string('7', field.Length),
        _ => new string('值', Math.Max(1, field.LengthMin)),
    };

    /// <summary>A document with every field, extensions too, and one line where there are lines.</summary>
    public static JsonObject Json(CebMessage message)
    {
        var document = Members(message.Head);
        if (message.LineMember is { } member)
        {
            document[member] = new JsonArray(Members(message.Lines!));
        }

        return document;
    }

    /// <summary>The object that holds the field: the head or the first line.</summary>
    public static JsonObject Holder(this JsonObject document, CebMessage message, CebField field) =>
        message.Head.Fields.Contains(field) ? document : document[message.LineMember!]![0]!.AsObject();

    public static string Pointer(CebMessage message, CebField field) =>
        message.Head.Fields.Contains(field) ? $"/{field.Name}" : $"/{message.LineMember}/0/{field.Name}";

    /// <summary>What stands in every field of a document, and of each of its lines.</summary>
    public static IEnumerable<string?> Values(CebDocument document) =>
        document.Table.Fields.Select(field => document[field]).Concat(document.Lines.SelectMany(line => line.Table.Fields.Select(field => line[field])));

    public static IEnumerable<CebField> Fields(CebMessage message) =>
        message.Head.Fields.Concat(message.Lines?.Fields ?? []);

    public static DocumentItem Read(CebMessage message, string json) =>
        new DocumentJsonReader(message).ReadOne(Encoding.UTF8.GetBytes(json), Now);

    public static DocumentBatch ReadBody(CebMessage message, string body, JsonFraming framing = JsonFraming.Json) =>
        new DocumentJsonReader(message).Read(Encoding.UTF8.GetBytes(body), framing, Now);

    /// <summary>A whole message around documents written by <see cref="XmlDocument"/>.</summary>
    public static string Xml(CebMessage message, params string[] documents) => $"""
        <?xml version="1.0" encoding="UTF-8"?>
        <ceb:{message.RootName} guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0" xmlns:ceb="{CebMessage.Namespace}">
        {string.Concat(documents)}
        {(message.Direction is null ? "" : Transfer)}
        </ceb:{message.RootName}>
        """;

    /// <summary>
    /// One document with every official field; <paramref name="spoil"/> may give another text for one, null leaves it out.
    /// </summary>
    public static string XmlDocument(CebMessage message, Func<CebField, string?>? spoil = null)
    {
        var head = Elements(message.Head, spoil ?? Value);
        var lines = message.Lines is null
            ? "" : $"<ceb:{message.LineName}>{Elements(message.Lines, spoil ?? Value)}</ceb:{message.LineName}>";
        return message.HeadName is null
            ? $"<ceb:{message.DocumentName}>{head}</ceb:{message.DocumentName}>"
            : $"<ceb:{message.DocumentName}><ceb:{message.HeadName}>{head}</ceb:{message.HeadName}>{lines}</ceb:{message.DocumentName}>";
    }

    /// <summary>What is told of a field that breaks one rule: in XML an optional one that must not be empty counts as left out.</summary>
    public static (string Pointer, string Code, bool IsWarning)[] ToldInXml(CebMessage message, CebField field, string code) =>
        [(Pointer(message, field), code == FieldCodes.Empty && !field.Mandatory ? FieldCodes.Tolerated : code, code == FieldCodes.Empty && !field.Mandatory)];

    public static IEnumerable<(string Pointer, string Code, bool IsWarning)> Told(DocumentItem item) => item.Errors.Select(error => (error.Pointer, error.Code, false))
        .Concat(item.Warnings.Select(error => (error.Pointer, error.Code, true)));

    public static CebXmlMessage ReadXml(string xml, CebValidator? validator = null) =>
        new CebXmlReader(Messages, validator).Read(Encoding.UTF8.GetBytes(xml));

    public static byte[] Sample(string name)
    {
        using var file = typeof(Valid).Assembly.GetManifestResourceStream($"Sandan.Contracts.Tests.Samples.{name}.xml")!;
        using var copy = new MemoryStream();
        file.CopyTo(copy);
        return copy.ToArray();
    }

    private static JsonObject Members(CebFieldTable table) =>
        new(table.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Value(field))));

    private static string Elements(CebFieldTable table, Func<CebField, string?> text) => string.Concat(
        table.Fields.Where(field => !field.IsExtension).Select(field => (field.Name, Text: text(field)))
            .Where(one => one.Text is not null).Select(one => $"<ceb:{one.Name}>{one.Text}</ceb:{one.Name}>"));
}
