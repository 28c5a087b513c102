using System.Text.Json.Nodes;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.IntegrationTests;

namespace Sandan.Matcher.IntegrationTests;

/// <summary>What happens to a consignment after its first verdict.</summary>
public sealed class LifeTests(MatcherInstallation matcher) : IClassFixture<MatcherInstallation>
{
    [ServersFact]
    public async Task A_payment_that_moves_to_another_order_changes_both_consignments()
    {
        await matcher.TakeAsync(Make.Order("MOVE-1"), Make.Order("MOVE-2"), Make.Payment("MOVE-1"), Make.Waybill("MOVE-1"), Make.Waybill("MOVE-2"));
        Assert.Equal(("1/1", "0/0"), (await matcher.StateAsync("MOVE-1"), await matcher.StateAsync("MOVE-2")));

        await matcher.TakeAsync(Make.Payment("MOVE-1", 2) with
        {
            OrderNo = "MOVE-2", Document = Make.Version(2) with { EarlierOrders = ["MOVE-1"] },
        });

        Assert.Equal(("0/2", "2/1"), (await matcher.StateAsync("MOVE-1"), await matcher.StateAsync("MOVE-2")));
        var left = matcher.VerdictsOn("MOVE-1")[^1];
        Assert.Equal((ConsignmentState.Waiting, 2, null), (left.State, left.Revision, left.PaymentNo));
        var reached = matcher.VerdictsOn("MOVE-2")[^1];
        Assert.Equal(("P-MOVE-1", 2), (reached.PaymentNo, reached.Payment!.Version));
        Assert.Contains(reached.Risks, risk => risk.Rule == "R06");
        Assert.Contains(reached.Discrepancies, found => found.Code == "S4003");
    }

    [ServersFact]
    public async Task A_deletion_takes_the_verdict_back_and_a_new_document_gives_the_next()
    {
        await matcher.TakeAsync(Make.Order("DEL-1"), Make.Payment("DEL-1"), Make.Waybill("DEL-1"));
        await matcher.TakeAsync(Make.Order("DEL-1") with { Document = Make.Version(2, deleted: true) });
        Assert.Equal("0/2", await matcher.StateAsync("DEL-1"));
        Assert.Equal(ConsignmentState.Waiting, matcher.VerdictsOn("DEL-1")[^1].State);

        await matcher.TakeAsync(Make.Order("DEL-1", 3));

        Assert.Equal([1, 0, 1], matcher.VerdictsOn("DEL-1").Select(one => (int)one.State));
        Assert.Equal([1, 2, 3], matcher.VerdictsOn("DEL-1").Select(one => one.Revision));
        Assert.Equal(["1", "2", "3"], await matcher.Database.ListAsync(
            """
            SELECT revision::text FROM superseded_verdict WHERE order_no = 'DEL-1'
            UNION ALL SELECT revision::text FROM consignment WHERE order_no = 'DEL-1' ORDER BY 1
            """));
    }

    [ServersFact]
    public async Task A_waybill_finds_its_platform_when_the_order_comes_and_leaves_no_row_behind()
    {
        await matcher.TakeAsync(Make.Waybill("LATE-1"));
        Assert.Equal("0/0", await matcher.StateAsync("LATE-1", platform: ""));

        await matcher.TakeAsync(Make.Order("LATE-1"), Make.Payment("LATE-1"));

        Assert.Equal(["PLATFORM-1"], await matcher.Database.ListAsync("SELECT platform_code FROM consignment WHERE order_no = 'LATE-1'"));
        Assert.Equal("1/1", await matcher.StateAsync("LATE-1"));

        await matcher.TakeAsync(Make.Waybill("LATE-1") with { Document = Make.Version(2, deleted: true) });
        await matcher.TakeAsync(Make.Order("LATE-1") with { Document = Make.Version(2, deleted: true) });
        await matcher.TakeAsync(Make.Payment("LATE-1") with { Document = Make.Version(2, deleted: true) });
        Assert.Equal(["PLATFORM-1=7"], await matcher.Database.ListAsync(
            "SELECT platform_code || '=' || missing FROM consignment WHERE order_no = 'LATE-1'"));
    }

    [ServersFact]
    public async Task Two_platforms_with_one_order_number_are_ambiguous_until_the_consignee_decides()
    {
        var other = Make.Order("TWO-1", platform: "PLATFORM-2");
        await matcher.TakeAsync(Make.Order("TWO-1"), other, Make.Payment("TWO-1"), Make.Waybill("TWO-1"));
        Assert.Equal(("3", "3"), ((await matcher.StateAsync("TWO-1"))[..1], (await matcher.StateAsync("TWO-1", "PLATFORM-2"))[..1]));

        await matcher.TakeAsync(other with { Document = Make.Version(2), Consignee = Make.Person("elsewhere") });

        Assert.Equal(("1", "0"), ((await matcher.StateAsync("TWO-1"))[..1], (await matcher.StateAsync("TWO-1", "PLATFORM-2"))[..1]));
        Assert.Equal(ConsignmentState.Waiting, matcher.VerdictsOn("TWO-1", "PLATFORM-2")[^1].State);
    }

    [ServersFact]
    public async Task A_company_that_registers_later_brings_the_mode_in_a_new_revision()
    {
        await matcher.TakeAsync(Make.Order("REG-1", seller: "SELLER-LATE"), Make.Payment("REG-1"), Make.Waybill("REG-1"));
        Assert.Null(Assert.Single(matcher.VerdictsOn("REG-1")).Mode);

        await matcher.TakeAsync(new CompanyRegistered("SELLER-LATE", "卖家", ["seller"], SupervisionMode.B2CDirect, 2));
        await matcher.TakeAsync(new CompanyRegistered("SELLER-LATE", "卖家", ["seller"], SupervisionMode.B2CBonded, 1));   // older

        Assert.Equal([(1, null), (2, SupervisionMode.B2CDirect)], matcher.VerdictsOn("REG-1").Select(one => (one.Revision, one.Mode)));
        await matcher.TakeAsync(Make.Order("REG-2", seller: "SELLER-LATE"), Make.Payment("REG-2"), Make.Waybill("REG-2"));
        Assert.Equal(SupervisionMode.B2CDirect, matcher.VerdictsOn("REG-2")[^1].Mode);
    }

    [ServersFact] // R06: whoever is judged first, the number that both name is seen with two orders.
    public async Task A_payment_that_another_order_names_blocks_both_that_are_judged_from_then_on()
    {
        await matcher.TakeAsync(Make.Order("NAM-1"), Make.Payment("NAM-1"), Make.Waybill("NAM-1"));
        Assert.Empty(Assert.Single(matcher.VerdictsOn("NAM-1")).Risks);

        await matcher.TakeAsync(
            Make.Order("NAM-2") with { PaymentNo = Make.Payment("NAM-1").PaymentNo }, Make.Payment("NAM-2"), Make.Waybill("NAM-2"));
        Assert.Equal(("R06", 2m), Assert.Single(matcher.VerdictsOn("NAM-2")[^1].Risks) is var risk ? (risk.Rule, risk.Observed) : default);

        await matcher.TakeAsync(
            Make.Order("NAM-3") with { PaymentNo = Make.Payment("NAM-4").PaymentNo }, Make.Payment("NAM-3"), Make.Waybill("NAM-3"));
        Assert.Empty(matcher.VerdictsOn("NAM-3")[^1].Risks);   // nobody else is known to have it
        await matcher.TakeAsync(Make.Order("NAM-4"), Make.Payment("NAM-4"), Make.Waybill("NAM-4"));
        Assert.Equal("R06", Assert.Single(matcher.VerdictsOn("NAM-4")[^1].Risks).Rule);
    }

    [ServersFact]
    public async Task A_poison_item_is_parked_with_its_reason_and_its_neighbours_are_judged()
    {
        await matcher.TakeAsync([
            .. Enumerable.Range(0, 7).SelectMany(at => new object[] { Make.Payment($"POI-{at}"), Make.Waybill($"POI-{at}") })]);

        await matcher.TakeAsync([
            .. Enumerable.Range(0, 7).Select(at => at == 3
                ? Make.Order("POI-3") with { ConsigneeTelephone = new("not base64", "*") }
                : Make.Order($"POI-{at}"))]);

        Assert.Equal(["POI-3"], await matcher.Database.ListAsync("SELECT item->>'orderNo' FROM parked WHERE item->>'orderNo' LIKE 'POI-%'"));
        Assert.Contains("ArgumentException", (await matcher.Database.ListAsync("SELECT reason FROM parked"))[0], StringComparison.Ordinal);
        foreach (var at in new[] { 0, 1, 2, 4, 5, 6 })
        {
            Assert.Equal(ConsignmentState.Matched, Assert.Single(matcher.VerdictsOn($"POI-{at}")).State);
        }

        Assert.Equal("0/0", await matcher.StateAsync("POI-3"));
    }

    [ServersFact]
    public async Task Messages_of_500_make_10_000_consignments()
    {
        foreach (var chunk in Enumerable.Range(0, 10_000).Select(at => $"BULK-{at:D5}").Chunk(500))
        {
            await matcher.PublishAsync([
                .. chunk.Select(no => Make.Order(no)), .. chunk.Select(no => Make.Payment(no)), .. chunk.Select(no => Make.Waybill(no))]);
        }

        await matcher.AllWorkedAsync();

        Assert.Equal(10_000, await matcher.Database.CountAsync(
            "SELECT count(*) FROM consignment WHERE order_no LIKE 'BULK-%' AND state = 1 AND revision = 1"));
        Assert.All(matcher.Judged.Events, one => Assert.InRange(one.Consignments.Count, 1, 1_000));

        // Several thousand at once wait for a mode: more than one event, none lost.
        await matcher.TakeAsync(new CompanyRegistered(Make.Seller, "卖家", ["seller"], SupervisionMode.B2CBonded, 1));
        Assert.Equal(10_000, await matcher.Database.CountAsync(
            "SELECT count(*) FROM consignment WHERE order_no LIKE 'BULK-%' AND mode = 1210 AND revision = 2"));
        Assert.All(matcher.Judged.Events, one => Assert.InRange(one.Consignments.Count, 1, 1_000));
    }

    [ServersFact]
    public async Task A_party_reads_what_holds_its_consignment_without_thresholds_and_no_watched_risk()
    {
        // R05: the waybill is a day older. R09, watched: three buyers on one telephone.
        var telephone = Make.Person("the one telephone");
        foreach (var no in (string[])["RISK-1", "RISK-2", "RISK-3"])
        {
            await matcher.TakeAsync(
                Make.Order(no) with { ConsigneeTelephone = telephone },
                Make.Payment(no),
                Make.Waybill(no) with
                {
                    ConsigneeTelephone = telephone, Document = Make.Version() with { AppTime = Make.Time.AddDays(-1) },
                });
        }

        var all = await AskAsync("CUSTOMS", "customs");
        var own = await AskAsync(Make.Platform, "platform");

        Assert.Equal(["R05", "R09"], all["risks"]!.AsArray().Select(one => (string)one!["rule"]!));
        Assert.All(all["risks"]!.AsArray(), one => Assert.NotNull(one!["limit"]));
        var held = Assert.Single(own["risks"]!.AsArray())!.AsObject();
        Assert.Equal(["rule", "severity", "text"], held.Select(one => one.Key));
        Assert.DoesNotContain("R09", own.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("R09", all["history"]!.ToJsonString(), StringComparison.Ordinal);

        async Task<JsonNode> AskAsync(string company, string role)
        {
            using var answer = await matcher.SendAsync(
                matcher.Matcher, HttpMethod.Get, $"/v1/consignments/{Make.Platform}/RISK-3", company, role);
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        }
    }

    [ServersFact]
    public async Task A_telephone_seen_again_counts_again()
    {
        // R09: three buyers on one telephone. The first was seen 40 days ago, and is seen again today.
        var telephone = Make.Person("the telephone");
        object[] Documents(string no, string buyer)
        {
            var id = Make.Person(buyer);
            return
            [
                Make.Order(no) with { ConsigneeTelephone = telephone, BuyerId = id },
                Make.Payment(no) with { PayerId = id }, Make.Waybill(no) with { ConsigneeTelephone = telephone },
            ];
        }

        await matcher.TakeAsync(Documents("TEL-1", "A"));
        await matcher.Database.ExecuteAsync("UPDATE sighting SET seen_at = seen_at - interval '40 days'");
        await matcher.TakeAsync(Documents("TEL-2", "B"));
        await matcher.TakeAsync(Documents("TEL-3", "C"));
        Assert.Empty(matcher.VerdictsOn("TEL-3")[^1].Risks);
        await matcher.TakeAsync(Documents("TEL-4", "A"));

        Assert.Equal(("R09", 3m), matcher.VerdictsOn("TEL-4")[^1].Risks.Select(one => (one.Rule, one.Observed)).Single());
    }
}
