using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Storage;
using Sandan.Statistics.Domain;

namespace Sandan.Statistics.Storage;

/// <summary>Adds facts and changes them.</summary>
internal static class FactWriter
{
    /// <summary>Adds facts that are not there, by COPY: it logs whole pages and not each row.</summary>
    /// <exception cref="RacedException">Another transaction heard of one of them at the same time.</exception>
    public static async Task AddAsync(UnitOfWork unit, List<Fact> facts, CancellationToken ct)
    {
        if (facts.Count == 0)
        {
            return;
        }

        // In the order of the keys, so that two transactions cannot wait for each other.
        facts.Sort((left, right) => left.Key.CompareTo(right.Key));
        try
        {
            await using var import = await unit.Connection.BeginBinaryImportAsync(
                """
                COPY fact (platform_code, order_no, revision, state, judged_hour, decision, status, decided_hour,
                  release, release_status, release_hour, mode, lines) FROM STDIN (FORMAT BINARY)
                """,
                ct);
            foreach (var fact in facts)
            {
                await import.StartRowAsync(ct);
                await WriteAsync(import, fact, ct);
            }

            await import.CompleteAsync(ct);
        }
        catch (PostgresException raced) when (raced.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new RacedException();
        }
    }

    /// <summary>Changes facts that this transaction has locked.</summary>
    public static async Task ChangeAsync(UnitOfWork unit, List<Fact> facts, CancellationToken ct)
    {
        if (facts.Count == 0)
        {
            return;
        }

        await unit.ExecuteAsync(
            """
            UPDATE fact SET
              revision = new.revision, state = new.state, judged_hour = new.judged_hour,
              decision = new.decision, status = new.status, decided_hour = new.decided_hour,
              release = new.release, release_status = new.release_status, release_hour = new.release_hour,
              mode = new.mode, lines = new.lines
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) AS new
              (platform_code, order_no, revision, state, judged_hour, decision, status, decided_hour,
               release, release_status, release_hour, mode, lines)
            WHERE fact.platform_code = new.platform_code AND fact.order_no = new.order_no
            """,
            ct,
            facts.ConvertAll(fact => fact.Key.PlatformCode).ToArray(),
            facts.ConvertAll(fact => fact.Key.OrderNo).ToArray(),
            Column(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Verdict?.Revision)),
            Column(NpgsqlDbType.Smallint, facts.ConvertAll(fact => (short?)fact.Verdict?.State)),
            Column(NpgsqlDbType.TimestampTz, facts.ConvertAll(fact => fact.Verdict?.Hour)),
            Column(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Decision?.Number)),
            Column(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Decision?.Status)),
            Column(NpgsqlDbType.TimestampTz, facts.ConvertAll(fact => fact.Decision?.Hour)),
            Column(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Release?.Number)),
            Column(NpgsqlDbType.Integer, facts.ConvertAll(fact => fact.Release?.Status)),
            Column(NpgsqlDbType.TimestampTz, facts.ConvertAll(fact => fact.Release?.Hour)),
            Column(NpgsqlDbType.Text, facts.ConvertAll(fact => fact.Release?.Mode)),
            Column(NpgsqlDbType.Bytea, facts.ConvertAll(fact =>
                fact.Release is { } release ? FactLines.Write(release.Lines) : null)));
    }

    private static NpgsqlParameter Column<T>(NpgsqlDbType type, List<T> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    private static async Task WriteAsync(NpgsqlBinaryImporter import, Fact fact, CancellationToken ct)
    {
        await import.WriteAsync(fact.Key.PlatformCode, NpgsqlDbType.Text, ct);
        await import.WriteAsync(fact.Key.OrderNo, NpgsqlDbType.Text, ct);
        if (fact.Verdict is { } verdict)
        {
            await import.WriteAsync(verdict.Revision, NpgsqlDbType.Integer, ct);
            await import.WriteAsync((short)verdict.State, NpgsqlDbType.Smallint, ct);
            await import.WriteAsync(verdict.Hour, NpgsqlDbType.TimestampTz, ct);
        }
        else
        {
            await WriteNullsAsync(import, 3, ct);
        }

        if (fact.Decision is { } decision)
        {
            await import.WriteAsync(decision.Number, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(decision.Status, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(decision.Hour, NpgsqlDbType.TimestampTz, ct);
        }
        else
        {
            await WriteNullsAsync(import, 3, ct);
        }

        if (fact.Release is { } release)
        {
            await import.WriteAsync(release.Number, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(release.Status, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(release.Hour, NpgsqlDbType.TimestampTz, ct);
            await import.WriteAsync(release.Mode, NpgsqlDbType.Text, ct);
            await import.WriteAsync(FactLines.Write(release.Lines), NpgsqlDbType.Bytea, ct);
        }
        else
        {
            await WriteNullsAsync(import, 5, ct);
        }
    }

    private static async Task WriteNullsAsync(NpgsqlBinaryImporter import, int count, CancellationToken ct)
    {
        for (var column = 0; column < count; column++)
        {
            await import.WriteNullAsync(ct);
        }
    }
}
