using Npgsql;

namespace Sandan.Shared.Storage;

/// <summary>A service's own database: made if missing, one pool, named so that no metric carries the connection string.</summary>
public static class Database
{
    /// <summary>Bytes: rows come and go by the hundred kilobytes, and each call of the system costs more than copying does.</summary>
    private const int BufferSize = 64 * 1024;

    private const string AskRecovery = "SELECT pg_is_in_recovery()";

    /// <summary>The pool of <paramref name="service"/>'s database <c>sandan_service</c>.</summary>
    public static NpgsqlDataSource Open(SandanSettings settings, string service)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.Postgres) { Name = service };
        builder.ConnectionStringBuilder.Database = settings.DatabasePrefix + service;
        builder.ConnectionStringBuilder.ApplicationName = $"sandan-{service}";
        builder.ConnectionStringBuilder.MaxPoolSize = 20;
        builder.ConnectionStringBuilder.MaxAutoPrepare = 50;
        builder.ConnectionStringBuilder.WriteBufferSize = BufferSize;
        builder.ConnectionStringBuilder.ReadBufferSize = BufferSize;
        builder.ConnectionStringBuilder.NoResetOnClose = true; // nothing is set on a session, only on transactions
        builder.ConnectionStringBuilder.IncludeErrorDetail = false; // details may quote a row, and rows hold hashes
        UseKnownTypes(builder);
        RefuseStandby(builder);
        return builder.Build();
    }

    /// <summary>
    /// Connections outside the pool, for who holds a lock for as long as its connection lives: each is closed for good.
    /// </summary>
    /// <param name="database">Without the prefix; <c>postgres</c> means the server's own.</param>
    /// <param name="purpose">Names them in pg_stat_activity and in metrics.</param>
    internal static NpgsqlDataSource OpenUnpooled(SandanSettings settings, string database, string purpose)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.Postgres) { Name = $"{database}-{purpose}" };
        builder.ConnectionStringBuilder.Database = database == "postgres" ? database : settings.DatabasePrefix + database;
        builder.ConnectionStringBuilder.ApplicationName = $"sandan-{database}-{purpose}";
        builder.ConnectionStringBuilder.Pooling = false;
        builder.ConnectionStringBuilder.MaxAutoPrepare = 20;
        UseKnownTypes(builder);
        RefuseStandby(builder);
        return builder.Build();
    }

    /// <summary>
    /// A server that recovers answers questions, with a state that is older than what it was asked before: a document that
    /// it is about to know would be refused as one that it never had. Asked once a connection: none outlives a demotion.
    /// </summary>
    private static void RefuseStandby(NpgsqlDataSourceBuilder builder)
    {
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var ask = new NpgsqlCommand(AskRecovery, connection);
                ThrowIfRecovering((bool)ask.ExecuteScalar()!);
            },
            async connection =>
            {
                await using var ask = new NpgsqlCommand(AskRecovery, connection);
                ThrowIfRecovering((bool)(await ask.ExecuteScalarAsync())!);
            });

        static void ThrowIfRecovering(bool isRecovering)
        {
            if (isRecovering)
            {
                const string Reason = "The server recovers, or is a standby.";
                throw new NpgsqlException(Reason, new IOException(Reason)); // trouble that passes
            }
        }
    }

    /// <summary>No migration makes types, so that asking each database for its list only delays the first connection.</summary>
    private static void UseKnownTypes(NpgsqlDataSourceBuilder builder) =>
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));

    /// <summary>Makes the database if it is not there yet. Safe to call from several processes at once.</summary>
    public static async Task EnsureExistsAsync(SandanSettings settings, string service, CancellationToken ct)
    {
        var name = settings.DatabasePrefix + service;
        await using var admin = OpenUnpooled(settings, "postgres", $"make-{service}");
        await using var connection = await admin.OpenConnectionAsync(ct);
        await using var exists = new NpgsqlCommand("SELECT 1 FROM pg_database WHERE datname = $1", connection)
        {
            Parameters = { new() { Value = name } },
        };
        if (await exists.ExecuteScalarAsync(ct) is not null)
        {
            return;
        }

        try
        {
            var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(name);
            await using var create = new NpgsqlCommand($"CREATE DATABASE {quoted}", connection) { CommandTimeout = 0 };
            await create.ExecuteNonQueryAsync(ct);
        }
        catch (PostgresException raced) when (raced.SqlState is PostgresErrorCodes.DuplicateDatabase
            or PostgresErrorCodes.UniqueViolation)
        {
            // Another process made it between the question and the answer: what we wanted.
        }
    }
}
