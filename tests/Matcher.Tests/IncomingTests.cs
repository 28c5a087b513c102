using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>Versions that come in one message are one document, which forgets nothing that a rule looks at.</summary>
public sealed class IncomingTests
{
    [Fact]
    public void The_newest_version_remembers_what_the_ones_before_it_said()
    {
        var first = Waybill(1, "O1");
        var newest = Assert.Single(IncomingDocument.Newest([Waybill(3, "O2"), first, Waybill(2, "O1")]));

        Assert.Equal((3, "O2"), (newest.Document.Version, newest.OrderNo));
        Assert.Equal(first.Document, newest.First);
        Assert.Equal(["O1"], newest.EarlierOrders);
    }

    [Fact]
    public void Numbers_of_other_companies_and_kinds_stay_apart() => Assert.Equal(
        3,
        IncomingDocument.Newest(
        [
            Waybill(1, "O1"),
            Waybill(1, "O1") with { CompanyCode = "CARRIER-2" },
            Waybill(1, "O1") with { Kind = DocumentKind.Payment },
        ]).Count());

    private static IncomingDocument Waybill(int version, string orderNo) => new(
        DocumentKind.Waybill, "CARRIER-1", "WAY-1", Given.Version(version, Given.Now.AddMinutes(version)), null, orderNo, "said");
}
