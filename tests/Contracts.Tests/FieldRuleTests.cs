using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Tests;

public sealed class FieldRuleTests
{
    public static TheoryData<string, string, string, string?, string> EveryFieldWrong()
    {
        var cases = new TheoryData<string, string, string, string?, string>();
        foreach (var message in Valid.Messages)
        {
            foreach (var field in Valid.Fields(message))
            {
                foreach (var (value, code) in WrongValues(field))
                {
                    cases.Add(message.Type, field.Parent, field.Name, value, code);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(EveryFieldWrong))]
    public void A_wrong_field_is_told_in_JSON_and_is_the_only_error(string type, string parent, string name, string? value, string code)
    {
        var (message, field) = Find(type, parent, name);
        var document = Valid.Json(message);
        document.Holder(message, field)[name] = value;

        // Without a guid, appTime, appType, appStatus or orderType JSON falls back on a default: absence is then no error.
        var hasDefault = value is null && (field.Default is not null || name is "guid" or "appTime");
        var errors = Valid.Read(message, document.ToJsonString()).Errors;

        Assert.Equal(
            hasDefault ? [] : [(Valid.Pointer(message, field), code)], errors.Select(error => (error.Pointer, error.Code)));
    }

    [Theory]
    [MemberData(nameof(EveryFieldWrong))]
    public void A_wrong_field_is_told_in_XML_and_is_the_only_error(string type, string parent, string name, string? value, string code)
    {
        var (message, field) = Find(type, parent, name);
        if (field.IsExtension || code == FieldCodes.BadCharacters)
        {
            return;   // not in XML, or not well-formed there
        }

        var read = Valid.ReadXml(Valid.Xml(
            message, Valid.XmlDocument(message, known => known == field ? value : Valid.Value(known)), Valid.XmlDocument(message)));

        Assert.Null(read.Failure);
        Assert.Equal(Valid.ToldInXml(message, field, code), Valid.Told(read.Items[0]));
        Assert.True(read.Items[1].IsValid);
    }

    [Fact]
    public void A_document_with_every_field_is_valid() =>
        Assert.All(Valid.Messages, message => Assert.Empty(Valid.Read(message, Valid.Json(message).ToJsonString()).Errors));

    [Fact]
    public void Every_wrong_field_of_a_document_is_told()
    {
        foreach (var message in Valid.Messages)
        {
            var document = new JsonObject();
            foreach (var field in message.Head.Fields)
            {
                document[field.Name] = "\0";
            }

            Assert.Equal(
                message.Head.Fields.Count + (message.LineMember is null ? 0 : 1),
                Valid.Read(message, document.ToJsonString()).Errors.Count);
        }
    }

    [Theory] // the smallest amount there is, the largest, and what the notation allows
    [InlineData("0", null)]
    [InlineData("0.00001", null)]
    [InlineData("00012.50", null)]
    [InlineData("1.000000", null)]
    [InlineData("99999999999999.99999", null)]
    [InlineData("100000000000000", FieldCodes.TooManyDigits)]
    [InlineData("10000000000000000000", FieldCodes.TooManyDigits)]
    [InlineData("999999999999999.99999", FieldCodes.TooManyDigits)]
    [InlineData("0.000001", FieldCodes.TooManyDecimals)]
    [InlineData("-1", FieldCodes.Negative)]
    [InlineData("-0", null)] // the lexical forms of xs:decimal
    [InlineData("-0.00", null)]
    [InlineData("+1", null)]
    [InlineData(".5", null)]
    [InlineData("5.", null)]
    [InlineData("-.5", FieldCodes.Negative)]
    [InlineData("1e3", FieldCodes.NotANumber)]
    [InlineData("1,000", FieldCodes.NotANumber)]
    [InlineData(".", FieldCodes.NotANumber)]
    [InlineData("+", FieldCodes.NotANumber)]
    [InlineData("-", FieldCodes.NotANumber)]
    [InlineData("+-1", FieldCodes.NotANumber)]
    [InlineData("1.2.3", FieldCodes.NotANumber)]
    [InlineData("１２", FieldCodes.NotANumber)]
    [InlineData(" 1", FieldCodes.NotANumber)]
    [InlineData("--1", FieldCodes.NotANumber)]
    [InlineData("NaN", FieldCodes.NotANumber)]
    public void An_amount_is_exact_and_plain(string text, string? code) => AssertField(CebMessage.Order, "goodsValue", text, code);

    [Theory]
    [InlineData("0.00001", null)]
    [InlineData("0", FieldCodes.NotPositive)]
    [InlineData("0.00000", FieldCodes.NotPositive)]
    public void A_quantity_is_above_zero(string text, string? code) => AssertField(CebMessage.Order, "qty", text, code);

    [Theory]
    [InlineData("1", null)]
    [InlineData("2147483647", null)]
    [InlineData("2147483648", FieldCodes.TooManyDigits)]
    [InlineData("0", FieldCodes.NotPositive)]
    [InlineData("1.0", FieldCodes.TooManyDecimals)]
    public void A_line_number_is_a_whole_number_from_1(string text, string? code) => AssertField(CebMessage.Order, "gnum", text, code);

    [Theory]
    [InlineData("999999999", null)]
    [InlineData("1000000000", FieldCodes.TooManyDigits)]
    public void Parcels_have_at_most_nine_digits(string text, string? code) => AssertField(CebMessage.Waybill, "packNo", text, code);

    [Theory]
    [InlineData("20240229235959", null)]
    [InlineData("20230229000000", FieldCodes.NotATime)]
    [InlineData("20240431000000", FieldCodes.NotATime)]
    [InlineData("20241301000000", FieldCodes.NotATime)]
    [InlineData("20240101240000", FieldCodes.NotATime)]
    [InlineData("20240101006000", FieldCodes.NotATime)]
    [InlineData("20240101000060", FieldCodes.NotATime)]
    [InlineData("00000101000000", FieldCodes.NotATime)]
    [InlineData("18991231235959", FieldCodes.NotATime)]
    [InlineData("19000101000000", null)]
    [InlineData("2024010100000", FieldCodes.NotATime)]
    [InlineData("2024-01-01T00:", FieldCodes.NotATime)]
    public void A_time_is_one_that_exists(string text, string? code) => AssertField(CebMessage.Payment, "payTime", text, code);

    [Theory]
    [InlineData("142", null)]
    [InlineData("CNY", null)]
    [InlineData("502", FieldCodes.NotAllowed)]
    [InlineData("cny", FieldCodes.NotAllowed)]
    public void Import_is_paid_in_yuan(string text, string? code) => AssertField(CebMessage.Order, "currency", text, code);

    [Theory]
    [InlineData("116", null)]
    [InlineData("JPN", null)]
    [InlineData("jpn", FieldCodes.WrongForm)]
    [InlineData("1PN", FieldCodes.WrongForm)]
    [InlineData("JP", FieldCodes.WrongLength)]
    public void A_country_is_numeric_or_alpha_3(string text, string? code) => AssertField(CebMessage.Order, "country", text, code);

    [Theory] // 𠮷 is one character and two UTF-16 units
    [InlineData(60, null)]
    [InlineData(61, FieldCodes.TooLong)]
    public void Characters_are_counted_as_XSD_counts_them(int count, string? code) =>
        AssertField(CebMessage.Order, "buyerName", string.Concat(Enumerable.Repeat("𠮷", count)), code);

    [Theory]
    [InlineData("a\tb\r\nc", null)]
    [InlineData("a\u0001b", FieldCodes.BadCharacters)]
    [InlineData("a\uFFFFb", FieldCodes.BadCharacters)]
    public void A_text_holds_what_XML_can_carry(string text, string? code) => AssertField(CebMessage.Order, "note", text, code);

    [Theory]
    [InlineData("11010519491231002X", null)]
    [InlineData("11010519491231002x", null)]
    [InlineData("110105194912310021", FieldCodes.BadIdNumber)]
    [InlineData("11010519491231002", FieldCodes.BadIdNumber)]
    [InlineData("X1010519491231002X", FieldCodes.BadIdNumber)]
    [InlineData("E12345678", FieldCodes.BadIdNumber)]
    public void An_identity_number_has_its_check_character(string text, string? code)
    {
        AssertField(CebMessage.Order, "buyerIdNumber", text, code);
        AssertField(CebMessage.Payment, "payerIdNumber", text, code);
    }

    [Fact]
    public void The_check_of_identity_numbers_can_warn_or_be_switched_off()
    {
        var document = Valid.Json(CebMessage.Order);
        document["buyerIdNumber"] = "130681136250023332";
        var item = Valid.Read(CebMessage.Order, document.ToJsonString());

        Assert.Single(item.Errors);
        Assert.Empty(new CebValidator { IdNumbers = IdNumberCheck.Off }.Check(item.Document!));

        var warned = new DocumentJsonReader(CebMessage.Order, new() { IdNumbers = IdNumberCheck.Warn }, new())
            .Read(item.Raw, JsonFraming.Json, DateTimeOffset.UnixEpoch).Items[0];
        Assert.True(warned.IsValid);
        Assert.Equal(item.Errors, warned.Warnings);
    }

    [Theory]
    [InlineData(0, FieldCodes.LineCount)]
    [InlineData(1, null)]
    [InlineData(99, null)]
    [InlineData(100, FieldCodes.LineCount)]
    [InlineData(500, FieldCodes.LineCount)]
    public void An_order_has_1_to_99_lines(int count, string? code)
    {
        var document = Valid.Json(CebMessage.Order);
        document["orderList"] = new JsonArray([.. Enumerable.Range(1, count).Select(Line)]);

        var errors = Valid.Read(CebMessage.Order, document.ToJsonString()).Errors;

        Assert.Equal(code is null ? [] : [("/orderList", code, $"{count}")], errors.Select(e => (e.Pointer, e.Code, e.Actual!)));
    }

    [Fact]
    public void A_repeated_line_number_is_told_where_it_recurs()
    {
        var document = Valid.Json(CebMessage.Order);
        document["orderList"] = new JsonArray(Line(1), Line(2), Line(1));

        var error = Assert.Single(Valid.Read(CebMessage.Order, document.ToJsonString()).Errors);

        Assert.Equal(("/orderList/2/gnum", FieldCodes.RepeatedLine, "1"), (error.Pointer, error.Code, error.Actual));
    }

    [Fact]
    public void Line_arithmetic_is_not_judged()
    {
        var document = Valid.Json(CebMessage.Order);
        document["orderList"]![0]!["totalPrice"] = 12000;

        Assert.True(Valid.Read(CebMessage.Order, document.ToJsonString()).IsValid);
    }

    [Fact]
    public void No_error_shows_a_personal_value()
    {
        const string Secret = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨";
        foreach (var message in Valid.Messages)
        {
            var document = Valid.Json(message);
            foreach (var field in Valid.Fields(message).Where(field => field.Personal != PersonalKind.None))
            {
                document.Holder(message, field)[field.Name] = string.Concat(Enumerable.Repeat(Secret, 40));
            }

            Assert.All(Valid.Read(message, document.ToJsonString()).Errors, error =>
            {
                Assert.Contains('*', error.Actual!);
                Assert.DoesNotContain(Secret, error.Actual!, StringComparison.Ordinal);
            });
        }
    }

    [Fact]
    public void What_is_shown_of_a_value_has_at_most_100_characters()
    {
        var document = Valid.Json(CebMessage.Order);
        document["ebpName"] = new string('x', 101);

        Assert.Equal(new string('x', 100), Assert.Single(Valid.Read(CebMessage.Order, document.ToJsonString()).Errors).Actual);
    }

    private static void AssertField(CebMessage message, string name, string value, string? code)
    {
        var field = Valid.Fields(message).First(known => known.Name == name);
        var document = Valid.Json(message);
        document.Holder(message, field)[name] = value;

        var errors = Valid.Read(message, document.ToJsonString()).Errors;

        Assert.Equal(code is null ? [] : [(Valid.Pointer(message, field), code)], errors.Select(e => (e.Pointer, e.Code)));
    }

    /// <summary>Values that break one rule of the field each; null leaves it out.</summary>
    internal static IEnumerable<(string? Value, string Code)> WrongValues(CebField field)
    {
        if (field.Mandatory)
        {
            yield return (null, FieldCodes.Required);
            if (!field.MayBeEmpty)
            {
                yield return ("", FieldCodes.Empty);
                yield return ("   ", FieldCodes.Empty);
            }
        }
        else if (field.Kind != CebFormat.Text || field.LengthMin > 0)
        {
            yield return ("", FieldCodes.Empty);
        }

        yield return ("1\0", FieldCodes.BadCharacters);
        if (field.Codes.Count > 0)
        {
            yield return ("0", FieldCodes.NotAllowed);
            yield break;
        }

        switch (field.Kind)
        {
            case CebFormat.Text when field.Length == int.MaxValue:
                break;
            case CebFormat.Text:
                yield return (new string('x', Math.Max(field.Length, field.LengthElsewhere) + 1), FieldCodes.TooLong);
                if (field.LengthMin > 1)
                {
                    yield return (new string('x', field.LengthMin - 1), FieldCodes.WrongLength);
                }

                break;
            case CebFormat.Fixed:
                yield return (new string('7', field.Length + 1), FieldCodes.WrongLength);
                if (field.Length > 1)
                {
                    yield return (new string('7', field.Length - 1), FieldCodes.WrongLength);
                }

                break;
            case CebFormat.Time14:
                yield return ("20260230000000", FieldCodes.NotATime);
                break;
            case CebFormat.Time17:
                yield return ("20260230000000000", FieldCodes.NotATime);
                yield return ("20260228000000", FieldCodes.NotATime);
                break;
            case CebFormat.Date8:
                yield return ("20260230", FieldCodes.NotATime);
                yield return ("2026-02-28", FieldCodes.NotATime);
                break;
            case CebFormat.Decimal or CebFormat.Integer:
                yield return ("1x", FieldCodes.NotANumber);
                yield return ("-1", FieldCodes.Negative);
                yield return (new string('9', field.Length + 1), FieldCodes.TooManyDigits);
                yield return ("1.123456", FieldCodes.TooManyDecimals);
                if (field.Positive)
                {
                    yield return ("0", FieldCodes.NotPositive);
                }

                break;
            default:
                throw new InvalidOperationException($"No wrong value for {field.Kind}.");
        }
    }

    private static (CebMessage Message, CebField Field) Find(string type, string parent, string name)
    {
        var message = Valid.Messages.Single(known => known.Type == type);
        return (message, Valid.Fields(message).Single(field => field.Name == name && field.Parent == parent));
    }

    private static JsonNode Line(int number)
    {
        var line = Valid.Json(CebMessage.Order)["orderList"]![0]!.DeepClone();
        line["gnum"] = number;
        return line;
    }
}
