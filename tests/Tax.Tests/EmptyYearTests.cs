using System.Text.Json;
using Sandan.Contracts.Events;
using Sandan.Tax.Domain;
using static Sandan.Tax.Tests.Given;

namespace Sandan.Tax.Tests;

/// <summary>An assessment made for an empty year may stand for another year only where it is the same.</summary>
public sealed class EmptyYearTests
{
    public static TheoryData<string, string, string?, string?> Consignments => new()
    {
        // code, value, legal unit, legal quantity
        { Shampoo, "300", null, null },
        { Shampoo, "5000", null, null },
        { Handbag, "6000", null, null },
        { Handbag, "25999.99", null, null },
        { Handbag, "26000", null, null },
        { Handbag, "26000.01", null, null },
        { SkinCare, "425", "035", "0.02" },
        { SkinCare, "425", null, null },   // held for want of a quantity
        { Sugar, "20", "035", "1.5" },
        { Sugar, "20", null, null },       // held for want of a weight
        { "2404120000", "20", null, null }, // not on the list
        { "", "20", null, null },          // not filed
    };

    [Theory]
    [MemberData(nameof(Consignments))]
    public void What_is_said_to_be_the_same_is_the_same(string hs, string total, string? unit, string? quantity)
    {
        var goods = new[] { Goods(hs, total, unit1: unit, perUnit: quantity) };
        var inEmptyYear = Assess(goods);
        foreach (var cny in new[] { "0", "0.01", "300", "20999.99", "21000", "21000.01", "25700", "25700.01", "26000", "40000" })
        {
            foreach (var kg in new[] { "0", "0.5", "0.6", "2" })
            {
                var used = kg == "0" ? Used(cny) : UsedKg("sugar", kg) with { UsedCny = D(cny) };
                if (inEmptyYear.IsSameIn(used, Options))
                {
                    Assert.Equal(Said(inEmptyYear), Said(Assess(goods, used: used)));
                }
            }
        }
    }

    [Theory] // Else every consignment would be assessed twice.
    [InlineData("25700", true)]
    [InlineData("25700.01", false)]
    public void Up_to_the_limit_it_is_the_same(string used, bool same) =>
        Assert.Equal(same, Assess(Goods(Shampoo, "300")).IsSameIn(Used(used), Options));

    [Fact]
    public void Every_route_is_told_by_its_own_name() => Assert.All(
        Enum.GetValues<Route>(), route => Assert.Equal(route.ToString(), ((TaxRoute)route).ToString()));

    private static string Said(Assessment assessment) => JsonSerializer.Serialize(assessment);
}
