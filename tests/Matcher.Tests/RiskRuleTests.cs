using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>The risk rules fire at their limit and not below. Limits: risk-credit table, R05 to R15, all proposed.</summary>
public sealed class RiskRuleTests
{
    [Theory] // R05: the waybill may be 60 s older than its order.
    [InlineData(59, false)]
    [InlineData(60, false)]
    [InlineData(61, true)]
    [InlineData(-3600, false)]
    public void A_waybill_older_than_its_order_is_held(int secondsBefore, bool fires)
    {
        var risks = Assess(ordered: Given.Now, shipped: Given.Now.AddSeconds(-secondsBefore));

        Assert.Equal(fires ? ["R05"] : [], risks.Select(one => one.Rule));
        Assert.All(risks, one => Assert.Equal((RiskSeverity.Hold, 61m, 60m), (one.Severity, one.Observed, one.Limit)));
    }

    [Theory] // Where a sender left appTime out we took the time of receipt, which says nothing of what came first.
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Times_that_nobody_stated_break_no_order(bool orderStated, bool waybillStated) => Assert.Empty(
        Assess(orderStated ? Given.Now : null, waybillStated ? Given.Now.AddDays(-1) : null));

    [Theory] // R06: a payment number in a second order blocks.
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void A_payment_number_in_two_orders_blocks(int orders, bool fires) => Fires(
        fires, "R06", RiskSeverity.Block, Assess(counts: new() { OrdersOfPayment = orders }));

    [Fact]
    public void A_payment_that_named_another_order_before_blocks()
    {
        Fires(true, "R06", RiskSeverity.Block, Assess(paymentEarlier: ["O0"]));
        Assert.Empty(Assess(paymentEarlier: ["O1"]));   // it went away and came back: one order
    }

    [Fact] // R07: a waybill number in a second order blocks.
    public void A_waybill_that_named_another_order_before_blocks()
    {
        Fires(true, "R07", RiskSeverity.Block, Assess(waybillEarlier: ["O0"]));
        Assert.Empty(Assess(waybillEarlier: []));
    }

    [Fact] // R08: 15 days after the release nobody has signed for it. It cannot be held any more.
    public void A_parcel_that_nobody_signed_for_is_watched() => Assert.Equivalent(
        new Risk("R08", RiskSeverity.Watch, 15.5m, 15, ["W1"]),
        RiskRules.NotDelivered("W1", Given.Now.AddDays(-15.5), new(), Given.Now));

    [Theory] // R09: 3 ID numbers on a telephone are watched, 10 held. R10: 5 names on an address, 20.
    [InlineData("R09", 2, null)]
    [InlineData("R09", 3, RiskSeverity.Watch)]
    [InlineData("R09", 9, RiskSeverity.Watch)]
    [InlineData("R09", 10, RiskSeverity.Hold)]
    [InlineData("R10", 4, null)]
    [InlineData("R10", 5, RiskSeverity.Watch)]
    [InlineData("R10", 19, RiskSeverity.Watch)]
    [InlineData("R10", 20, RiskSeverity.Hold)]
    public void Many_people_on_one_telephone_or_address_are_watched_then_held(string rule, int distinct, RiskSeverity? severity)
    {
        var risks = Assess(counts: rule == "R09" ? new() { BuyersOfTelephone = distinct } : new() { NamesOfAddress = distinct });

        Assert.Equal(severity is null ? [] : [rule], risks.Select(one => one.Rule));
        Assert.All(risks, one => Assert.Equal((severity, (decimal)distinct), (one.Severity, one.Observed)));
        Assert.All(risks, one => Assert.True(one.Observed >= one.Limit));
    }

    [Theory] // R15: orders of one buyer within 24 h sum to more than 5,000 while each is within it (财关税〔2018〕49号).
    [InlineData(2, "5000", "2500", false)]
    [InlineData(2, "5000.00001", "2500.00001", true)]
    [InlineData(2, "9999", "5000", true)]
    [InlineData(2, "9999", "5000.00001", false)]   // one of them is above the limit by itself: nothing was split
    [InlineData(1, "6000", "5000", false)]
    public void Orders_split_below_the_limit_are_held(int orders, string sum, string largest, bool fires) => Fires(
        fires, "R15", RiskSeverity.Hold, Assess(counts: new()
        {
            OrdersOfBuyer = orders, SumOfBuyer = Amount(sum), LargestOfBuyer = Amount(largest),
        }));

    [Fact]
    public void A_sighting_holds_hashes_of_what_the_rules_look_at()
    {
        var (order, payment) = (Given.Order(), Given.Payment());
        var sighting = RiskRules.SightingOf(order, payment);

        Assert.Equal(108.5m, sighting.Amount);   // goods and freight
        Assert.Null(sighting.Named);
        long[] hashes = [sighting.Consignment, sighting.Buyer, sighting.Telephone, sighting.Address, sighting.Consignee, sighting.Payment];
        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(sighting, RiskRules.SightingOf(order with { Freight = order.Freight }, payment));
        Assert.NotEqual(sighting.Consignment, RiskRules.SightingOf(order with { OrderNo = "O2" }, payment).Consignment);
        Assert.NotEqual(sighting.Payment, RiskRules.SightingOf(order, payment with { PaymentNo = "PAY-2" }).Payment);
    }

    [Fact]
    public void The_number_that_an_order_names_beside_its_payment_is_looked_at_too()
    {
        var named = RiskRules.SightingOf(Given.Order() with { PaymentNo = "PAY-2" }, Given.Payment()).Named;

        Assert.Equal(RiskRules.SightingOf(Given.Order(), Given.Payment() with { PaymentNo = "PAY-2" }).Payment, named);
    }

    private static void Fires(bool fires, string rule, RiskSeverity severity, IReadOnlyList<Risk> risks)
    {
        Assert.Equal(fires ? [(rule, severity)] : [], risks.Select(one => (one.Rule, one.Severity)));
        Assert.All(risks, one => Assert.True(one.Observed > one.Limit));
    }

    private static IReadOnlyList<Risk> Assess(
        DateTimeOffset? ordered = null, DateTimeOffset? shipped = null, string[]? paymentEarlier = null, string[]? waybillEarlier = null,
        SightingCounts counts = default) => RiskRules.Assess(
        new(
            "PLATFORM-1", "O1", Given.Held(Given.Order(), ordered), Given.Held(Given.Payment(), null, paymentEarlier ?? []),
            Given.Held(Given.Waybill(), shipped, waybillEarlier ?? []), false),
        counts,
        new());

    private static decimal Amount(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
