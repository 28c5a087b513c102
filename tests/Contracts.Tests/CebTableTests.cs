using Sandan.Contracts.Ceb;

namespace Sandan.Contracts.Tests;

public sealed class CebTableTests
{
    [Theory]
    [InlineData("CEB311", 30, 13)]
    [InlineData("CEB411", 18, 0)]
    [InlineData("CEB511", 19, 0)]
    [InlineData("CEB513", 10, 0)]
    [InlineData("CEB312", 7, 0)]
    [InlineData("CEB412", 6, 0)]
    [InlineData("CEB512", 6, 0)]
    [InlineData("CEB514", 7, 0)]
    [InlineData("CEB900", 7, 0)]
    public void A_table_has_as_many_official_fields_as_the_specification(string type, int head, int line)
    {
        var message = CebMessage.All.Single(known => known.Type == type);

        Assert.Equal(head, message.Head.Fields.Count(field => !field.IsExtension));
        Assert.Equal(line, message.Lines?.Fields.Count ?? 0);
    }

    [Theory]
    [InlineData("orderNo", CebFormat.Text, 60, 0)]
    [InlineData("guid", CebFormat.Fixed, 36, 0)]
    [InlineData("goodsValue", CebFormat.Decimal, 19, 5)]
    [InlineData("appTime", CebFormat.Time14, 14, 0)]
    public void A_format_is_read_from_its_official_notation(string name, CebFormat kind, int length, int decimals)
    {
        var field = CebMessage.Order.Head[name];

        Assert.Equal((kind, length, decimals), (field.Kind, field.Length, field.Decimals));
    }

    [Fact]
    public void Extensions_are_the_trade_mode_of_the_order_and_the_platform_of_the_waybill() => Assert.Equal(
        ["OrderHead.tradeMode", "LogisticsHead.platformCode"],
        CebMessage.All.SelectMany(Valid.Fields).Where(field => field.IsExtension).Select(field => field.ToString()));

    [Fact]
    public void Every_field_that_names_a_person_is_masked()
    {
        string[] personal =
        [
            "buyerRegNo", "buyerName", "buyerTelephone", "buyerIdNumber", "consignee", "consigneeTelephone", "consigneeAddress",
            "payerName", "payerIdNumber", "telephone", "note",
        ];

        Assert.Equal(
            personal.Order(),
            Valid.Messages.SelectMany(Valid.Fields)
                .Where(field => field.Personal != PersonalKind.None).Select(field => field.Name).Distinct().Order());
    }

    [Theory]
    [InlineData("CEB311", "CEB312", "-301008", "-301008", "-301007", "-301015")]
    [InlineData("CEB411", "CEB412", "-401009", "-401009", "-401005", "-401013")]
    [InlineData("CEB511", "CEB512", "-504011", "-504000", "-504010", "-504013")]
    [InlineData("CEB513", "CEB514", "-505011", "-505000", "-505010", "-505017")]
    public void Every_message_knows_its_receipt_and_its_refusals(
        string type, string receipt, string check, string unreadable, string empty, string tooMany)
    {
        var message = CebMessage.All.Single(known => known.Type == type);

        Assert.Equal(
            (receipt, check, unreadable, empty, tooMany),
            (message.Receipt!.Type, message.CheckFailedStatus, message.UnreadableStatus, message.EmptyStatus, message.TooManyStatus));
    }
}
