using System.Text.RegularExpressions;
using Npgsql;
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

    /// <summary>Takes away from the tables of customs what would not let a fault be undone.</summary>
    private const string Unguard =
        """
        ALTER TABLE transport_line DROP CONSTRAINT transport_line_message_company_code_company_no_part_fkey;
        ALTER TABLE stock_movement DROP CONSTRAINT stock_movement_ems_no_record_no_fkey;
        ALTER TABLE stock_movement DISABLE TRIGGER stock_movement_is_final
        """;

    /// <summary>A database of a service and a table in it, what is done to one row, and the class and words in which it is told.</summary>
    private static readonly (string Service, string Table, string Sql, string Class, string Told)[] Plants =
    [
        ("order", "document", $"DELETE FROM document WHERE {AnyOf("document")}", "lost", "was acknowledged and is not stored"),
        ("payment", "document", $"UPDATE document SET version = 9 WHERE {AnyOf("document")}", "doubled", "payment has .* version 9, which no answer told of"),
        ("waybill", "document", $"UPDATE document SET id = gen_random_uuid() WHERE {AnyOf("document")}", "wrong", "waybill has .*, and told "),
        ("order", "document", $"UPDATE document SET deleted = true WHERE {AnyOf("document", "version = 1 AND NOT deleted")}", "wrong", "order has .* version 1 withdrawn"),
        ("payment", "document_block", $"DELETE FROM document_block WHERE {AnyOf("document_block")}", "lost", "payment: versions without their bytes"),
        ("matcher", "consignment", $"UPDATE consignment SET state = 0 WHERE {AnyOf("consignment", "state = 1 AND revision = 1")}", "wrong", "is Waiting instead of Matched"),
        ("matcher", "consignment", $"DELETE FROM consignment WHERE {AnyOf("consignment", "state = 1 AND revision = 1")}", "lost", "is no consignment"),
        ("matcher", "consignment", $"UPDATE consignment SET order_no = order_no || 'Y' WHERE {AnyOf("consignment", "state = 1 AND revision = 1")}", "wrong", "of which no document tells"),
        ("matcher", "consignment", $"UPDATE consignment SET revision = 7 WHERE {AnyOf("consignment", "revision = 1")}", "lost", "verdicts missing in a row of revisions"),
        ("matcher", "consignment", $"UPDATE consignment SET order_no = order_no || '{Traffic.CopyMark}' WHERE {AnyOf("consignment", "state = 1")}", "wrong", "copies that wait no more"),
        ("credit", "tally", $"UPDATE tally SET count = count + 1 WHERE {AnyOf("tally", "kind = 'released'")}", "wrong", "releases that credit has counted"),
        ("statistics", "tally", $"UPDATE tally SET consignments = consignments - 1 WHERE {AnyOf("tally", "dimension = 0")}", "wrong", "releases that statistics has counted"),
        ("customs", "clearance", $"UPDATE clearance SET revision = 8 WHERE {AnyOf("clearance", "status = 800")}", "lost", "customs has verdict 8"),
        ("customs", "clearance", $"UPDATE clearance SET status = 100 WHERE {AnyOf("clearance", "status = 800")}", "wrong", "100 stands"),
        ("customs", "clearance", $"DELETE FROM clearance WHERE {AnyOf("clearance", "status = 800 AND revision = 1")}", "lost", "has no decision; it must be"),
        ("customs", "inventory", $"UPDATE inventory SET status = '300' WHERE {AnyOf("inventory", "status = '800'")}", "wrong", "has 300 2600; allowed: "),
        ("customs", "inventory", $"UPDATE inventory SET status = '800' WHERE {AnyOf("inventory", "status = '399'")}", "wrong", "has 800 2300, and a request to cancel it 399 2300"),
        ("customs", "export_inventory", $"UPDATE export_inventory SET status = '399', code = '2300' WHERE {AnyOf("export_inventory", "status = '100'")}", "wrong", "has 399 2300, and nobody asked for that"),
        ("customs", "inventory", $"UPDATE inventory SET receipts = 9 WHERE {AnyOf("inventory", "status = '800'")}", "lost", "has 9 receipts, of which are kept"),
        ("customs", "inventory", $"DELETE FROM inventory WHERE {AnyOf("inventory", "status = '800'")}", "lost", ", and customs never heard of it"),
        ("customs", "export_inventory", $"UPDATE export_inventory SET code = '1322' WHERE {AnyOf("export_inventory", "status IN ('800', '899')")}", "wrong", " 1322; allowed: "),
        ("customs", "export_inventory", $"UPDATE export_inventory SET revision = 7 WHERE {AnyOf("export_inventory", "status IS NULL")}", "lost", "customs have comparison 7, the matcher made "),
        ("customs", "export_inventory", $"DELETE FROM export_inventory WHERE {AnyOf("export_inventory", "status = '100'")}", "lost", "ExportInventory .*, and customs never heard of it"),
        ("customs", "inventory_return", $"UPDATE inventory_return SET status = '800' WHERE {AnyOf("inventory_return", "status = '300'")}", "wrong", "a return has 800 1200; allowed where the inventory has "),
        ("customs", "transport", $"UPDATE transport SET status = '300' WHERE {AnyOf("transport", "status = '399'")}", "wrong", "has 300; allowed: "),
        ("customs", "transport", $"UPDATE transport SET receipts = 5 WHERE {AnyOf("transport", "status = '399'")}", "lost", "has 5 receipts, the last 399"),
        ("matcher", "export_document", $"UPDATE export_document SET version = 6 WHERE {AnyOf("export_document", "version = 1")}", "lost", "in version 6 instead of 1"),
        ("matcher", "export_document", $"UPDATE export_document SET number = number || 'Y' WHERE {AnyOf("export_document", "version = 1")}", "doubled", "Y, of which no answer told"),
        ("matcher", "export_inventory", $"UPDATE export_inventory SET basis = '' WHERE {AnyOf("export_inventory", "revision = 1")}", "wrong", "was last compared with  instead of "),
        ("matcher", "export_inventory", $"DELETE FROM export_inventory WHERE {AnyOf("export_inventory")}", "lost", "was never compared"),
        ("customs", "stock_item", $"UPDATE stock_item SET entered = 11 WHERE {AnyOf("stock_item", "released > 0")}", "wrong", "has 11 entered"),
        ("customs", "stock_movement", $"{Moves} document_no, pre_no, at FROM stock_movement WHERE {AnyOf("stock_movement", "kind = 'released'")}", "wrong", "and holds 0 entered, 1 reserved"),
        ("customs", "stock_movement", $"{Moves} 'nobody', 'nobody', at FROM stock_movement WHERE {AnyOf("stock_movement", "kind = 'released'")}", "doubled", "goods moved for no inventory that asks for them"),
        ("tax", "person_year", $"UPDATE person_year SET used_cny = used_cny + 1 WHERE {AnyOf("person_year", "used_cny > 0")}", "wrong", "persons whose year is not the sum"),
        ("tax", "assessment", $"UPDATE assessment SET cancelled = true WHERE {AnyOf("assessment", "NOT cancelled AND quota_cny > 0")}", "lost", "is released, and not taxed"),
        ("credit", "message", "INSERT INTO message (message_id, event, body) VALUES (gen_random_uuid(), 'Unknown', '')", "stuck", "credit: rows in the outbox"),
        ("customs", "inbox", $"DELETE FROM inbox WHERE {AnyOf("inbox")}", "lost", "customs never worked in "),
        ("matcher", "inbox", $"UPDATE inbox SET message_id = gen_random_uuid() WHERE {AnyOf("inbox")}", "wrong", "matcher worked in .*, which nobody told"),
        ("tax", "parked", "INSERT INTO parked (message_id, queue, item, reason) VALUES (gen_random_uuid(), '', '{}', '')", "wrong", "tax: parked items"),
    ];

    [Fact]
    public async Task Every_fault_that_is_put_into_the_books_is_told()
    {
        var postgres = Environment.GetEnvironmentVariable("SANDAN_TEST_POSTGRES")
            ?? throw new InvalidOperationException("SANDAN_TEST_POSTGRES is not set: start the tests by ./sandan test.");
        await using var load = await Load.StartAsync(servers.Machine(postgres, "books"), withNumbers: true);
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

        await using (var customs = load.Sandan.Database("customs"))
        {
            await ExecuteAsync(customs, Unguard);
        }

        foreach (var (service, table, sql, of, told) in Plants)
        {
            await using var database = load.Sandan.Database(service);
            await ExecuteAsync(database, $"CREATE TABLE sound AS TABLE {table}");
            Assert.True(await ExecuteAsync(database, sql) > 0, sql);
            var faults = await TellAsync(feed);
            Assert.True(Regex.IsMatch(ClassIn(faults, of), told, RegexOptions.Multiline), $"{service}: {sql}\n{faults}");
            await ExecuteAsync(
                database, $"DELETE FROM {table}; INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM sound; DROP TABLE sound");
        }

        Assert.Equal("", await TellAsync(feed));

        async Task<string> TellAsync(List<FeedEvent> events, params List<FeedEvent>[] readers)
        {
            var faults = new Faults(namedMax: int.MaxValue);
            await using var checker = new Checker(load.Sandan, faults);
            await checker.CheckAsync(History.Read(load.Ledger.Path, faults).Documents, events, readers, default);
            return string.Join('\n', faults.Lines());
        }
    }

    private static string AnyOf(string table, string condition = "true") =>
        $"ctid = (SELECT max(ctid) FROM {table} WHERE {condition})";

    private static async Task<int> ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The lines of a class of faults.</summary>
    private static string ClassIn(string faults, string of) =>
        string.Join('\n', faults.Split('\n').SkipWhile(line => !line.StartsWith($"{of}: ", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => line.StartsWith(' ')));
}
