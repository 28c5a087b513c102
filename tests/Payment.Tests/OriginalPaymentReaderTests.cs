using System.Text.Json.Nodes;
using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Payment.OriginalData;

namespace Sandan.Payment.Tests;

/// <summary>The field table of GACC 2018-179, as platforms deposit and upload.</summary>
public sealed class OriginalPaymentReaderTests
{
    [Fact]
    public void The_golden_example_is_read()
    {
        var payment = Given.Payment();

        Assert.Equal(
            ("3302960001", "3302960003", "PAY20261120000001", 622.05m, "20261120102959"),
            (payment.Head.EbpCode, payment.Head.PayCode, payment.Head.PayTransactionId, payment.Head.TotalAmount, payment.Head.TradingTime));
        Assert.Equal("SD20261120000001", Assert.Single(payment.Orders).OrderNo);
    }

    [Fact]
    public void Guid_and_platform_may_be_left_out()
    {
        var deposit = Given.Deposit();
        deposit.Head().Remove("guid");
        deposit.Head().Remove("ebpCode");
        var payment = Given.Payment(deposit);

        Assert.Equal((Given.Guid, Given.Platform), (payment.Head.Guid, payment.Head.EbpCode));
    }

    [Theory] // a member of the head, what stands there in JSON, what is told
    [InlineData("guid", "\"0123456789012345678901234567890123456\"", FieldCodes.TooLong)]
    [InlineData("initalRequest", null, FieldCodes.Required)]
    [InlineData("initalRequest", "\" \"", FieldCodes.Empty)]
    [InlineData("initalResponse", "{}", FieldCodes.MustBeString)]
    [InlineData("ebpCode", "\"3302960002\"", IntakeErrorCodes.OtherCompany)]
    [InlineData("payCode", "\"1234567890123456789\"", FieldCodes.TooLong)]
    [InlineData("payCode", "\"12\\n34\"", FieldCodes.BadCharacters)]
    [InlineData("payTransactionId", "\"\"", FieldCodes.Empty)]
    [InlineData("totalAmount", "-1", FieldCodes.Negative)]
    [InlineData("totalAmount", "1e2", FieldCodes.NotANumber)]
    [InlineData("totalAmount", "\"1,000\"", FieldCodes.NotANumber)]
    [InlineData("totalAmount", "\".5\"", FieldCodes.NotANumber)]
    [InlineData("totalAmount", "\"\"", FieldCodes.NotANumber)]
    [InlineData("totalAmount", "1.000001", FieldCodes.TooManyDecimals)]
    [InlineData("totalAmount", "\"0.0000000000000000000000000000000001\"", FieldCodes.TooManyDecimals)]
    [InlineData("totalAmount", "100000000000000", FieldCodes.TooManyDigits)]
    [InlineData("totalAmount", "123456789012345678901234567890123", FieldCodes.TooManyDigits)]
    [InlineData("totalAmount", "true", FieldCodes.MustBeNumber)]
    [InlineData("currency", "\"CNY\"", FieldCodes.NotAllowed)]
    [InlineData("verDept", "\"4\"", FieldCodes.NotAllowed)]
    [InlineData("payType", "\"5\"", FieldCodes.NotAllowed)]
    [InlineData("tradingTime", "\"20260230000000\"", FieldCodes.NotATime)]
    [InlineData("note", "7", FieldCodes.MustBeString)]
    [InlineData("other", "1", FieldCodes.UnknownMember)]
    public void A_member_that_breaks_its_rule_is_named(string member, string? json, string code)
    {
        var deposit = Given.Deposit();
        deposit.Head().Remove(member);
        if (json is not null)
        {
            deposit.Head()[member] = JsonNode.Parse(json);
        }

        var error = Assert.Single(Errors(deposit));
        Assert.Equal(code, error.Code);
        Assert.Equal(code == FieldCodes.UnknownMember ? "/payExchangeInfoHead" : $"/payExchangeInfoHead/{member}", error.Pointer);
    }

    [Theory]
    [InlineData("initalRequest", 8000)]
    [InlineData("initalResponse", 8000)]
    [InlineData("note", 1000)]
    [InlineData("payTransactionId", 60)]
    public void Lengths_count_characters_and_are_inclusive(string member, int lengthMax)
    {
        var deposit = Given.Deposit();
        deposit.Head()[member] = string.Concat(Enumerable.Repeat("😀", lengthMax));
        Assert.Empty(Errors(deposit));

        deposit.Head()[member] = string.Concat(Enumerable.Repeat("😀", lengthMax + 1));
        var error = Assert.Single(Errors(deposit));
        Assert.Equal((FieldCodes.TooLong, $"C..{lengthMax}", $"{lengthMax + 1}"), (error.Code, error.Expected, error.Actual));
    }

    [Fact]
    public void Optional_members_may_be_empty_and_stay_as_they_came()
    {
        var deposit = Given.Deposit();
        deposit.Head()["payType"] = "";
        deposit.Order()["recpCode"] = "";
        var body = PayExBody.Of(Given.Payment(deposit));

        Assert.Contains("\"payType\":\"\"", body.Head, StringComparison.Ordinal);
        Assert.Contains("\"recpCode\":\"\"", body.Lists, StringComparison.Ordinal);
        Assert.DoesNotContain("note", body.Head, StringComparison.Ordinal);
    }

    [Fact]
    public void Orders_and_goods_are_checked_too()
    {
        var deposit = Given.Deposit();
        var orders = deposit["payExchangeInfoLists"]!.AsArray();
        orders.Add(orders[0]!.DeepClone());
        orders[1]!["goodsInfo"]![0]!["gname"] = new string('甲', 251);
        orders[1]!.AsObject().Remove("recpAccount");

        Assert.Equal(
            ["/payExchangeInfoLists/1/goodsInfo/0/gname S1003", "/payExchangeInfoLists/1/orderNo S3102", "/payExchangeInfoLists/1/recpAccount S1001"],
            Errors(deposit).Select(error => $"{error.Pointer} {error.Code}").Order(StringComparer.Ordinal));

        deposit["payExchangeInfoLists"] = new JsonArray();
        Assert.Equal(FieldCodes.LineCount, Assert.Single(Errors(deposit)).Code);
        deposit["payExchangeInfoLists"] = "x";
        Assert.Equal(FieldCodes.MustBeArray, Assert.Single(Errors(deposit)).Code);
    }

    [Fact]
    public void Nothing_of_a_raw_text_or_a_payee_is_told_in_an_error()
    {
        var deposit = Given.Deposit();
        deposit.Head()["initalRequest"] = string.Concat(Enumerable.Repeat("张三13800138000", 1000));
        deposit.Order()["recpName"] = string.Concat(Enumerable.Repeat("李四", 100));
        var told = string.Join(' ', Errors(deposit).Select(error => error.ToString()));

        Assert.DoesNotContain("张三", told, StringComparison.Ordinal);
        Assert.DoesNotContain("李四", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Rubbish_is_told_in_at_most_100_errors()
    {
        var deposit = Given.Deposit();
        deposit["payExchangeInfoLists"] = new JsonArray([.. Enumerable.Range(0, 500).Select(at => (JsonNode)at)]);

        Assert.Equal(100, Errors(deposit).Count);
        Assert.Equal(FieldCodes.MustBeObject, Assert.Single(Errors(null)).Code);
    }

    private static List<FieldError> Errors(JsonObject? deposit)
    {
        var errors = new List<FieldError>();
        var isRead = Given.Read(deposit, errors) is not null;
        Assert.Equal(errors.Count == 0, isRead);
        return errors;
    }
}
