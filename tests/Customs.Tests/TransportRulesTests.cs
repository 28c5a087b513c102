using Sandan.Contracts.Events;
using Sandan.Customs.Exports;

namespace Sandan.Customs.Tests;

/// <summary>When a list of parcels that comes in parts is whole, and what follows.</summary>
public sealed class TransportRulesTests
{
    [Theory]
    [InlineData("1/1", true)]
    [InlineData("1/2", false)]
    [InlineData("2/2", false)]
    [InlineData("1/2 2/2", true)]
    [InlineData("1/3 2/3", false)]
    [InlineData("1/3 3/3 2/3", true)]
    [InlineData("1/2 2/3", false)] // they do not say the same
    [InlineData("1/1 2/2", false)]
    [InlineData("1/2 2/2-", false)] // deleted
    [InlineData("1/1 2/2-", true)]
    [InlineData("1/1-", false)]
    public void A_list_is_whole_where_all_its_parts_are_there(string parts, bool isWhole) =>
        Assert.Equal(isWhole, TransportRules.IsWhole(parts.Split(' ').Select(Part)));

    [Theory]
    [InlineData("1/2", null, false, "120 1800")]
    [InlineData("1/2", "120", false, null)]
    [InlineData("1/2", "120", true, "399 2300")]
    [InlineData("1/2", null, true, "399 2300")]
    [InlineData("1/2", "399", true, null)]
    [InlineData("1/2", "399", false, null)]
    [InlineData("1/2-", "120", false, "399 2300")]
    [InlineData("1/2-", "399", false, null)]
    public void The_result_of_a_part_follows_from_the_whole(string part, string? last, bool isWhole, string? expected)
    {
        var result = TransportRules.Decide(new(Part(part), last is null ? 0 : 1, last), isWhole);

        Assert.Equal(expected, result is null ? null : $"{result.Status} {result.Code}");
    }

    private static TransportPart Part(string text)
    {
        var numbers = text.TrimEnd('-').Split('/');
        return new()
        {
            Document = new(Guid.CreateVersion7(), 1, DateTimeOffset.UnixEpoch, true, DateTimeOffset.UnixEpoch, Deleted: text.EndsWith('-')),
            Message = "CEB509",
            CompanyCode = "LOGISTICS",
            CompanyNo = "DEP1",
            Part = int.Parse(numbers[0], System.Globalization.CultureInfo.InvariantCulture),
            Parts = int.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture),
            LogisticsCompanyCode = "LOGISTICS",
            WaybillNos = ["W1"],
        };
    }
}
