using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Shared.IntegrationTests;

public sealed class StorageTests
{
    private static int SharedMigrations => typeof(Migrator).Assembly.GetManifestResourceNames().Count(name => name.EndsWith(".sql", StringComparison.Ordinal));

    [ServersFact]
    public async Task Eight_starts_at_once_make_one_database_and_each_migration_once()
    {
        await using var rig = await Rig.StartAsync(migrated: false);
        var assembly = Migrations(("0001_counted", "CREATE TABLE counted (n int); INSERT INTO counted VALUES (1); SELECT pg_sleep(0.2)"), ("0002_more", "INSERT INTO counted VALUES (2)"));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            await Storage.Database.EnsureExistsAsync(rig.Direct, "tax", default);
            await Migrator.MigrateAsync(rig.Database, [assembly], default);
        }));
        Assert.Equal(2, await rig.CountAsync("counted"));
        Assert.Equal(SharedMigrations + 2, await rig.CountAsync("migration"));
        await Migrator.MigrateAsync(rig.Database, [assembly], default);
        Assert.Equal(2, await rig.CountAsync("counted"));
        Assert.Equal(0, await rig.ScalarAsync<long>("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
    }

    [ServersFact]
    public async Task A_migration_that_fails_leaves_nothing_half_done_and_those_before_it_stay()
    {
        await using var rig = await Rig.StartAsync(migrated: false);
        await Storage.Database.EnsureExistsAsync(rig.Direct, "tax", default);
        await Assert.ThrowsAsync<PostgresException>(() => Migrator.MigrateAsync(
            rig.Database,
            [Migrations(("0001_good", "CREATE TABLE good (n int)"), ("0002_bad", "CREATE TABLE half (n int); SELECT 1/0"), ("0003_never", "CREATE TABLE never (n int)"))],
            default));
        Assert.True(await rig.ScalarAsync<bool>("SELECT to_regclass('good') IS NOT NULL AND to_regclass('half') IS NULL AND to_regclass('never') IS NULL"));
        Assert.Equal(SharedMigrations + 1, await rig.CountAsync("migration"));

        // Repaired, it goes on where it stood; the lock of the failed one holds nobody up.
        await Migrator.MigrateAsync(
            rig.Database, [Migrations(("0001_good", "SELECT 1/0"), ("0002_bad", "CREATE TABLE half (n int)"))], default);
        Assert.Equal(SharedMigrations + 2, await rig.CountAsync("migration"));
    }

    [ServersFact]
    public async Task Who_only_looks_can_neither_write_nor_lock_nor_draw_nor_tell_and_sees_one_moment()
    {
        await using var rig = await Rig.StartAsync(migrated: false);
        await Storage.Database.EnsureExistsAsync(rig.Direct, "tax", default);
        await Migrator.MigrateAsync(rig.Database, [Migrations(("0001_counted", "CREATE TABLE counted (n int); CREATE SEQUENCE drawn"))], default);
        foreach (var statement in (string[])["INSERT INTO counted VALUES (1)", "SELECT n FROM counted FOR UPDATE", "SELECT nextval('drawn')"])
        {
            await using var unit = await UnitOfWork.LookAsync(rig.Database, new OutboxSignal(), default);
            Assert.True(unit.IsReadOnly);
            var refused = await Assert.ThrowsAsync<PostgresException>(() => unit.ExecuteAsync(statement, default));
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
            Assert.Throws<InvalidOperationException>(() => unit.Publish(new CompaniesRegistered([])));
        }

        await using (var look = await UnitOfWork.LookAsync(rig.Database, new OutboxSignal(), default))
        {
            await using var count = look.Command("SELECT count(*) FROM counted");
            Assert.Equal(0L, await count.ExecuteScalarAsync());
            await using var insert = rig.Database.CreateCommand("INSERT INTO counted VALUES (1)"); // the connection after that is as any other
            await insert.ExecuteNonQueryAsync();
            Assert.Equal(0L, await count.ExecuteScalarAsync());
        }

        Assert.Equal(1, await rig.CountAsync("counted"));
    }

    [ServersFact]
    public async Task What_is_tried_out_comes_to_nothing_and_gives_way_to_what_is_meant()
    {
        await using var rig = await Rig.StartAsync();
        await using var create = rig.Database.CreateCommand("CREATE TABLE tried (n int PRIMARY KEY)");
        await create.ExecuteNonQueryAsync();
        await using (var trial = await UnitOfWork.TryOutAsync(rig.Database, new OutboxSignal(), default))
        {
            await trial.ExecuteAsync("INSERT INTO tried VALUES (1)", default);
            trial.Publish(new CompaniesRegistered([]));
            trial.BeforeCommit(UnitOfWork.Statement("INSERT INTO tried VALUES (2)"));
            await Assert.ThrowsAsync<InvalidOperationException>(() => trial.CommitAsync(default));
        }

        Assert.Equal((0, 0), (await rig.CountAsync("tried"), await rig.CountAsync("outbox")));
        await using var meant = await UnitOfWork.BeginAsync(rig.Database, new OutboxSignal(), default);
        await meant.ExecuteAsync("INSERT INTO tried VALUES (1)", default);
        await using (var trial = await UnitOfWork.TryOutAsync(rig.Database, new OutboxSignal(), default))
        {
            var waited = await Assert.ThrowsAsync<PostgresException>(() => trial.ExecuteAsync("INSERT INTO tried VALUES (1)", default));
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, waited.SqlState);
        }

        await meant.CommitAsync(default);
        Assert.Equal(1, await rig.CountAsync("tried"));
    }

    [ServersFact]
    public async Task A_migration_may_take_longer_than_any_other_command()
    {
        await using var rig = await Rig.StartAsync();
        await using var hurried = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(rig.Database.ConnectionString)
        {
            Password = new NpgsqlConnectionStringBuilder(rig.Direct.Postgres).Password, CommandTimeout = 1,
        });
        var assembly = Migrations(("0001_slow", "SELECT pg_sleep(2)"));
        await Task.WhenAll(Migrator.MigrateAsync(hurried, [assembly], default), Migrator.MigrateAsync(hurried, [assembly], default)); // one waits for the other
    }

    [ServersFact]
    public async Task Effect_and_events_are_committed_together_or_not_at_all()
    {
        await using var rig = await Rig.StartAsync();
        var signal = new OutboxSignal();
        await using (var unit = await UnitOfWork.BeginAsync(rig.Database, signal, default))
        {
            await unit.ExecuteAsync("INSERT INTO effect (order_no) VALUES ('gone')", default);
            unit.Publish(new TaxesAssessed([]));
            await unit.ExecuteAsync("INSERT INTO outbox (message_id, event, body) VALUES (gen_random_uuid(), 'x', '')", default);
        }

        Assert.Equal((0, 0), (await rig.CountAsync("effect"), await rig.CountAsync("outbox")));

        await using (var unit = await UnitOfWork.BeginAsync(rig.Database, signal, default))
        {
            await unit.ExecuteAsync("INSERT INTO effect (order_no) VALUES ('refused')", default);
            unit.Publish(new TaxesAssessed([]));
            unit.BeforeCommit(UnitOfWork.Statement("INSERT INTO effect (order_no) VALUES ('poison')"));
            await Assert.ThrowsAsync<PostgresException>(() => unit.CommitAsync(default));
        }

        Assert.Equal((0, 0), (await rig.CountAsync("effect"), await rig.CountAsync("outbox")));

        await using (var unit = await UnitOfWork.BeginAsync(rig.Database, signal, default))
        {
            await unit.ExecuteAsync("INSERT INTO effect (order_no) VALUES ('kept')", default);
            unit.Publish(new TaxesAssessed([]));
            unit.Publish(new ConsignmentsOverdue([]));
            await unit.CommitAsync(default);
        }

        Assert.Equal((1, 2), (await rig.CountAsync("effect"), await rig.CountAsync("outbox")));
    }

    [ServersFact]
    public async Task What_was_noted_since_a_savepoint_is_forgotten_with_it()
    {
        await using var rig = await Rig.StartAsync();
        await using (var unit = await UnitOfWork.BeginAsync(rig.Database, new(), default))
        {
            unit.Publish(new TaxesAssessed([]));
            unit.BeforeCommit(UnitOfWork.Statement("INSERT INTO effect (order_no) VALUES ('first')"));
            var noted = await unit.SaveAsync("part", default);
            unit.Publish(new ConsignmentsOverdue([]));
            unit.BeforeCommit(UnitOfWork.Statement("INSERT INTO effect (order_no) VALUES ('second')"));
            await unit.ExecuteAsync("INSERT INTO effect (order_no) VALUES ('gone')", default);
            await unit.RollBackToAsync("part", noted, default);
            await unit.ReleaseAsync("part", default);
            unit.BeforeCommit(UnitOfWork.Statement("INSERT INTO effect (order_no) VALUES ('third')"));
            await unit.CommitAsync(default);
        }

        Assert.Equal("first,third", await rig.ScalarAsync<string>("SELECT string_agg(order_no, ',' ORDER BY order_no) FROM effect"));
        Assert.Equal("TaxesAssessed", await rig.ScalarAsync<string>("SELECT string_agg(event, ',') FROM outbox"));
    }

    [ServersFact]
    public async Task The_last_statement_sees_the_events_and_none_is_added_behind_it()
    {
        await using var rig = await Rig.StartAsync();
        await using var unit = await UnitOfWork.BeginAsync(rig.Database, new(), default);
        unit.Publish(new TaxesAssessed([]));
        unit.BeforeCommit(UnitOfWork.Statement("INSERT INTO effect (order_no) SELECT count(*)::text FROM outbox"));
        await unit.CommitAsync(default);
        Assert.Equal("1", await rig.ScalarAsync<string>("SELECT order_no FROM effect"));
        Assert.Throws<InvalidOperationException>(() => unit.Publish(new TaxesAssessed([]))); // it would be lost
        await Assert.ThrowsAsync<InvalidOperationException>(() => unit.CommitAsync(default)); // it would be told twice
        Assert.Equal(1, await rig.CountAsync("outbox"));
    }

    [ServersFact]
    public async Task The_inbox_forgets_what_is_older_than_seven_days_and_what_was_told_is_kept_for_one()
    {
        await using var rig = await Rig.StartAsync();
        await rig.ExecuteAsync(
            """
            INSERT INTO inbox SELECT gen_random_uuid(), 'q', now() - interval '8 days' FROM generate_series(1, 25000);
            INSERT INTO inbox SELECT gen_random_uuid(), 'q', now() - interval '6 days' FROM generate_series(1, 10);
            INSERT INTO message (message_id, event, body, told_at)
              SELECT gen_random_uuid(), 'e', '', now() - interval '25 hours' FROM generate_series(1, 15000);
            INSERT INTO message (message_id, event, body, told_at)
              SELECT gen_random_uuid(), 'e', '', now() - interval '23 hours' FROM generate_series(1, 20);
            INSERT INTO message (message_id, event, body, created_at) VALUES (gen_random_uuid(), 'e', '', now() - interval '9 days')
            """);
        using var pruning = new MessagePruning(rig.Database, TimeProvider.System, NullLogger<MessagePruning>.Instance);
        await Task.WhenAll(pruning.PruneAsync(default), pruning.PruneAsync(default));
        Assert.Equal((10, 21), (await rig.CountAsync("inbox"), await rig.CountAsync("message")));
        Assert.Equal(1, await rig.CountAsync("outbox")); // what was not told waits for ever
    }

    /// <summary>An assembly that carries migrations.</summary>
    private static WithMigrations Migrations(params (string Name, string Sql)[] scripts) => new WithMigrations(scripts);

    private sealed class WithMigrations((string Name, string Sql)[] scripts) : Assembly
    {
        public override string[] GetManifestResourceNames() => [.. scripts.Select(one => $"Test.Migrations.{one.Name}.sql"), "Test.other.txt"];

        public override Stream GetManifestResourceStream(string name) => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(
            scripts.Single(one => $"Test.Migrations.{one.Name}.sql" == name).Sql));
    }
}
