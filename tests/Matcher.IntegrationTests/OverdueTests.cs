using System.Text.Json.Nodes;
using Sandan.Contracts.Events;
using Sandan.IntegrationTests;

namespace Sandan.Matcher.IntegrationTests;

/// <summary>A matcher without patience.</summary>
public sealed class ImpatientMatcher : MatcherInstallation
{
    protected override string[] Options =>
    [
        "--Matcher:OverdueAfter=00:00:01", "--Matcher:OverdueCheckEvery=00:00:00.100", "--Matcher:Risk:DeliveredWithin=00:00:01",
    ];
}

/// <summary>Who waits too long for a document is told of once.</summary>
public sealed class OverdueTests(ImpatientMatcher matcher) : IClassFixture<ImpatientMatcher>
{
    [ServersFact]
    public async Task Overdue_is_told_once_for_each_set_of_missing_documents()
    {
        await matcher.TakeAsync(Make.Order("DUE-1"), Make.Waybill("DUE-2"));
        await Eventually.BecomesAsync("both are told", () => Told("DUE-1").Length > 0 && Told("DUE-2").Length > 0);

        // A change that brings nothing that was missing does not begin it anew.
        await matcher.TakeAsync(Make.Order("DUE-1", 2));
        await matcher.TakeAsync(Make.Payment("DUE-1"));
        await Eventually.BecomesAsync("the waybill is missed too", () => Told("DUE-1").Length > 1);

        await matcher.TakeAsync(Make.Waybill("DUE-1"));
        await matcher.TakeAsync(Make.Order("DUE-3"));
        await Eventually.BecomesAsync("a later one is told", () => Told("DUE-3").Length > 0);

        Assert.Equal(["Payment,Waybill", "Waybill"], Told("DUE-1").Select(one => string.Join(',', one.Missing)));
        Assert.Equal((Make.Seller, Make.Bank, null), (Told("DUE-1")[1].SellerCode, Told("DUE-1")[1].PaymentCompanyCode, Told("DUE-1")[1].LogisticsCompanyCode));
        var nameless = Assert.Single(Told("DUE-2"));
        Assert.Equal(("", Make.Carrier), (nameless.PlatformCode, nameless.LogisticsCompanyCode));
        Assert.Equal("1/1", await matcher.StateAsync("DUE-1"));
    }

    [ServersFact]
    public async Task Where_everything_was_withdrawn_nothing_is_overdue()
    {
        await matcher.TakeAsync(Make.Order("GONE-1", 2), Make.Order("GONE-1") with { Document = Make.Version(3, deleted: true) });
        await matcher.TakeAsync(Make.Payment("GONE-2"));
        await matcher.TakeAsync(Make.Payment("GONE-2") with { Document = Make.Version(2, deleted: true) });
        await matcher.TakeAsync(Make.Order("GONE-3"));
        await Eventually.BecomesAsync("a later one is told", () => Told("GONE-3").Length > 0);
        var before = Told("GONE-2").Length;   // 1 where it was told before its payment was withdrawn

        await matcher.TakeAsync(Make.Order("GONE-4"));
        await Eventually.BecomesAsync("the next is told", () => Told("GONE-4").Length > 0);

        Assert.Empty(Told("GONE-1"));
        Assert.Equal(before, Told("GONE-2").Length);
        Assert.All(Told("GONE-2"), one => Assert.Equal(2, one.Missing.Count));
    }

    [ServersFact]
    public async Task A_released_parcel_that_nobody_signs_for_is_told_once_and_what_is_delivered_or_not_released_never()
    {
        foreach (var no in (string[])["UND-1", "UND-2", "UND-3", "UND-4"])
        {
            await matcher.TakeAsync(Make.Order(no), Make.Payment(no), Make.Waybill(no));
        }

        await matcher.TakeAsync(Make.SignedFor("UND-2"));
        await matcher.TakeAsync(
            Make.Decision("UND-1"), Make.Decision("UND-2"), Make.Decision("UND-3", status: 300),
            Make.Decision("UND-4", previous: 800)); // released before, and a document changed since
        await Eventually.BecomesAsync("it is told", () => Undelivered("UND-1").Length > 0);

        // Told again by customs, under another message: nothing. A later one shows that the watch has been by since.
        await matcher.TakeAsync(Make.Decision("UND-1"));
        await matcher.TakeAsync(Make.Order("UND-5"), Make.Payment("UND-5"), Make.Waybill("UND-5"));
        await matcher.TakeAsync(Make.Decision("UND-5"));
        await Eventually.BecomesAsync("a later one is told", () => Undelivered("UND-5").Length > 0);

        var told = Assert.Single(Undelivered("UND-1"));
        Assert.Equal(
            (Make.Platform, 1, Make.Seller, Make.Bank, Make.Carrier, "W-UND-1", "R08", RiskSeverity.Watch),
            (told.PlatformCode, told.Revision, told.SellerCode, told.PaymentCompanyCode, told.LogisticsCompanyCode, told.WaybillNo,
                told.Risk.Rule, told.Risk.Severity));
        Assert.True(told.NoticedAt - told.ReleasedAt > TimeSpan.FromSeconds(1));
        Assert.All((string[])["UND-2", "UND-3", "UND-4"], no => Assert.Empty(Undelivered(no)));
        Assert.Equal(["UND-1", "UND-5"], await matcher.Database.ListAsync("SELECT order_no FROM overdue_delivery ORDER BY order_no"));

        Assert.Equal(["R08"], await RisksAsync("UND-1", "CUSTOMS", "customs"));
        Assert.Empty(await RisksAsync("UND-1", Make.Carrier, "logistics"));
        await matcher.TakeAsync(Make.SignedFor("UND-1")); // late, but there
        Assert.Empty(await RisksAsync("UND-1", "CUSTOMS", "customs"));
    }

    private async Task<string[]> RisksAsync(string orderNo, string company, string role)
    {
        using var answer = await matcher.SendAsync(
            matcher.Matcher, HttpMethod.Get, $"/v1/consignments/{Make.Platform}/{orderNo}", company, role);
        var view = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return [.. view["risks"]!.AsArray().Select(one => (string)one!["rule"]!)];
    }

    private DeliveryOverdue[] Undelivered(string orderNo) =>
        [.. matcher.Undelivered.Events.SelectMany(one => one.Deliveries).Where(one => one.OrderNo == orderNo)];

    private ConsignmentOverdue[] Told(string orderNo) =>
        [.. matcher.Overdue.Events.SelectMany(one => one.Consignments).Where(one => one.OrderNo == orderNo)];
}
