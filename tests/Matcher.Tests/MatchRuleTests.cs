using System.Globalization;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>Every comparison: fires, just does not fire, what it shows and whose turn it is.</summary>
public sealed class MatchRuleTests
{
    [Fact]
    public void Documents_that_agree_have_no_discrepancy() => Assert.Empty(MatchRules.Compare(Given.Three(), new()));

    // CEB specification (2022-05) §3.1: acturalPaid = goodsValue + freight + taxTotal - discount. N19,5: 0.00001 is the
    // smallest amount there is. goods, freight, tax, discount, paid, tolerance → difference, null where it is silent.
    [Theory]
    [InlineData("100", "8.5", "9.1", "20", "97.6", "0", null)]
    [InlineData("100", "8.5", "9.1", "20", "97.60001", "0", "0.00001")]
    [InlineData("100", "8.5", "9.1", "20", "97.59999", "0", "-0.00001")]
    [InlineData("0", "0", "0", "0", "0", "0", null)]
    [InlineData("351", "0", "29.28", "54.05", "296.95", "0", "-29.28")]   // a real order of 2023: tax named again
    [InlineData("100", "8.5", "9.1", "20", "97.61", "0.01", null)]
    [InlineData("100", "8.5", "9.1", "20", "97.59", "0.01", null)]
    [InlineData("100", "8.5", "9.1", "20", "97.61001", "0.01", "0.01001")]
    public void An_order_adds_up(
        string goods, string freight, string tax, string discount, string paid, string tolerance, string? difference)
    {
        var documents = Given.Three(
            order => order with
            {
                GoodsValue = Amount(goods),
                Items = [Given.Line(Amount(goods))],
                Freight = Amount(freight),
                TaxTotal = Amount(tax),
                Discount = Amount(discount),
                ActualPaid = Amount(paid),
            },
            payment => payment with { AmountPaid = Amount(paid) });

        var found = MatchRules.Compare(documents, new() { AmountTolerance = Amount(tolerance) });

        if (difference is null)
        {
            Assert.Empty(found);
            return;
        }

        var only = Assert.Single(found);
        Assert.Equal(("OrderAddsUp", MatchCodes.OrderDoesNotAddUp, DiscrepancySeverity.Warning), (only.Rule, only.Code, only.Severity));
        Assert.Equal(Amount(difference), only.Difference);
        Assert.Equal(Amount(tolerance), only.Tolerance);
        Assert.Equal(DocumentKind.Order, only.Turn);
        Assert.All(only.Fields, field => Assert.Equal(DocumentKind.Order, field.Document));
        Assert.Equal(["goodsValue + freight + taxTotal - discount", "acturalPaid"], only.Fields.Select(field => field.Field));
    }

    // Inferred from goodsValue and totalPrice of CEB311: goods, line, line, tolerance → difference, null where it is silent.
    [Theory]
    [InlineData("100", "60", "40", "0", null)]
    [InlineData("100", "100", "0", "0", null)]   // a gift has the price 0
    [InlineData("100", "60", "40.00001", "0", "0.00001")]
    [InlineData("100", "60", "20", "0", "-20")]
    [InlineData("100", "60", "40.01", "0.01", null)]
    public void The_lines_of_an_order_sum_up_to_its_goods_value(
        string goods, string one, string other, string tolerance, string? difference)
    {
        var documents = Given.Three(order => order with
        {
            GoodsValue = Amount(goods), Items = [Given.Line(Amount(one)), Given.Line(Amount(other), 2)],
        });

        var found = MatchRules.Compare(documents, new() { AmountTolerance = Amount(tolerance) });

        Assert.Equal(
            difference is null ? [] : [("LinesAddUp", MatchCodes.LinesDoNotAddUp, DiscrepancySeverity.Warning, Amount(difference))],
            found.Select(only => (only.Rule, only.Code, only.Severity, only.Difference!.Value)));
        Assert.All(found, only => Assert.Equal(["goodsValue", "orderList/totalPrice"], only.Fields.Select(field => field.Field)));
    }

    // Enforced: reject 1332 支付单支付金额与订单支付金额不一致 [OrderHead.acturalPaid:561.89,PaymentHead.amountPaid3197.95].
    [Theory]
    [InlineData("97.6", "97.6", "0", null)]
    [InlineData("97.6", "97.60000", "0", null)]
    [InlineData("97.6", "97.60001", "0", "0.00001")]
    [InlineData("97.6", "97.59999", "0", "-0.00001")]
    [InlineData("97.6", "97.61", "0.01", null)]
    [InlineData("97.6", "97.61001", "0.01", "0.01001")]
    [InlineData("97.6", "97.58999", "0.01", "-0.01001")]
    public void What_was_paid_is_what_the_order_says(string ordered, string paid, string tolerance, string? difference)
    {
        var documents = Given.Three(
            order => order with { ActualPaid = Amount(ordered) }, payment => payment with { AmountPaid = Amount(paid) });

        var found = MatchRules.Compare(documents, new() { AmountTolerance = Amount(tolerance) });

        if (difference is null)
        {
            Assert.Empty(found);
            return;
        }

        var only = Assert.Single(found);
        Assert.Equal(
            ("PaidAmount", OfficialCodes.CustomsAmountDiffers, DiscrepancySeverity.Mismatch), (only.Rule, only.Code, only.Severity));
        Assert.Equal("1332", only.Code);
        Assert.Equal((Amount(difference), Amount(tolerance)), (only.Difference, only.Tolerance));
        Assert.Equal(
            [
                new(DocumentKind.Order, "acturalPaid", "97.6"),
                new ComparedField(DocumentKind.Payment, "amountPaid", Amount(paid).ToString("0.#####", CultureInfo.InvariantCulture)),
            ],
            only.Fields);
        Assert.Equal(DocumentKind.Payment, only.Turn);
    }

    [Fact]
    public void Of_an_order_that_does_not_add_up_and_a_payment_that_differs_the_order_is_corrected_first()
    {
        var found = MatchRules.Compare(Given.Three(order => order with { ActualPaid = 97.5m }), new());

        Assert.Equal(["OrderAddsUp", "PaidAmount"], found.Select(one => one.Rule));
        Assert.All(found, one => Assert.Equal(DocumentKind.Order, one.Turn));
    }

    [Theory] // 142 and CNY are the same; 502 is USD.
    [InlineData("142", "142", "142", null)]
    [InlineData("142", "CNY", "142", null)]
    [InlineData("502", "142", "142", DocumentKind.Order)]
    [InlineData("CNY", "USD", "142", DocumentKind.Payment)]
    [InlineData("142", "142", "502", DocumentKind.Waybill)]
    [InlineData("502", "502", "502", DocumentKind.Order)]
    public void All_documents_are_in_yuan(string order, string payment, string waybill, DocumentKind? turn)
    {
        var found = MatchRules.Compare(
            Given.Three(
                one => one with { Currency = order }, one => one with { Currency = payment }, one => one with { Currency = waybill }),
            new());

        if (turn is null)
        {
            Assert.Empty(found);
            return;
        }

        var only = Assert.Single(found);
        Assert.Equal(("Currency", MatchCodes.CurrencyDiffers, turn), (only.Rule, only.Code, only.Turn));
        Assert.Equal([order, payment, waybill], only.Fields.Select(field => field.Value));
        Assert.Null(only.Difference);
        Assert.Null(only.Tolerance);
    }

    [Theory] // Enforced: reject 1327 订单购买人与支付单支付人名字或身份证号码不一致.
    [InlineData(true, true, "")]
    [InlineData(false, true, "buyerName payerName")]
    [InlineData(true, false, "buyerIdNumber payerIdNumber")]
    [InlineData(false, false, "buyerName payerName buyerIdNumber payerIdNumber")]
    public void The_buyer_paid(bool nameAgrees, bool idAgrees, string fields)
    {
        var found = MatchRules.Compare(
            Given.Three(payment: payment => payment with
            {
                PayerName = nameAgrees ? payment.PayerName : Given.Person("赵六"),
                PayerId = idAgrees ? payment.PayerId : Given.Person("33010119900101001X"),
            }),
            new());

        if (fields.Length == 0)
        {
            Assert.Empty(found);
            return;
        }

        var only = Assert.Single(found);
        Assert.Equal(("BuyerIsPayer", "1327", DocumentKind.Order), (only.Rule, only.Code, only.Turn));
        Assert.Equal(fields, string.Join(' ', only.Fields.Select(field => field.Field)));
        Assert.All(only.Fields, field => Assert.EndsWith("*", field.Value, StringComparison.Ordinal));   // masks, both sides
    }

    [Theory] // Enforced: reject 13035 支付企业不一致. The order need not name the payment company (payCode C..18, optional).
    [InlineData("PAYER-1", false)]
    [InlineData("payer-1", false)]
    [InlineData(null, false)]
    [InlineData("PAYER-2", true)]
    public void The_payment_company_is_the_one_that_the_order_names(string? named, bool fires) => Fires(
        "PaymentCompany", "13035", DocumentKind.Order, Given.Three(order => order with { PaymentCompanyCode = named }),
        fires, "payCode", "PAYER-2", "PAYER-1");

    [Theory]
    [InlineData("PAY-1", false)]
    [InlineData(null, false)]
    [InlineData("pay-1", true)]   // numbers are compared letter by letter
    [InlineData("PAY-2", true)]
    public void The_payment_has_the_number_that_the_order_names(string? named, bool fires) => Fires(
        "PaymentNumber", MatchCodes.PaymentNumberDiffers, DocumentKind.Order, Given.Three(order => order with { PaymentNo = named }),
        fires, "payTransactionId", named, "PAY-1");

    [Theory] // Reject text 支付单电商平台名称与订单中的电商平台名称不一致.
    [InlineData("三单商城", false)]
    [InlineData(" 三单 商城", false)]
    [InlineData("三单商场", true)]
    [InlineData("三单商城有限公司", true)]
    public void Order_and_payment_call_the_platform_the_same(string name, bool fires) => Fires(
        "PlatformName", MatchCodes.PlatformNameDiffers, DocumentKind.Payment,
        Given.Three(payment: payment => payment with { PlatformName = name }), fires, "ebpName", "三单商城", name);

    [Fact]
    public void Full_width_and_case_do_not_part_platform_names() => Assert.Empty(MatchRules.Compare(
        Given.Three(order => order with { PlatformName = "Ｓａｎｄａｎ" }, payment => payment with { PlatformName = "SANDAN" }), new()));

    [Theory] // CEB specification §3.1: 必须与电子运单的…一致.
    [InlineData("ConsigneeName", MatchCodes.ConsigneeNameDiffers, "consignee")]
    [InlineData("ConsigneeTelephone", MatchCodes.ConsigneeTelephoneDiffers, "consigneeTelephone")]
    [InlineData("ConsigneeAddress", MatchCodes.ConsigneeAddressDiffers, "consigneeAddress")]
    public void Order_and_waybill_go_to_the_same_consignee(string rule, string code, string field)
    {
        var other = Given.Person("别处");
        var found = MatchRules.Compare(
            Given.Three(waybill: one => rule switch
            {
                "ConsigneeName" => one with { Consignee = other },
                "ConsigneeTelephone" => one with { ConsigneeTelephone = other },
                _ => one with { ConsigneeAddress = other },
            }),
            new());

        var only = Assert.Single(found);
        Assert.Equal((rule, code, DocumentKind.Waybill), (only.Rule, only.Code, only.Turn));
        Assert.Equal([(DocumentKind.Order, field), (DocumentKind.Waybill, field)], only.Fields.Select(one => (one.Document, one.Field)));
        Assert.Equal("别*", only.Fields[1].Value);
    }

    [Fact]
    public void The_same_value_under_another_mask_agrees() => Assert.Empty(MatchRules.Compare(
        Given.Three(waybill: one => one with { Consignee = one.Consignee with { Mask = "**" } }), new()));

    [Theory]
    [InlineData("Off", null)]
    [InlineData("Warning", DiscrepancySeverity.Warning)]
    [InlineData("Mismatch", DiscrepancySeverity.Mismatch)]
    public void Configuration_weighs_every_rule(string weight, DiscrepancySeverity? severity)
    {
        var options = new MatcherOptions { Rules = MatchRules.All.ToDictionary(rule => rule.Name, _ => Enum.Parse<RuleWeight>(weight)) };

        var found = MatchRules.Compare(Everything.Wrong, options);

        Assert.Equal(severity is null ? [] : MatchRules.All.Select(rule => rule.Name), found.Select(one => one.Rule));
        Assert.All(found, one => Assert.Equal(severity, one.Severity));
    }

    [Fact]
    public void Only_the_sums_of_the_order_merely_warn_by_default() => Assert.Equal(
        ["OrderAddsUp", "LinesAddUp"],
        MatchRules.Compare(Everything.Wrong, new()).Where(one => one.Severity == DiscrepancySeverity.Warning).Select(one => one.Rule));

    private static void Fires(
        string rule, string code, DocumentKind turn, ThreeDocuments documents, bool fires, string field, string? ordered, string paid)
    {
        var found = MatchRules.Compare(documents, new());
        if (!fires)
        {
            Assert.Empty(found);
            return;
        }

        var only = Assert.Single(found);
        Assert.Equal((rule, code, turn), (only.Rule, only.Code, only.Turn));
        Assert.Equal(
            [new ComparedField(DocumentKind.Order, field, ordered), new ComparedField(DocumentKind.Payment, field, paid)], only.Fields);
    }

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Documents on which every rule fires.</summary>
internal static class Everything
{
    public static readonly ThreeDocuments Wrong = Given.Three(
        order => order with { ActualPaid = 1, Items = [Given.Line(99)], Currency = "502", PaymentCompanyCode = "PAYER-2", PaymentNo = "PAY-2" },
        payment => payment with { PlatformName = "别的商城", PayerName = Given.Person("赵六") },
        waybill => waybill with
        {
            Consignee = Given.Person("甲乙"),
            ConsigneeTelephone = Given.Person("139"),
            ConsigneeAddress = Given.Person("上海"),
        });
}
