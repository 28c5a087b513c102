using Npgsql;
using NpgsqlTypes;
using Sandan.Shared.Audit;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Registry.Storage;

/// <summary>A key as its company's operator may see it.</summary>
internal sealed record StoredKey(
    string Id, string Role, string Environment, string? Note, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);

/// <summary>A key as the gateway needs it.</summary>
/// <param name="Hash">SHA-256 of the secret, base64.</param>
/// <param name="Revoked">Revoked, or the company no longer has the role.</param>
internal sealed record KeyFacts(string Hash, string Company, string Role, string Environment, bool Revoked);

/// <summary>Why a key was not made.</summary>
internal enum KeyRefusal
{
    /// <summary>There is no such company.</summary>
    CompanyUnknown,

    /// <summary>The company does not have the role.</summary>
    RoleNotOfCompany,

    /// <summary>Two keys of this company and role are in force.</summary>
    TooManyKeys,
}

/// <summary>The keys: made, listed, revoked; their secrets are never kept.</summary>
internal sealed class KeyStore(NpgsqlDataSource database, OutboxSignal signal, AuditTrail audit, TimeProvider time)
{
    /// <summary>Keys of one company and role in force at the same time: the present one and the next, for rotation.</summary>
    public const int KeysInForceMax = 2;

    /// <summary>Makes a key, or says why not. The company's row is locked: two requests at once cannot both be the second.</summary>
    public async Task<(ApiKey? Key, KeyRefusal? Refusal)> CreateAsync(
        Caller who, string company, string role, string environment, string? note, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        await using (var company_ = unit.Command("SELECT roles FROM company WHERE code = $1 FOR UPDATE", company))
        {
            if (await company_.ExecuteScalarAsync(ct) is not string[] roles)
            {
                return (null, KeyRefusal.CompanyUnknown);
            }

            if (!roles.Contains(role))
            {
                return (null, KeyRefusal.RoleNotOfCompany);
            }
        }

        await using (var count = unit.Command(
            "SELECT count(*) FROM api_key WHERE company = $1 AND role = $2 AND revoked_at IS NULL", company, role))
        {
            if ((long)(await count.ExecuteScalarAsync(ct))! >= KeysInForceMax)
            {
                return (null, KeyRefusal.TooManyKeys);
            }
        }

        var key = ApiKey.Create(environment);
        await unit.ExecuteAsync(
            """
            INSERT INTO api_key (id, company, role, environment, secret_sha256, note, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            ct,
            key.Id,
            company,
            role,
            environment,
            key.Hash(),
            new NpgsqlParameter { Value = (object?)note ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            time.GetUtcNow());
        await audit.AppendAsync(unit, who, [new("createKey", $"key {key.Id} of {company}, {role}, {environment}")], ct);
        await unit.CommitAsync(ct);
        return (key, null);
    }

    /// <summary>All keys of a company, also the revoked ones, the oldest first.</summary>
    public async Task<List<StoredKey>> ListAsync(string company, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT id, role, environment, note, created_at, revoked_at FROM api_key
            WHERE company = $1 ORDER BY created_at, id
            """);
        command.Parameters.Add(new() { Value = company });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var keys = new List<StoredKey>();
        while (await reader.ReadAsync(ct))
        {
            keys.Add(new(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.IsDBNull(5) ? null : reader.GetFieldValue<DateTimeOffset>(5)));
        }

        return keys;
    }

    /// <summary>Revokes a key; a repeat changes nothing. False where the company has no such key.</summary>
    public async Task<bool> RevokeAsync(Caller who, string company, string id, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var revoked = await unit.ExecuteAsync(
            "UPDATE api_key SET revoked_at = $3 WHERE company = $1 AND id = $2 AND revoked_at IS NULL", ct, company, id, time.GetUtcNow());
        if (revoked == 0)
        {
            await using var known = unit.Command("SELECT 1 FROM api_key WHERE company = $1 AND id = $2", company, id);
            return await known.ExecuteScalarAsync(ct) is not null;
        }

        await audit.AppendAsync(unit, who, [new("revokeKey", $"key {id} of {company}")], ct);
        await unit.CommitAsync(ct);
        return true;
    }

    /// <summary>How many keys of a role were made since, in force or not.</summary>
    public async Task<long> CountAsync(string role, DateTimeOffset since, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT count(*) FROM api_key WHERE role = $1 AND created_at > $2");
        command.Parameters.Add(new() { Value = role });
        command.Parameters.Add(new() { Value = since });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>What the gateway compares a key with; null where there is none of this id.</summary>
    public async Task<KeyFacts?> FindAsync(string id, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            SELECT secret_sha256, company, role, environment, revoked_at IS NOT NULL OR role <> ALL (roles)
            FROM api_key JOIN company ON company.code = api_key.company
            WHERE id = $1
            """);
        command.Parameters.Add(new() { Value = id });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new(
                Convert.ToBase64String((byte[])reader[0]),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetBoolean(4))
            : null;
    }
}
