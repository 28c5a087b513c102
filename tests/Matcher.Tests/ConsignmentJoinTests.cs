using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>Which documents belong together; always the same, in whatever order they are looked at.</summary>
public sealed class ConsignmentJoinTests
{
    private const string A = "PLATFORM-A";
    private const string B = "PLATFORM-B";

    [Fact]
    public void Order_and_payment_and_a_waybill_without_platform_are_one_consignment() => Joins(
        [Order(A), Payment(A), Waybill("W1", null)], $"{A}: O P W1");

    [Fact]
    public void A_waybill_alone_waits_under_no_platform() => Joins([Waybill("W1", null)], ": - - W1");

    [Fact]
    public void A_waybill_without_platform_goes_with_a_lone_payment() => Joins([Payment(A), Waybill("W1", null)], $"{A}: - P W1");

    [Fact]
    public void A_waybill_with_platform_alone_makes_its_consignment() => Joins([Waybill("W1", A)], $"{A}: - - W1");

    [Fact]
    public void Nothing_joins_to_nothing() => Assert.Empty(ConsignmentJoin.Join("O1", []));

    [Fact]
    public void Of_two_platforms_the_consignee_decides() => Joins(
        [Order(A), Order(B, "别人"), Payment(A), Waybill("W1", null)], $"{A}: O P W1", $"{B}: O - -");

    [Fact]
    public void Of_two_platforms_with_the_same_consignee_nobody_decides() => Joins(
        [Order(A), Order(B), Payment(A), Waybill("W1", null)], $"{A}: O P - ambiguous", $"{B}: O - - ambiguous");

    [Fact]
    public void Of_two_platforms_with_other_consignees_nobody_decides() => Joins(
        [Order(A, "甲"), Order(B, "乙"), Waybill("W1", null)], $"{A}: O - - ambiguous", $"{B}: O - - ambiguous");

    [Fact]
    public void All_three_parts_of_the_consignee_must_agree()
    {
        var sameNameOnly = Given.Held(Given.Order(platform: B) with { ConsigneeTelephone = Given.Person("139") });
        Joins([Order(A), sameNameOnly, Waybill("W1", null)], $"{A}: O - W1", $"{B}: O - -");
    }

    [Fact]
    public void A_platform_code_on_the_waybill_decides_against_the_consignee() => Joins(
        [Order(A), Order(B, "别人"), Waybill("W1", B)], $"{A}: O - -", $"{B}: O - W1");

    [Fact]
    public void A_payment_of_another_platform_is_no_candidate_while_one_order_is_there() => Joins(
        [Order(A), Payment(B), Waybill("W1", null)], $"{A}: O - W1", $"{B}: - P -");

    [Fact]
    public void Two_payments_and_no_order_leave_the_waybill_to_nobody() => Joins(
        [Payment(A), Payment(B), Waybill("W1", null)], $"{A}: - P -", $"{B}: - P -");

    [Fact]
    public void A_waybill_of_its_own_ends_the_ambiguity() => Joins(
        [Order(A), Order(B), Waybill("W1", null), Waybill("W2", A)], $"{A}: O - W2", $"{B}: O - - ambiguous");

    [Fact]
    public void Of_several_waybills_the_one_that_fits_the_order_is_taken() => Joins(
        [Order(A), Waybill("W1", null), Waybill("W2", null, "别人", minutes: 5)], $"{A}: O - W1");

    [Fact]
    public void Of_several_that_fit_the_newest_is_taken_then_the_first_by_number()
    {
        Joins([Order(A), Waybill("W1", null), Waybill("W2", null, minutes: 1)], $"{A}: O - W2");
        Joins([Order(A), Waybill("W2", null), Waybill("W1", null)], $"{A}: O - W1");
    }

    [Theory] // The payment that fits: number named by the order, amount, payer.
    [InlineData("PAY-1", "97.6", "11010519491231002X", "PAY-1")]
    [InlineData("PAY-1", "97.5", "11010519491231002X", "PAY-2")]
    [InlineData("PAY-1", "97.6", "33010119900101001X", "PAY-2")]
    public void Of_several_payments_the_one_that_fits_the_order_is_taken(string number, string amount, string payer, string taken)
    {
        var older = Given.Held(Given.Payment(platform: A) with
        {
            PaymentNo = number,
            AmountPaid = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture),
            PayerId = Given.Person(payer),
        });
        var newer = Given.Held(Given.Payment(platform: A) with { PaymentNo = "PAY-2", Document = Given.Version(at: Given.Now.AddMinutes(1)) });

        foreach (var documents in Permutations([Order(A), older, newer]))
        {
            Assert.Equal(taken, ConsignmentJoin.Join("O1", documents).Single().Payment!.Number);
        }
    }

    [Fact]
    public void What_is_missing_is_named_in_the_order_of_the_documents()
    {
        Assert.Equal([DocumentKind.Order, DocumentKind.Payment, DocumentKind.Waybill], Given.Joined(null, null, null).Missing);
        Assert.Equal([DocumentKind.Payment], Given.Joined(Given.Order(), null, Given.Waybill()).Missing);
        Assert.Empty(Given.Joined(Given.Order(), Given.Payment(), Given.Waybill()).Missing);
    }

    private static HeldDocument Order(string platform, string? consignee = null) => Given.Held(
        Given.Order(platform: platform) with { Consignee = Given.Person(consignee ?? "李四") });

    private static HeldDocument Payment(string platform) => Given.Held(
        Given.Payment(platform: platform) with { PaymentNo = $"PAY-{platform}" });

    private static HeldDocument Waybill(string number, string? platform, string? consignee = null, int minutes = 0) => Given.Held(
        Given.Waybill(platform: platform) with
        {
            WaybillNo = number,
            Consignee = Given.Person(consignee ?? "李四"),
            Document = Given.Version(at: Given.Now.AddMinutes(minutes)),
        });

    /// <summary>All permutations of the documents join to the same.</summary>
    private static void Joins(HeldDocument[] documents, params string[] consignments)
    {
        foreach (var permutation in Permutations(documents))
        {
            var joined = ConsignmentJoin.Join("O1", permutation).Select(one =>
                $"{one.PlatformCode}: {(one.Order is null ? "-" : "O")} {(one.Payment is null ? "-" : "P")} {one.Waybill?.Number ?? "-"}"
                + (one.Ambiguous ? " ambiguous" : ""));
            Assert.Equal(consignments, joined);
        }
    }

    private static IEnumerable<HeldDocument[]> Permutations(HeldDocument[] documents) => documents.Length <= 1
        ? [documents]
        : documents.SelectMany((first, at) =>
            Permutations([.. documents.Where((_, other) => other != at)]).Select(rest => (HeldDocument[])[first, .. rest]));
}
