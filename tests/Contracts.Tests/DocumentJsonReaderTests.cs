using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

public sealed class DocumentJsonReaderTests
{
    private static readonly string Good = Valid.Json(CebMessage.Payment).ToJsonString();

    [Fact]
    public void What_a_sender_leaves_out_gets_its_default_and_is_not_stated()
    {
        var json = Valid.Json(CebMessage.Order);
        foreach (var name in (string[])["guid", "appType", "appTime", "appStatus", "orderType"])
        {
            json.Remove(name);
        }

        var item = Valid.Read(CebMessage.Order, json.ToJsonString());

        Assert.Empty(item.Errors);
        var document = item.Document!;
        Assert.Equal(
            ("1", "20260308112701", "2", "I"), (document["appType"], document["appTime"], document["appStatus"], document["orderType"]));
        Assert.Matches("^[0-9A-F]{8}-[0-9A-F]{4}-7[0-9A-F]{3}-[0-9A-F]{4}-[0-9A-F]{12}$", document["guid"]!);
        Assert.False(document.IsStated(CebMessage.Order.Head["appTime"]));
        Assert.True(document.IsStated(CebMessage.Order.Head["orderNo"]));
    }

    [Fact]
    public void Null_is_absent()
    {
        var json = Valid.Json(CebMessage.Order);
        json["appTime"] = null;
        json["note"] = null;

        var item = Valid.Read(CebMessage.Order, json.ToJsonString());

        Assert.Empty(item.Errors);
        Assert.Equal("20260308112701", item.Document!["appTime"]);
        Assert.False(item.Document.IsStated(CebMessage.Order.Head["appTime"]));
        Assert.Null(item.Document["note"]);
    }

    [Theory] // 0.1 + 0.2 is not 0.3 in binary; here it must be
    [InlineData("0.3", "0.3")]
    [InlineData("99999999999999.99999", "99999999999999.99999")]
    [InlineData("\"99999999999999.99999\"", "99999999999999.99999")]
    [InlineData("\"12.50\"", "12.5")]
    [InlineData("12.50", "12.5")]
    public void A_number_is_taken_exactly_from_a_number_or_a_string(string literal, string exact)
    {
        var item = Valid.Read(CebMessage.Payment, Spoilt("amountPaid", literal));

        Assert.Empty(item.Errors);
        Assert.Equal(decimal.Parse(exact, null), item.Document!.Number(CebMessage.Payment.Head["amountPaid"]));
    }

    [Theory]
    [InlineData("amountPaid", "1e400", FieldCodes.NotANumber)]
    [InlineData("amountPaid", "1E2", FieldCodes.NotANumber)]
    [InlineData("amountPaid", "-5", FieldCodes.Negative)]
    [InlineData("amountPaid", "true", FieldCodes.MustBeNumber)]
    [InlineData("amountPaid", "{\"value\":[1]}", FieldCodes.MustBeNumber)]
    [InlineData("orderNo", "123", FieldCodes.MustBeString)]
    [InlineData("orderNo", "[\"1\"]", FieldCodes.MustBeString)]
    [InlineData("currency", "142", FieldCodes.MustBeString)]
    [InlineData("payTime", "20260308112701", FieldCodes.MustBeString)]
    [InlineData("payerName", "\"\\ud83d\"", FieldCodes.BadCharacters)]
    [InlineData("payerName", "\"\\ude00\\ud83d\"", FieldCodes.BadCharacters)]
    [InlineData("payerName", "\"\\ud83dx\"", FieldCodes.BadCharacters)]
    [InlineData("payerName", "\"a\\u0000b\"", FieldCodes.BadCharacters)]
    public void A_value_of_the_wrong_kind_is_told_once_with_its_pointer(string name, string literal, string code)
    {
        var error = Assert.Single(Valid.Read(CebMessage.Payment, Spoilt(name, literal)).Errors);

        Assert.Equal(($"/{name}", code), (error.Pointer, error.Code));
    }

    [Fact]
    public void An_escaped_pair_and_an_escaped_name_are_read()
    {
        var json = Spoilt("payerName", "\"\\ud83d\\ude00\\\\\\\"\"").Replace("\"orderNo\"", "\"\\u006frderNo\"", StringComparison.Ordinal);

        var item = Valid.Read(CebMessage.Payment, json);

        Assert.Empty(item.Errors);
        Assert.Equal("😀\\\"", item.Document!["payerName"]);
    }

    [Fact]
    public void A_number_of_a_million_digits_is_refused_without_being_kept()
    {
        var item = Valid.Read(CebMessage.Payment, Spoilt("amountPaid", new string('9', 1_000_000)));

        Assert.Equal(FieldCodes.TooManyDigits, Assert.Single(item.Errors).Code);
        Assert.Null(item.Document!["amountPaid"]);
    }

    [Theory]
    [InlineData("actualPaid", "acturalPaid")]
    [InlineData("OrderNo", "orderNo")]
    [InlineData("consigneeDitrict", "consigneeDistrict")]
    [InlineData("OrderList", "orderList")]
    [InlineData("somethingElse", null)]
    [InlineData("x", null)]
    public void An_unknown_member_is_named_and_the_nearest_known_one_suggested(string name, string? suggestion)
    {
        var json = Valid.Json(CebMessage.Order);
        json[name] = new JsonObject { ["deep"] = new JsonArray(1, 2) };

        var error = Assert.Single(Valid.Read(CebMessage.Order, json.ToJsonString()).Errors);

        Assert.Equal(($"/{name}", FieldCodes.UnknownMember, suggestion, name), (error.Pointer, error.Code, error.Expected, error.Actual));
    }

    [Fact]
    public void An_unknown_member_of_a_line_has_the_pointer_of_its_line()
    {
        var json = Valid.Json(CebMessage.Order);
        json["orderList"]![0]!["a/b~c"] = 1;

        Assert.Equal("/orderList/0/a~1b~0c", Assert.Single(Valid.Read(CebMessage.Order, json.ToJsonString()).Errors).Pointer);
    }

    [Fact]
    public void A_line_has_no_envelope_and_no_lines_of_its_own()
    {
        var json = Valid.Json(CebMessage.Order);
        json["orderList"]![0]!["copCode"] = "1";
        json["orderList"]![0]!["orderList"] = new JsonArray();

        Assert.Equal(
            [FieldCodes.UnknownMember, FieldCodes.UnknownMember],
            Valid.Read(CebMessage.Order, json.ToJsonString()).Errors.Select(error => error.Code));
    }

    [Fact]
    public void Envelope_members_are_known_and_ignored()
    {
        var json = Valid.Json(CebMessage.Payment);
        (json["copCode"], json["copName"], json["dxpMode"], json["dxpId"]) = ("1", "2", 3, null);

        Assert.Empty(Valid.Read(CebMessage.Payment, json.ToJsonString()).Errors);
    }

    [Theory]
    [InlineData("orderNo")]
    [InlineData("copCode")]
    [InlineData("orderList")]
    public void A_member_that_stands_twice_is_refused(string name)
    {
        var json = Valid.Json(CebMessage.Order);
        json["copCode"] = "1";
        var twice = json.ToJsonString()[..^1] + $",\"{name}\":{json[name]!.ToJsonString()}}}";

        var error = Assert.Single(Valid.Read(CebMessage.Order, twice).Errors);

        Assert.Equal(($"/{name}", FieldCodes.DuplicateMember), (error.Pointer, error.Code));
    }

    [Theory]
    [InlineData("{}", "/orderList", FieldCodes.MustBeArray)]
    [InlineData("\"x\"", "/orderList", FieldCodes.MustBeArray)]
    [InlineData("[1]", "/orderList/0", FieldCodes.MustBeObject)]
    [InlineData("[[]]", "/orderList/0", FieldCodes.MustBeObject)]
    [InlineData("null", "/orderList", FieldCodes.LineCount)]
    [InlineData("[]", "/orderList", FieldCodes.LineCount)]
    public void Lines_are_an_array_of_objects(string literal, string pointer, string code)
    {
        var json = Valid.Json(CebMessage.Order);
        json.Remove("orderList");

        var error = Assert.Single(Valid.Read(CebMessage.Order, json.ToJsonString()[..^1] + $",\"orderList\":{literal}}}").Errors);

        Assert.Equal((pointer, code), (error.Pointer, error.Code));
    }

    [Fact]
    public void A_refused_document_still_names_its_keys()
    {
        var item = Valid.Read(CebMessage.Payment, Spoilt("amountPaid", "\"much\""));

        Assert.False(item.IsValid);
        Assert.Equal("值", item.Document!["orderNo"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \r\n ")]
    [InlineData("[]")]
    [InlineData("\uFEFF")]
    public void A_body_without_items_is_refused_as_a_whole(string body)
    {
        var batch = Valid.ReadBody(CebMessage.Payment, body);

        Assert.Empty(batch.Items);
        Assert.Equal(FieldCodes.EmptyBody, batch.Failure!.Code);
    }

    [Fact]
    public void A_single_object_is_a_batch_of_one()
    {
        var batch = Valid.ReadBody(CebMessage.Payment, $"\uFEFF\n {Good} \n");

        Assert.Null(batch.Failure);
        Assert.True(Assert.Single(batch.Items).IsValid);
    }

    [Fact]
    public void What_follows_a_single_object_is_an_error() =>
        Assert.Equal(FieldCodes.BadJson, Assert.Single(Valid.ReadBody(CebMessage.Payment, $"{Good}\n{Good}").Items.Single().Errors).Code);

    [Fact]
    public void An_array_answers_every_item_with_its_own_bytes()
    {
        var batch = Valid.ReadBody(CebMessage.Payment, $"[ {Good} , 17, {{\"orderNo\":1}},null,[[1]],{Good}]");

        Assert.Equal([true, false, false, false, false, true], batch.Items.Select(item => item.IsValid));
        Assert.Equal([Good, "17", "{\"orderNo\":1}", "null", "[[1]]", Good], batch.Items.Select(Text));
        Assert.Equal([0, 1, 2, 3, 4, 5], batch.Items.Select(item => item.Index));
    }

    [Theory]
    [InlineData("[{0},{0}")]
    [InlineData("[{0},{0},")]
    [InlineData("[{0},{0},]")]
    [InlineData("[{0},{0},{{\"orderNo\":")]
    [InlineData("[{0},{0} {0}]")]
    [InlineData("[{0},{0},{{\"orderNo\" \"1\"}},{0}]")]
    [InlineData("[{0},{0}] x")]
    [InlineData("[{0},{0}][]")]
    [InlineData("[{0},{0},'x']")]
    public void A_broken_array_keeps_what_stands_before_the_break(string body)
    {
        var batch = Valid.ReadBody(CebMessage.Payment, string.Format(null, body, Good));

        Assert.Equal([true, true, false], batch.Items.Select(item => item.IsValid));
        Assert.Equal(("", FieldCodes.BadJson), (batch.Items[2].Errors.Single().Pointer, batch.Items[2].Errors.Single().Code));
    }

    [Fact]
    public void Nesting_is_bounded_and_the_neighbours_on_other_lines_proceed()
    {
        var deep = "{\"orderNo\":" + new string('[', 100_000) + new string(']', 100_000) + "}";

        var batch = Valid.ReadBody(CebMessage.Payment, $"{Good}\n{deep}\n{Good}", JsonFraming.Ndjson);

        Assert.Equal([true, false, true], batch.Items.Select(item => item.IsValid));
        Assert.Equal(FieldCodes.TooDeep, batch.Items[1].Errors.Single().Code);
    }

    [Fact]
    public void Every_line_stands_for_itself()
    {
        var body = $"\uFEFF{Good}\r\n\r\n   \ngarbage\n{{\"orderNo\":\n{Good}{Good}\n[{Good}]\n\"text\"\n{Good}\r\n";

        var batch = Valid.ReadBody(CebMessage.Payment, body, JsonFraming.Ndjson);

        Assert.Equal([true, false, false, false, false, false, true], batch.Items.Select(item => item.IsValid));
        Assert.Equal(Good, Text(batch.Items[^1]));
        Assert.Equal(
            [FieldCodes.BadJson, FieldCodes.BadJson, FieldCodes.BadJson, FieldCodes.MustBeObject, FieldCodes.MustBeObject],
            batch.Items.Skip(1).Take(5).Select(item => item.Errors.Single().Code));
    }

    [Theory]
    [InlineData(JsonFraming.Ndjson)]
    [InlineData(JsonFraming.Json)]
    public void Bytes_that_are_not_UTF8_spoil_their_item_only(JsonFraming framing)
    {
        byte[] gbk = [0xD6, 0xD0];
        byte[] good = Encoding.UTF8.GetBytes(Good);
        byte[] bad = [.. "{\"orderNo\":\""u8, .. gbk, .. "\"}"u8];
        byte[] body = framing == JsonFraming.Json
            ? [(byte)'[', .. good, (byte)',', .. bad, (byte)',', .. good, (byte)']']
            : [.. good, (byte)'\n', .. bad, (byte)'\n', .. good];

        var batch = new DocumentJsonReader(CebMessage.Payment).Read(body, framing, Valid.Now);

        Assert.Equal([true, false, true], batch.Items.Select(item => item.IsValid));
        Assert.Equal(FieldCodes.BadUtf8, batch.Items[1].Errors.Single().Code);
    }

    [Theory]
    [InlineData(JsonFraming.Ndjson)]
    [InlineData(JsonFraming.Json)]
    public void Items_are_bounded_in_number_and_size(JsonFraming framing)
    {
        var limits = new JsonLimits { ItemsMax = 2, ItemBytesMax = Encoding.UTF8.GetByteCount(Good) };
        var reader = new DocumentJsonReader(CebMessage.Payment, limits: limits);
        DocumentBatch Read(params string[] items)
        {
            var body = framing == JsonFraming.Json ? $"[{string.Join(',', items)}]" : string.Join('\n', items);
            return reader.Read(Encoding.UTF8.GetBytes(body), framing, Valid.Now);
        }

        Assert.Equal([true, true], Read(Good, Good).Items.Select(item => item.IsValid));
        Assert.Equal(FieldCodes.TooManyItems, Read(Good, Good, Good).Failure!.Code);
        Assert.Empty(Read(Good, Good, Good).Items);
        Assert.Equal(FieldCodes.ItemTooLarge, Read(Good[..^1] + " }", Good).Items[0].Errors.Single().Code);
        Assert.True(Read(Good[..^1] + " }", Good).Items[1].IsValid);
    }

    [Fact]
    public void Rubbish_is_told_at_most_a_hundred_times()
    {
        var members = string.Join(',', Enumerable.Range(0, 1000).Select(n => $"\"unknown{n}\":{n}"));

        var errors = Valid.Read(CebMessage.Payment, $"{{{members}}}").Errors;

        Assert.Equal(101, errors.Count);
        Assert.Equal(FieldCodes.MoreErrors, errors[^1].Code);
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"\":1}")]
    [InlineData("{\"\\u0000\":1}")]
    public void A_strange_member_name_does_no_harm(string json) =>
        Assert.Contains(Valid.Read(CebMessage.Payment, json).Errors, error => error.Code == FieldCodes.UnknownMember);

    [Theory]
    [InlineData("{\"orderNo\":\"\0\"}")]
    [InlineData("{// comment\n}")]
    [InlineData("{\"orderNo\":\"1\",}")]
    [InlineData("{'orderNo':'1'}")]
    [InlineData("{\"orderNo\":01}")]
    [InlineData("{\"orderNo\":NaN}")]
    public void Only_strict_JSON_is_read(string json) =>
        Assert.Equal(FieldCodes.BadJson, Assert.Single(Valid.Read(CebMessage.Payment, json).Errors).Code);

    [Fact]
    public void Cutting_or_flipping_a_body_anywhere_never_throws()
    {
        var body = Encoding.UTF8.GetBytes($"[{Valid.Json(CebMessage.Order).ToJsonString()}]");
        var reader = new DocumentJsonReader(CebMessage.Order);
        for (var at = 0; at < body.Length; at += 3)
        {
            var flipped = (byte[])body.Clone();
            flipped[at] ^= 0x55;
            reader.Read(body.AsMemory(0, at), JsonFraming.Json, Valid.Now);
            reader.Read(flipped, JsonFraming.Json, Valid.Now);
            reader.Read(flipped, JsonFraming.Ndjson, Valid.Now);
        }
    }

    private static string Text(DocumentItem item) => Encoding.UTF8.GetString(item.Raw.Span);

    /// <summary>A valid payment with another literal for one member.</summary>
    private static string Spoilt(string name, string literal)
    {
        var json = Valid.Json(CebMessage.Payment);
        json.Remove(name);
        return json.ToJsonString()[..^1] + $",\"{name}\":{literal}}}";
    }
}
