using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts;
using Sandan.Contracts.Events;
using Sandan.Registry.Domain;
using Sandan.Shared.Audit;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Registry.Storage;

/// <summary>A company as stored.</summary>
/// <param name="Version">Counts the changes, from 1.</param>
internal sealed record StoredCompany(
    string Code,
    string Name,
    string[] Roles,
    SupervisionMode? TradeMode,
    string? Note,
    int Version,
    DateTimeOffset ChangedAt);

/// <summary>The companies of the zone.</summary>
internal sealed class CompanyStore(NpgsqlDataSource database, OutboxSignal signal, AuditTrail audit, TimeProvider time)
{
    private const string Columns = "code, name, roles, trade_mode, note, version, changed_at";

    /// <summary>Stores companies, each code at most once, and tells of those that are new or changed.</summary>
    /// <returns>Version by code, of the new and changed ones only.</returns>
    public async Task<IReadOnlyDictionary<string, int>> StoreAsync(Caller who, IReadOnlyList<Company> companies, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var versions = new Dictionary<string, int>();

        // Sorted by key, so that two requests with the same companies never wait for each other in a circle.
        await using (var command = unit.Command(
            """
            INSERT INTO company (code, name, roles, trade_mode, note, version, changed_at)
            SELECT code, name, string_to_array(roles, ','), trade_mode, note, 1, $6
            FROM unnest($1, $2, $3, $4, $5) AS new (code, name, roles, trade_mode, note)
            ORDER BY code
            ON CONFLICT (code) DO UPDATE
            SET name = excluded.name, roles = excluded.roles, trade_mode = excluded.trade_mode, note = excluded.note,
                version = company.version + 1, changed_at = excluded.changed_at
            WHERE (company.name, company.roles, company.trade_mode, company.note)
              IS DISTINCT FROM (excluded.name, excluded.roles, excluded.trade_mode, excluded.note)
            RETURNING code, version
            """,
            companies.Select(one => one.Code).ToArray(),
            companies.Select(one => one.Name).ToArray(),
            companies.Select(one => string.Join(',', one.Roles)).ToArray(),
            companies.Select(one => (int?)one.TradeMode).ToArray(),
            Texts(companies.Select(one => one.Note)),
            time.GetUtcNow()))
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                versions.Add(reader.GetString(0), reader.GetInt32(1));
            }
        }

        if (versions.Count > 0)
        {
            unit.Publish(new CompaniesRegistered(
            [
                .. companies.Where(one => versions.ContainsKey(one.Code))
                    .Select(one => new CompanyRegistered(one.Code, one.Name, one.Roles, one.TradeMode, versions[one.Code])),
            ]));
            await audit.AppendAsync(
                unit, who,
                [
                    .. companies.Where(one => versions.ContainsKey(one.Code)).Select(one => new AuditAct(
                        "register", $"company {one.Code} version {versions[one.Code]}, roles {string.Join(' ', one.Roles)}")),
                ],
                ct);
        }

        await unit.CommitAsync(ct);
        return versions;
    }

    /// <summary>The company of a code; null where there is none.</summary>
    public async Task<StoredCompany?> FindAsync(string code, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT {Columns} FROM company WHERE code = $1");
        command.Parameters.Add(new() { Value = code });
        return (await ReadAsync(command, ct)).SingleOrDefault();
    }

    /// <summary>Companies by code, after <paramref name="after"/>.</summary>
    public async Task<List<StoredCompany>> ListAsync(string after, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"SELECT {Columns} FROM company WHERE code > $1 ORDER BY code LIMIT $2");
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, ct);
    }

    /// <summary>Those of <paramref name="codes"/> that are registered as sellers.</summary>
    public async Task<HashSet<string>> SellersAmongAsync(IEnumerable<string> codes, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT code FROM company WHERE code = ANY ($1) AND 'seller' = ANY (roles)");
        command.Parameters.Add(new() { Value = codes.Distinct().ToArray() });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var sellers = new HashSet<string>();
        while (await reader.ReadAsync(ct))
        {
            sellers.Add(reader.GetString(0));
        }

        return sellers;
    }

    private static async Task<List<StoredCompany>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var reader = await command.ExecuteReaderAsync(ct);
        var companies = new List<StoredCompany>();
        while (await reader.ReadAsync(ct))
        {
            companies.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetFieldValue<string[]>(2),
                reader.IsDBNull(3) ? null : (SupervisionMode)reader.GetInt32(3),
                reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetInt32(5),
                reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return companies;
    }

    private static NpgsqlParameter Texts(IEnumerable<string?> texts) =>
        new() { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
