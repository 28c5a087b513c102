using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;
using Sandan.Intake.Domain;

namespace Sandan.Intake.Tests;

/// <summary>The same content has the same fingerprint however it is written; any other content has another.</summary>
public sealed class ContentHashTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    private static readonly string[] Sending = ["guid", "appType", "appTime", "appStatus"];

    private static readonly CebMessage[] Messages =
        [CebMessage.Order, CebMessage.Payment, CebMessage.Waybill, CebMessage.WaybillStatus];

    public static IEnumerable<object[]> Fields => Messages.SelectMany(message => message.Head.Fields
        .Concat(message.Lines?.Fields ?? [])
        .Where(one => one.Codes.Count != 1)   // no other value is valid there
        .Select(one => (object[])[message.Type, $"{one.Parent}.{one.Name}"]));

    public static TheoryData<string> Types => [.. Messages.Select(one => one.Type)];

    [Theory]
    [MemberData(nameof(Types))]
    public void Json_and_xml_of_one_document_have_the_same_fingerprint(string type)
    {
        var message = Of(type);
        var json = Json(message);
        foreach (var extension in message.Head.Fields.Where(field => field.IsExtension))
        {
            json.Remove(extension.Name);
        }

        Assert.Equal(Hash(message, json), ContentHash.Of(Xml(message)));
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_moves_the_fingerprint_unless_it_belongs_to_the_sending(string type, string name)
    {
        var message = Of(type);
        var json = Json(message);
        var before = Hash(message, json);
        var field = message.Head.Fields.Concat(message.Lines?.Fields ?? []).Single(one => $"{one.Parent}.{one.Name}" == name);
        var holder = message.Head.Fields.Contains(field) ? json : json[message.LineMember!]![0]!.AsObject();
        holder[field.Name] = Other(field);

        if (Sending.Contains(field.Name))
        {
            Assert.Equal(before, Hash(message, json));
        }
        else
        {
            Assert.NotEqual(before, Hash(message, json));
        }
    }

    [Theory]
    [InlineData("12.5", "12.50000")]
    [InlineData("12.5", "\"12.5\"")]
    [InlineData("0", "0.00")]
    [InlineData("100", "\"100.0\"")]
    public void The_spelling_of_a_number_does_not_matter(string one, string other)
    {
        var (left, right) = (Json(CebMessage.Order), Json(CebMessage.Order));
        left["freight"] = JsonNode.Parse(one);
        right["freight"] = JsonNode.Parse(other);

        Assert.Equal(Hash(CebMessage.Order, left), Hash(CebMessage.Order, right));
    }

    [Fact]
    public void Values_that_change_places_are_other_content()
    {
        var (left, right) = (Json(CebMessage.Order), Json(CebMessage.Order));
        (left["buyerName"], left["consignee"]) = ("甲", "乙丙");
        (right["buyerName"], right["consignee"]) = ("甲乙", "丙");

        Assert.NotEqual(Hash(CebMessage.Order, left), Hash(CebMessage.Order, right));
    }

    [Fact]
    public void The_order_of_members_does_not_matter_and_the_order_of_lines_does()
    {
        var json = Json(CebMessage.Order);
        var turned = new JsonObject(json.Reverse().Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        Assert.Equal(Hash(CebMessage.Order, json), Hash(CebMessage.Order, turned));

        var second = json["orderList"]![0]!.DeepClone();
        second["gnum"] = "2";
        second["itemName"] = "另一件";
        json["orderList"]!.AsArray().Add(second);
        var before = Hash(CebMessage.Order, json);
        var lines = json["orderList"]!.AsArray();
        var first = lines[0];
        lines.RemoveAt(0);
        lines.Add(first);
        Assert.NotEqual(before, Hash(CebMessage.Order, json));
    }

    [Fact]
    public void An_optional_text_left_empty_is_as_if_left_out()
    {
        var (left, right) = (Json(CebMessage.Order), Json(CebMessage.Order));
        left["batchNumbers"] = "";
        right.Remove("batchNumbers");

        Assert.Equal(Hash(CebMessage.Order, left), Hash(CebMessage.Order, right));
    }

    private static CebMessage Of(string type) => Messages.Single(one => one.Type == type);

    private static byte[] Hash(CebMessage message, JsonObject json)
    {
        var item = new DocumentJsonReader(message).ReadOne(Encoding.UTF8.GetBytes(json.ToJsonString()), Now);
        Assert.True(item.IsValid, string.Join(", ", item.Errors));
        return ContentHash.Of(item.Document!);
    }

    private static CebDocument Xml(CebMessage message)
    {
        string Elements(CebFieldTable table) => string.Concat(table.Fields.Where(field => !field.IsExtension)
            .Select(field => $"<ceb:{field.Name}>{Value(field)}</ceb:{field.Name}>"));

        var fields = Elements(message.Head);
        var lines = message.Lines is null ? "" : $"<ceb:{message.LineName}>{Elements(message.Lines)}</ceb:{message.LineName}>";
        var document = message.HeadName is null ? fields : $"<ceb:{message.HeadName}>{fields}</ceb:{message.HeadName}>{lines}";
        var xml = $"""
            <ceb:{message.RootName} guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0" xmlns:ceb="{CebMessage.Namespace}">
            <ceb:{message.DocumentName}>{document}</ceb:{message.DocumentName}>
            <ceb:BaseTransfer><ceb:copCode>1101180326</ceb:copCode><ceb:copName>企业</ceb:copName>
            <ceb:dxpMode>DXP</ceb:dxpMode><ceb:dxpId>DXPENT0000012345</ceb:dxpId></ceb:BaseTransfer>
            </ceb:{message.RootName}>
            """;
        var read = new CebXmlReader([message]).Read(Encoding.UTF8.GetBytes(xml));
        Assert.Null(read.Failure);
        Assert.True(read.Items[0].IsValid, string.Join(", ", read.Items[0].Errors));
        return read.Items[0].Document!;
    }

    private static JsonObject Json(CebMessage message)
    {
        static JsonObject Members(CebFieldTable table) =>
            new(table.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Value(field))));

        var document = Members(message.Head);
        if (message.LineMember is { } member)
        {
            document[member] = new JsonArray(Members(message.Lines!));
        }

        return document;
    }

    private static string Value(CebField field) => field switch
    {
        { Codes.Count: > 0 } => field.Codes[0],
        { Personal: PersonalKind.Id } => "11010519491231002X",   // the example of GB 11643-1999
        { Kind: CebFormat.Time14 } => "20260308112701",
        { Kind: CebFormat.Integer } => "1",
        { Kind: CebFormat.Decimal } => "12.5",
        { Kind: CebFormat.Fixed } => new string('7', field.Length),
        _ => "值",
    };

    /// <summary>Another valid value.</summary>
    private static string Other(CebField field) => field switch
    {
        { Codes.Count: > 1 } => field.Codes[^1],
        { Personal: PersonalKind.Id } => "440524188001010014",
        { Kind: CebFormat.Time14 } => "20260308112702",
        { Kind: CebFormat.Integer } => "2",
        { Kind: CebFormat.Decimal } => "12.50001",
        { Kind: CebFormat.Fixed } => new string('8', field.Length),
        _ => "值2",
    };
}
