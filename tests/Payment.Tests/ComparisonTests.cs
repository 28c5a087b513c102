using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;
using Sandan.Payment.OriginalData;

namespace Sandan.Payment.Tests;

/// <summary>The original data against CEB411.</summary>
public sealed class ComparisonTests
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    [Fact]
    public void Without_a_payment_there_is_nothing_to_compare_with() =>
        Assert.Equal([new("S3120", "PAY20261120000001", null)], Comparison.Of(Given.Payment(), null, Tolerance));

    [Theory] // a member of CEB411, what stands there, orders of the transaction, what is found: code, original, declared
    [InlineData("payTime", "20261120102959", 1, null)]
    [InlineData("payTime", "20261120103059", 1, null)]
    [InlineData("payTime", "20261120103100", 1, "S3124 20261120102959 20261120103100")]
    [InlineData("payTime", "20261120102858", 1, "S3124 20261120102959 20261120102858")]
    [InlineData("amountPaid", "622.05000", 1, null)]
    [InlineData("amountPaid", "622.05001", 1, "S3123 622.05 622.05001")]
    [InlineData("amountPaid", "622.04999", 1, "S3123 622.05 622.04999")]
    [InlineData("amountPaid", "300", 2, null)]
    [InlineData("amountPaid", "622.05", 2, null)]
    [InlineData("amountPaid", "622.05001", 2, "S3123 622.05 622.05001")]
    [InlineData("ebpCode", "3302960009", 1, "S3121 3302960001 3302960009")]
    [InlineData("orderNo", "SD-OTHER", 1, "S3122  SD-OTHER")]
    [InlineData("orderNo", "SD-2", 2, null)]
    public void A_difference_is_found_with_both_values(string member, string value, int orders, string? found)
    {
        var payment = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "examples/payment.json")))!.AsObject();
        payment[member] = value;
        var declared = new DocumentJsonReader(CebMessage.Payment).ReadOne(Encoding.UTF8.GetBytes(payment.ToJsonString()), default).Document!;
        var deposit = Given.Deposit();
        if (orders == 2)
        {
            var second = deposit.Order().DeepClone();
            second["orderNo"] = "SD-2";
            deposit["payExchangeInfoLists"]!.AsArray().Add(second);
        }

        Assert.Equal(
            found is null ? [] : [found],
            Comparison.Of(Given.Payment(deposit), declared, Tolerance).Select(one => $"{one.Code} {one.Original} {one.Declared}"));
    }
}
