using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>Did you mean …: what is waited for lies under another number.</summary>
public sealed class NearMissTests
{
    [Theory]
    [InlineData("SD1234", "SD1243")]   // changed over
    [InlineData("SD1234", "SD1235")]   // another digit
    [InlineData("SD1234", "SD12345")]  // one too many
    [InlineData("SD1234", "SD123")]    // one too few
    [InlineData("SD1234", "sd1234")]
    [InlineData("SD1234", "S1234")]
    [InlineData("SD-12-34", "SD1234")]
    [InlineData(" SD1234", "SD1234")]
    public void One_slip_is_a_variant(string orderNo, string variant) => Assert.Contains(variant, NearMisses.VariantsOf(orderNo));

    [Fact]
    public void No_variant_has_half_a_character() => Assert.All(
        NearMisses.VariantsOf("7x𠮷é"), one => Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(one))));

    [Theory]
    [InlineData("SD1234")]
    [InlineData("1")]
    public void A_number_is_no_variant_of_itself_and_none_is_empty(string orderNo)
    {
        Assert.DoesNotContain(orderNo, NearMisses.VariantsOf(orderNo));
        Assert.DoesNotContain("", NearMisses.VariantsOf(orderNo));
        Assert.True(NearMisses.VariantsOf(new string('1', 60)).Count < 1_500);
    }

    [Fact]
    public void The_payment_that_the_order_names_is_found_under_another_order() => Finds(
        Given.Joined(Given.Order(), null, Given.Waybill()), Given.Payment("COMPLETELY-OTHER") with { PayerId = Given.Person("1") }, "S4301");

    [Fact]
    public void A_payment_of_the_same_person_and_amount_is_found_under_nearly_the_same_number() => Finds(
        Given.Joined(Given.Order(), null, Given.Waybill()), Given.Payment("O2") with { PaymentNo = "PAY-2" }, "S4302");

    [Fact]
    public void A_neighbours_payment_is_not_taken_for_it()
    {
        Finds(Given.Joined(Given.Order(), null, Given.Waybill()), Given.Payment("O2") with { PaymentNo = "PAY-2", PayerId = Given.Person("1") }, null);
        Finds(Given.Joined(Given.Order(), null, Given.Waybill()), Given.Payment("O2") with { PaymentNo = "PAY-2", AmountPaid = 1 }, null);
        Finds(Given.Joined(Given.Order(), null, Given.Waybill()), Given.Payment("O2", "PLATFORM-2") with { PaymentNo = "PAY-2" }, null);
    }

    [Fact]
    public void A_waybill_to_the_same_door_is_found()
    {
        Finds(Given.Joined(Given.Order(), Given.Payment(), null), Given.Waybill("O2"), "S4302");
        Finds(Given.Joined(Given.Order(), Given.Payment(), null), Given.Waybill("O2") with { Consignee = Given.Person("别人") }, null);
    }

    [Fact]
    public void An_order_is_found_by_what_is_there_of_it()
    {
        Finds(Given.Joined(null, Given.Payment(), null), Given.Order("O2"), "S4302");
        Finds(Given.Joined(null, null, Given.Waybill()), Given.Order("O2"), "S4302");
        Finds(Given.Joined(null, Given.Payment(), null), Given.Order("O2") with { BuyerId = Given.Person("1") }, null);
    }

    [Fact]
    public void The_same_person_and_amount_under_another_platform_are_found()
    {
        Finds(Given.Joined(Given.Order(), null, Given.Waybill()), Given.Payment(platform: "PLATFORM-2"), "S4303");
        Finds(Given.Joined(Given.Order(), null, Given.Waybill()), Given.Payment(platform: "PLATFORM-2") with { AmountPaid = 1 }, null);
    }

    [Fact]
    public void What_is_there_is_not_looked_for() => Finds(
        Given.Joined(Given.Order(), Given.Payment(), null), Given.Payment("O2") with { PaymentNo = "PAY-2" }, null);

    private static void Finds(JoinedConsignment joined, object elsewhere, string? code) =>
        Assert.Equal(code, NearMisses.Find(joined, [HeldDocument.Of(elsewhere)]).SingleOrDefault()?.Code);
}
