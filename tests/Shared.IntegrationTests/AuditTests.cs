using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sandan.Shared.Audit;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Shared.IntegrationTests;

/// <summary>P2 and P4: the trail cannot be changed by the services, and a change by anybody else is noticed.</summary>
public sealed class AuditTests
{
    private static readonly Caller Officer = new("client-1", "3300000001", Roles.Customs);

    /// <summary>What an administrator may do, and the first entry that does not hold behind it.</summary>
    private static readonly (string Sql, long BrokenAt)[] Attacks =
    [
        ("UPDATE audit.entry SET reason = 'another' WHERE number = 4", 4),
        ("UPDATE audit.entry SET reason = NULL WHERE number = 4", 4),
        ("UPDATE audit.entry SET at = at + interval '1 microsecond' WHERE number = 2", 2),
        ("UPDATE audit.entry SET client = company, company = client WHERE number = 5", 5),
        ("UPDATE audit.entry SET hash = set_byte(hash, 31, get_byte(hash, 31) # 1) WHERE number = 3", 3),
        ("UPDATE audit.entry SET subject = left(subject, 1), reason = substr(subject, 2) || reason WHERE number = 1", 1),
        ("DELETE FROM audit.entry WHERE number = 1", 1),
        ("DELETE FROM audit.entry WHERE number = 5", 5),
        ("DELETE FROM audit.entry WHERE number = 5; UPDATE audit.entry SET number = number - 1 WHERE number > 5", 5),
        ("UPDATE audit.entry SET number = 100 WHERE number = 6; UPDATE audit.entry SET number = 6 WHERE number = 7; UPDATE audit.entry SET number = 7 WHERE number = 100", 6),
        ("INSERT INTO audit.entry SELECT 11, at, client, company, role, action, subject, reason, trace, hash FROM audit.entry WHERE number = 10", 11),
        ("DELETE FROM audit.entry WHERE number > 7", 8), // by the head that was seen before
        ("DELETE FROM audit.entry", 1),
    ];

    [ServersFact]
    public async Task The_services_may_add_to_the_trail_and_do_nothing_else_to_it()
    {
        await using var rig = await Rig.StartAsync();
        var trail = Trail(rig);
        await AppendAsync(rig, trail, 3);
        await rig.ExecuteAsync("GRANT ALL ON audit.entry TO CURRENT_USER"); // a warning: it grants nothing
        Assert.False(await AuditTrail.IsExposedAsync(rig.Database, default));
        foreach (var sql in (string[])
        [
            "UPDATE audit.entry SET reason = 'another' WHERE number = 1",
            "DELETE FROM audit.entry WHERE number = 3",
            "TRUNCATE audit.entry",
            "DROP TABLE audit.entry",
            "ALTER TABLE audit.entry DISABLE TRIGGER ALL",
            "ALTER TABLE audit.entry OWNER TO CURRENT_USER",
            "ALTER TABLE audit.entry RENAME TO old",
            "DROP SCHEMA audit CASCADE",
            "ALTER SCHEMA audit RENAME TO old",
            "GRANT sandan_audit TO CURRENT_USER",
            "SET ROLE sandan_audit",
            "CREATE FUNCTION audit.change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER away BEFORE INSERT ON audit.entry FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "CREATE RULE away AS ON INSERT TO audit.entry DO INSTEAD NOTHING",
        ])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => rig.ExecuteAsync(sql));
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{sql}: {refused.SqlState} {refused.MessageText}");
        }

        await AppendAsync(rig, trail, 1);
        Assert.Equal((4L, null), await VerifyAsync(rig, trail));
    }

    [ServersFact]
    public async Task Entries_of_many_at_once_are_one_chain_without_a_gap()
    {
        await using var rig = await Rig.StartAsync();
        var trail = Trail(rig);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var turn = 0; turn < 10; turn++)
            {
                await AppendAsync(rig, trail, 1 + (turn % 3), commit: turn % 4 != 3); // what is rolled back leaves no hole
            }
        }));
        Assert.Equal((await rig.CountAsync("audit.entry"), null), await VerifyAsync(rig, trail));
        Assert.Equal(8 * 16, await rig.CountAsync("audit.entry"));
    }

    [ServersFact]
    public async Task Whatever_an_administrator_does_to_it_is_noticed_and_named()
    {
        await using var rig = await Rig.StartAsync(migrated: false);
        await MakeUnguardedAsync(rig);
        var trail = Trail(rig);
        Assert.True(await AuditTrail.IsExposedAsync(rig.Database, default));
        await AppendAsync(rig, trail, 10);
        await rig.ExecuteAsync("CREATE TABLE saved AS SELECT * FROM audit.entry");
        var before = await trail.VerifyAsync(rig.Database, null, default);
        Assert.Equal((10L, null), (before.Head.Number, before.BrokenAt));

        foreach (var (sql, brokenAt) in Attacks)
        {
            await rig.ExecuteAsync(sql);
            var after = await trail.VerifyAsync(rig.Database, before.Head, default);
            Assert.True(after.BrokenAt == brokenAt && after.Head.Number == brokenAt - 1, $"{sql}: {after}");
            await rig.ExecuteAsync("TRUNCATE audit.entry; INSERT INTO audit.entry SELECT * FROM saved");
            Assert.Null((await trail.VerifyAsync(rig.Database, before.Head, default)).BrokenAt);
        }
    }

    [ServersFact]
    public async Task Neither_another_key_nor_another_service_makes_a_chain_that_holds()
    {
        await using var rig = await Rig.StartAsync();
        await AppendAsync(rig, Trail(rig), 2);
        Assert.Equal((0L, 1L), await VerifyAsync(rig, Trail(rig, "payment")));
        await using var other = await Rig.StartAsync();
        Assert.Equal((0L, 1L), await VerifyAsync(rig, Trail(other)));
    }

    private static AuditTrail Trail(Rig rig, string service = "order") => new(rig.Keys, service, TimeProvider.System, NullLogger.Instance);

    private static async Task AppendAsync(Rig rig, AuditTrail trail, int count, bool commit = true)
    {
        await using var unit = await UnitOfWork.BeginAsync(rig.Database, new OutboxSignal(), default);
        await trail.AppendAsync(
            unit, Officer, [.. Enumerable.Range(1, count).Select(at => new AuditAct("reveal", $"CEB311 order {at}", "查验"))], default);
        if (commit)
        {
            await unit.CommitAsync(default);
        }
    }

    private static async Task<(long Number, long? BrokenAt)> VerifyAsync(Rig rig, AuditTrail trail)
    {
        var state = await trail.VerifyAsync(rig.Database, null, default);
        return (state.Head.Number, state.BrokenAt);
    }

    /// <summary>A database whose trail belongs to the tests' own role: what an administrator could do, it can.</summary>
    private static async Task MakeUnguardedAsync(Rig rig)
    {
        await using (var admin = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ServersFactAttribute.Postgres!) { Database = "postgres", Pooling = false }))
        await using (var make = admin.CreateCommand($"CREATE DATABASE {rig.Direct.DatabasePrefix}tax TEMPLATE template0"))
        {
            await make.ExecuteNonQueryAsync();
        }

        await Migrator.MigrateAsync(rig.Database, [typeof(Rig).Assembly], default);
    }
}
