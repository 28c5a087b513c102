using Sandan.Chaos.Books;
using Sandan.Chaos.Load;

namespace Sandan.Disaster.Tests;

/// <summary>The checker finds what it looks for: each fault is put into books that balance, and is told by name.</summary>
[Collection("disaster")]
public sealed class CheckerTests(OwnServers servers)
{
    private const string Moves =
        """
        INSERT INTO stock_movement (ems_no, record_no, kind, entered, reserved, released, returned, document_no, pre_no, at)
        SELECT ems_no, record_no, kind, 0, 1, 0, 0,
        """;

    /// <summary>
    /// A database of a service, what is done to it, the class and a part of the words in which it is told. A fault must not
    /// hide another: what is harmed in one row is not harmed again, and the assessment is taken from the other end than the clearances.
    /// </summary>
    private static readonly (string Service, string Sql, string Class, string Told)[] Plants =
    [
        ("order", "DELETE FROM document WHERE ctid = (SELECT min(ctid) FROM document)", "lost", "was acknowledged and is not stored"),
        ("payment", "UPDATE document SET version = 9 WHERE ctid = (SELECT min(ctid) FROM document)", "doubled", "version 9, which no answer told of"),
        ("waybill", "UPDATE document SET id = gen_random_uuid() WHERE ctid = (SELECT min(ctid) FROM document)", "wrong", ", and told "),
        ("order", $"UPDATE document SET deleted = true WHERE {AnyOf("document", "version = 1 AND NOT deleted")}", "wrong", "version 1 withdrawn"),
        ("payment", "DELETE FROM document_block WHERE ctid = (SELECT min(ctid) FROM document_block)", "lost", "payment: versions without their bytes"),
        ("matcher", $"UPDATE consignment SET state = 0 WHERE {AnyOf("consignment", "state = 1 AND revision = 1")}", "wrong", "is Waiting instead of Matched"),
        ("matcher", $"DELETE FROM consignment WHERE {AnyOf("consignment", "state = 1 AND revision = 1")}", "lost", "is no consignment"),
        ("matcher", $"UPDATE consignment SET order_no = order_no || 'Y' WHERE {AnyOf("consignment", "state = 1 AND revision = 1")}", "wrong", "of which no document tells"),
        ("matcher", $"UPDATE consignment SET revision = 7 WHERE {AnyOf("consignment", "revision = 1")}", "lost", "verdicts missing in a row of revisions"),
        ("matcher", $"UPDATE consignment SET order_no = order_no || '~' WHERE {AnyOf("consignment", "state = 1 AND revision = 1 AND order_no NOT LIKE '%Y'")}", "wrong", "copies that wait no more"),
        ("credit", $"UPDATE tally SET count = count + 1 WHERE {AnyOf("tally", "kind = 'released'")}", "wrong", "releases that credit has counted"),
        ("statistics", $"UPDATE tally SET consignments = consignments - 1 WHERE {AnyOf("tally", "dimension = 0")}", "wrong", "releases that statistics has counted"),
        ("customs", $"UPDATE clearance SET revision = 8 WHERE {AnyOf("clearance", "status = 800")}", "lost", "customs has verdict 8"),
        ("customs", $"UPDATE clearance SET status = 100 WHERE {AnyOf("clearance", "status = 800 AND revision <> 8")}", "wrong", "100 stands"),
        ("customs", $"DELETE FROM clearance WHERE {AnyOf("clearance", "status = 800 AND revision = 1")}", "lost", "has no decision; it must be"),
        ("customs", $"UPDATE inventory SET status = '300' WHERE {AnyOf("inventory", "status = '800'")}", "wrong", "has 300 2600; allowed: 800 2600"),
        ("customs", "UPDATE inventory SET receipts = 9 WHERE ctid = (SELECT min(ctid) FROM inventory WHERE status = '800')", "lost", "has 9 receipts, of which are kept"),
        ("customs", $"DELETE FROM inventory WHERE {AnyOf("inventory", "status = '800' AND receipts <> 9")}", "lost", "customs never heard of it"),
        ("customs", $"UPDATE export_inventory SET code = '1322' WHERE {AnyOf("export_inventory", "status IN ('800', '899')")}", "wrong", " 1322; allowed: 8"),
        ("customs", $"UPDATE export_inventory SET revision = 7 WHERE {AnyOf("export_inventory", "status IS NULL")}", "lost", "customs have comparison 7, the matcher made "),
        ("customs", $"DELETE FROM export_inventory WHERE {AnyOf("export_inventory", "status = '100'")}", "lost", "customs never heard of it"),
        ("customs", $"UPDATE inventory_return SET status = '800' WHERE {AnyOf("inventory_return", "status = '300'")}", "wrong", "a return has 800 1200; allowed where the inventory has 800 2600"),
        ("customs", "UPDATE transport SET status = '300' WHERE ctid = (SELECT min(ctid) FROM transport WHERE status = '399')", "wrong", "has 300; allowed: "),
        ("customs", "UPDATE transport SET receipts = 5 WHERE ctid = (SELECT max(ctid) FROM transport WHERE status = '399')", "lost", "has 5 receipts, the last 399"),
        ("matcher", $"UPDATE export_document SET version = 6 WHERE {AnyOf("export_document", "version = 1")}", "lost", "in version 6 instead of 1"),
        ("matcher", $"UPDATE export_document SET number = number || 'Y' WHERE {AnyOf("export_document", "version = 1")}", "doubled", "Y, of which no answer told"),
        ("matcher", $"UPDATE export_inventory SET basis = '' WHERE {AnyOf("export_inventory", "revision = 1")}", "wrong", "was last compared with  instead of "),
        ("matcher", $"DELETE FROM export_inventory WHERE {AnyOf("export_inventory", "basis <> ''")}", "lost", "was never compared"),
        ("customs", $"UPDATE stock_item SET entered = 11 WHERE {AnyOf("stock_item", "released > 0")}", "wrong", "has 11 entered"),
        ("customs", $"{Moves} document_no, pre_no, at FROM stock_movement WHERE ctid = (SELECT min(ctid) FROM stock_movement WHERE kind = 'released')", "wrong", "and holds 0 entered, 1 reserved"),
        ("customs", $"{Moves} 'nobody', 'nobody', at FROM stock_movement WHERE {AnyOf("stock_movement", "kind = 'released'")}", "doubled", "goods moved for no inventory that asks for them"),
        ("tax", "UPDATE person_year SET used_cny = used_cny + 1", "wrong", "persons whose year is not the sum"),
        ("tax", "UPDATE assessment SET cancelled = true WHERE ctid = (SELECT min(ctid) FROM assessment WHERE NOT cancelled AND quota_cny > 0)", "lost", "is released, and not taxed"),
        ("credit", "INSERT INTO message (message_id, event, body) VALUES (gen_random_uuid(), 'Unknown', '')", "stuck", "credit: rows in the outbox"),
        ("customs", "DELETE FROM inbox WHERE ctid = (SELECT max(ctid) FROM inbox)", "lost", "customs never worked in "),
        ("matcher", "UPDATE inbox SET message_id = gen_random_uuid() WHERE ctid = (SELECT max(ctid) FROM inbox)", "wrong", ", which nobody told"),
        ("tax", "INSERT INTO parked (message_id, queue, item, reason) VALUES (gen_random_uuid(), '', '{}', '')", "wrong", "tax: parked items"),
    ];

    [Fact]
    public async Task Every_fault_that_is_put_into_the_books_is_told()
    {
        var postgres = Environment.GetEnvironmentVariable("SANDAN_TEST_POSTGRES")
            ?? throw new InvalidOperationException("SANDAN_TEST_POSTGRES is not set: start the tests by ./sandan test.");
        await using var load = await Load.StartAsync(servers.Machine(postgres, "books"), withReturns: true);
        await load.SendAsync(rate: 400, () => load.Documents >= 2_000);
        await load.CloseAsync();
        using var reader = new FeedReader(load.Sandan.Gateway, load.World.CustomsKey);
        await reader.ReadAllAsync(default);
        var feed = reader.Events;
        Assert.Equal("", await TellAsync(feed, feed));

        var last = feed.FindLast(one => one is { Status: 800, Decision: not null })!;
        Assert.Contains("lost: 1", await TellAsync(feed, feed[..^1]), StringComparison.Ordinal);
        Assert.Contains("out of order: 1", await TellAsync(feed, [feed[1], feed[0]]), StringComparison.Ordinal);
        Assert.Contains($"The feed has the event {feed[0].Id} twice", await TellAsync([.. feed, feed[0] with { Sequence = feed.Count + 1 }]), StringComparison.Ordinal);
        Assert.Contains("The feed has 2 in place 1", await TellAsync(feed[1..]), StringComparison.Ordinal);
        Assert.Contains(
            $"{last.Subject}: the feed has no decision",
            await TellAsync([.. feed.Select(one => one.Subject == last.Subject ? one with { Decision = null } : one)]), StringComparison.Ordinal);
        Assert.Contains(
            $"{last.Subject}: decision {last.Decision} is told behind {last.Decision}",
            await TellAsync([.. feed, last with { Id = "another", Sequence = feed.Count + 1 }]), StringComparison.Ordinal);

        foreach (var (service, sql, _, _) in Plants)
        {
            await using var database = load.Sandan.Database(service);
            await using var plant = database.CreateCommand(sql);
            Assert.True(await plant.ExecuteNonQueryAsync() > 0, sql);
        }

        var all = await TellAsync(feed);
        Assert.All(Plants, plant => Assert.True(
            all.Contains(plant.Told, StringComparison.Ordinal) && all.Contains($"{plant.Class}: ", StringComparison.Ordinal), $"{plant.Sql}\n{all}"));

        async Task<string> TellAsync(List<FeedEvent> events, params List<FeedEvent>[] readers)
        {
            var faults = new Faults(namedMax: int.MaxValue);
            await using var checker = new Checker(load.Sandan, faults);
            await checker.CheckAsync(History.Read(load.Ledger.Path, faults).Documents, events, readers, default);
            return string.Join('\n', faults.Lines());
        }
    }

    private static string AnyOf(string table, string condition) =>
        $"ctid = (SELECT max(ctid) FROM {table} WHERE {condition})";
}
