using Sandan.Chaos.Books;
using Version = Sandan.Chaos.Books.Version;

namespace Sandan.Chaos.Tests;

/// <summary>The oracle knows what must become of each story, and allows nothing else.</summary>
public sealed class OracleTests
{
    [Fact]
    public void Three_documents_that_agree_are_released() =>
        Is("Matched", "800 2600", [Order()], [Payment()], [Waybill()]);

    [Theory]
    [InlineData("amountPaid", "1332")]
    [InlineData("payerName", "1327")]
    [InlineData("payerIdNumber", "1327")]
    [InlineData("payCode", "13035")]
    [InlineData("payTransactionId", "S4003")]
    [InlineData("ebpName", "S4004")]
    public void A_payment_that_differs_is_rejected_by_its_code(string field, string code) =>
        Is("Mismatched", $"100 {code}", [Order()], [Payment(spoilt: field)], [Waybill()]);

    [Theory]
    [InlineData("consignee", "S4005")]
    [InlineData("consigneeTelephone", "S4006")]
    [InlineData("consigneeAddress", "S4007")]
    public void A_waybill_that_differs_is_rejected_by_its_code(string field, string code) =>
        Is("Mismatched", $"100 {code}", [Order()], [Payment()], [Waybill(spoilt: field)]);

    [Fact]
    public void What_is_missing_is_waited_for() => Is("Waiting", "none", [Order()], [Waybill()]);

    [Fact]
    public void A_payment_that_was_mended_ends_released_and_nothing_else() =>
        Is("Matched", "800 2600", [Order()], [Payment(spoilt: "amountPaid"), Payment()], [Waybill()]);

    [Fact]
    public void One_that_was_spoilt_is_rejected_or_stays_released() =>
        Is("Mismatched", "100 1332, 800 S6003", [Order()], [Payment(), Payment(spoilt: "amountPaid")], [Waybill()]);

    [Fact]
    public void One_that_went_wrong_and_right_again_is_released_the_first_or_the_second_time() =>
        Is("Matched", "800 2600, 800 S6003", [Order()], [Payment(), Payment(spoilt: "amountPaid"), Payment()], [Waybill()]);

    [Fact]
    public void A_payment_that_was_elsewhere_before_is_refused() =>
        Is("Matched", "100 R06", [Order()], [Payment(orderNo: "ELSEWHERE"), Payment()], [Waybill()]);

    [Fact]
    public void A_withdrawn_waybill_leaves_nothing_or_what_was_decided_before() =>
        Is("Waiting", "120 S6001, 800 S6003, none", [Order()], [Payment()], [Waybill(), Waybill(appType: '3')]);

    [Fact]
    public void An_order_number_that_nobody_names_any_more_has_no_outcome() =>
        Assert.Null(Oracle.Of("ELSEWHERE", [Versions(Payment(orderNo: "ELSEWHERE"), Payment())]));

    private static void Is(string state, string allowed, params Paper[][] documents)
    {
        var outcome = Oracle.Of("O1", [.. documents.Select(Versions)])!;
        Assert.Equal(state, outcome.State);
        Assert.Equal(allowed, string.Join(", ", outcome.Allowed
            .Select(one => one is { } decision ? $"{decision.Status} {decision.Code}" : "none").Order(StringComparer.Ordinal)));
    }

    private static IList<Version> Versions(params Paper[] papers) =>
        [.. papers.Select((paper, at) => new Version(at + 1, Guid.CreateVersion7(), paper))];

    private static Paper Order() => new(new(Kind.Order, "P1", "O1"), '1', "1", "O1", "P1", Facts(null, new()
    {
        ["acturalPaid"] = "10", ["buyerName"] = "n", ["buyerIdNumber"] = "i", ["payCode"] = "B1", ["payTransactionId"] = "T1",
        ["ebpName"] = "p", ["consignee"] = "n", ["consigneeTelephone"] = "t", ["consigneeAddress"] = "a",
    }));

    private static Paper Payment(string orderNo = "O1", string? spoilt = null) => new(
        new(Kind.Payment, "B1", "T1"), '2', "1", orderNo, "P1", Facts(spoilt, new()
        {
            ["amountPaid"] = "10", ["payerName"] = "n", ["payerIdNumber"] = "i", ["payCode"] = "B1", ["payTransactionId"] = "T1", ["ebpName"] = "p",
        }));

    private static Paper Waybill(char appType = '1', string? spoilt = null) => new(
        new(Kind.Waybill, "L1", "W1"), appType, "1", "O1", null, Facts(spoilt, new()
        {
            ["consignee"] = "n", ["consigneeTelephone"] = "t", ["consigneeAddress"] = "a",
        }));

    private static Dictionary<string, string> Facts(string? spoilt, Dictionary<string, string> facts)
    {
        if (spoilt is not null)
        {
            facts[spoilt] += "X";
        }

        return facts;
    }
}
