using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sandan.Intake.Storage;
using Sandan.IntegrationTests;
using Sandan.Shared;
using Sandan.Shared.Security;

namespace Sandan.Intake.IntegrationTests;

/// <summary>P3: what is old is made unreadable by deleting its key, here and in every copy of the database.</summary>
public sealed class RetentionTests(IntakeInstallation intake) : IClassFixture<IntakeInstallation>
{
    private static readonly DateTimeOffset Old = new(2020, 2, 29, 23, 59, 59, TimeSpan.Zero);

    private DataKeys Keys => intake.Order.Services.GetRequiredService<DataKeys>();

    private DataKeyFiles Files => intake.Order.Services.GetRequiredService<DataKeyFiles>();

    private Retention Retention => intake.Order.Services.GetRequiredService<Retention>();

    [ServersFact]
    public async Task After_its_time_a_document_is_unreadable_here_and_in_a_backup_and_its_number_stays_taken()
    {
        await StoreAsync("K-OLD", Old);
        using var sent = await intake.PostAsync(Make.Order("K-NEW").ToJsonString());
        using (var before = await RevealAsync(intake.Order, "K-OLD"))
        {
            Assert.Equal(200, (int)before.StatusCode);
        }

        await BackUpAsync();

        // A day before its time nothing happens: February 2020 is over on 1 March, and is kept for 36 months behind that.
        await Retention.ShredAsync(new(2023, 2, 28, 23, 59, 59, TimeSpan.Zero), default);
        Assert.NotNull(Files.Find("order", 202002));
        await Retention.ShredAsync(new(2023, 3, 1, 0, 0, 0, TimeSpan.Zero), default);
        Assert.Null(Files.Find("order", 202002));

        using var after = await RevealAsync(intake.Order, "K-OLD");
        Assert.Equal("410 S2021", await after.CodeAsync());
        using var other = await RevealAsync(intake.Order, "K-NEW");
        Assert.Equal(200, (int)other.StatusCode);
        Assert.Equal(0, await intake.OrderDatabase.CountAsync("SELECT count(*) FROM document_block WHERE received_at < '2020-03-01Z'"));
        Assert.Equal(1, await intake.OrderDatabase.CountAsync(
            "SELECT count(*) FROM audit.entry WHERE action = 'shred' AND subject = 'data key order-202002' AND client = 'sandan'"));
        using var again = await intake.PostAsync(Make.Order("K-OLD").With("appTime", "20200229120000").With("buyerName", "另一人").ToJsonString());
        Assert.Equal(409, (int)again.StatusCode);

        // The backup has the document, and nobody has its key.
        var restored = await RestoreAsync();
        using var fromBackup = await RevealAsync(restored, "K-OLD");
        Assert.Equal("410 S2021", await fromBackup.CodeAsync());
        using var newer = await RevealAsync(restored, "K-NEW");
        Assert.Equal(200, (int)newer.StatusCode);
    }

    [ServersFact]
    public async Task A_key_that_comes_back_from_a_copy_goes_again_and_a_repeat_notes_nothing_more()
    {
        await StoreAsync("K-BACK", new(2020, 5, 1, 0, 0, 0, TimeSpan.Zero));
        var file = Path.Combine(intake.Order.Services.GetRequiredService<SandanSettings>().DataKeyFolder, "order-202005.key");
        var copy = await File.ReadAllBytesAsync(file);
        await Retention.ShredAsync(TimeProvider.System.GetUtcNow(), default);
        Assert.False(File.Exists(file));
        await File.WriteAllBytesAsync(file, copy);
        await Retention.ShredAsync(TimeProvider.System.GetUtcNow(), default);
        Assert.False(File.Exists(file));
        Assert.Equal(1, await intake.OrderDatabase.CountAsync("SELECT count(*) FROM audit.entry WHERE subject = 'data key order-202005'"));
    }

    [ServersFact]
    public async Task A_service_whose_key_is_missing_or_another_one_does_not_start()
    {
        using var empty = new Folder();
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(
            () => intake.StartAsync(Sandan.Order.Program.Build, $"--SANDAN_DATA_KEYS={empty.Path}"));
        Assert.Contains("SANDAN_DATA_KEYS", missing.Message, StringComparison.Ordinal);

        var keys = intake.Order.Services.GetRequiredService<KeyRing>();
        new DataKeyFiles(keys, empty.Path).FindOrCreate("order", Month.Of(TimeProvider.System.GetUtcNow()).Number);
        await Assert.ThrowsAsync<InvalidOperationException>(() => intake.StartAsync(Sandan.Order.Program.Build, $"--SANDAN_DATA_KEYS={empty.Path}"));
    }

    [ServersFact]
    public async Task The_next_months_key_is_there_before_its_first_document()
    {
        var now = TimeProvider.System.GetUtcNow();
        Assert.NotEqual(Keys.Of(now).Id, Keys.Of(now.AddMonths(1)).Id);
        Assert.Throws<InvalidOperationException>(() => Keys.Of(now.AddMonths(2)));
        await Keys.PrepareAsync(now.AddMonths(1), default);
        Assert.Equal(Month.Of(now).Next.Next.Number, Keys.Of(now.AddMonths(2)).Id);
        await Keys.PrepareAsync(now, default);
    }

    /// <summary>A document as it would have been stored then.</summary>
    private async Task StoreAsync(string orderNo, DateTimeOffset receivedAt)
    {
        var key = await Keys.PrepareAsync(Month.Of(receivedAt), default);
        var blocks = new BodyBlocks(key);
        var id = Guid.CreateVersion7(receivedAt);
        var block = blocks.Add(id, Encoding.UTF8.GetBytes(Make.Order(orderNo).ToJsonString()));
        await DocumentStore.MaintainAsync(intake.OrderDatabase, receivedAt, TimeSpan.FromDays(36500), default);
        await using var connection = await intake.OrderDatabase.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            """
            WITH stored AS (INSERT INTO document_block (id, received_at, sealed) VALUES ($1, $2, $3))
            INSERT INTO document (id, block, app_time, received_at, version, draft, deleted, kind, sender, content_hash, key, app_time_stated)
            VALUES ($4, $1, $2, $2, 1, false, false, 'CEB311', $5, sha256('x'), $6, true)
            """,
            connection);
        foreach (var value in (object[])[block, receivedAt, blocks.Seal().Single().Sealed, id, Make.Platform, $"{Make.Platform}\u001F{orderNo}"])
        {
            insert.Parameters.Add(new() { Value = value });
        }

        await insert.ExecuteNonQueryAsync();
    }

    private string Backup => new NpgsqlConnectionStringBuilder(intake.OrderDatabase.ConnectionString).Database!.Replace("order", "backup_order", StringComparison.Ordinal);

    /// <summary>A copy of the whole database stands in for a base backup, which has the same rows.</summary>
    private async Task BackUpAsync()
    {
        var source = new NpgsqlConnectionStringBuilder(intake.OrderDatabase.ConnectionString).Database!;
        await using var admin = Installation.Open("postgres");
        await using var copy = admin.CreateCommand($"CREATE DATABASE \"{Backup}\" TEMPLATE \"{source}\"");
        await Eventually.BecomesAsync("nobody is connected while it is copied", async () =>
        {
            await using (var end = admin.CreateCommand($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{source}'"))
            {
                await end.ExecuteNonQueryAsync();
            }

            try
            {
                await copy.ExecuteNonQueryAsync();
                return true;
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.ObjectInUse)
            {
                return false;
            }
        });
        intake.OrderDatabase.Clear();
        intake.Order.Services.GetRequiredService<NpgsqlDataSource>().Clear();
    }

    /// <summary>The order service on the copy, with the same keys.</summary>
    private Task<WebApplication> RestoreAsync() =>
        intake.StartAsync(Sandan.Order.Program.Build, $"--SANDAN_DATABASE_PREFIX={Backup[..^"order".Length]}");

    private Task<HttpResponseMessage> RevealAsync(WebApplication service, string orderNo) => intake.SendAsync(
        service, HttpMethod.Post, "/v1/orders/reveal", "3300000001", Roles.Customs,
        JsonContent.Create(new JsonObject { ["ebpCode"] = Make.Platform, ["orderNo"] = orderNo, ["reason"] = "复核" }), _ => { });

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("sandan-data-keys-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
