using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Shared.Audit;
using Sandan.Shared.Messaging;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;
using Sandan.Signing;

namespace Sandan.Registry.Storage;

/// <summary>A certificate as it is shown.</summary>
/// <param name="Id">See <see cref="CebCertificate.Id"/>.</param>
internal sealed record StoredCertificate(
    string Id, string SerialNumber, string Algorithm, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Pem, string? Note,
    DateTimeOffset RegisteredAt, DateTimeOffset? RevokedAt);

/// <summary>What became of a certificate that was to be registered.</summary>
internal enum CertificateOutcome
{
    /// <summary>There is no such company.</summary>
    CompanyUnknown,

    /// <summary>It was revoked, which is final.</summary>
    Revoked,

    /// <summary>So many are in force.</summary>
    TooMany,

    /// <summary>It is registered.</summary>
    Created,

    /// <summary>It was registered before.</summary>
    Unchanged,
}

/// <summary>The certificates of companies: registered, listed, revoked; the intake services are told.</summary>
internal sealed class CertificateStore(NpgsqlDataSource database, OutboxSignal signal, AuditTrail audit, TimeProvider time)
{
    /// <summary>Certificates of one company in force at the same time: a company has some cards.</summary>
    public const int InForceMax = 20;

    /// <summary>Registers one. The company's row is locked: the count holds.</summary>
    public async Task<CertificateOutcome> AddAsync(Caller who, string company, CebCertificate certificate, string? note, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        await using (var known = unit.Command("SELECT 1 FROM company WHERE code = $1 FOR UPDATE", company))
        {
            if (await known.ExecuteScalarAsync(ct) is null)
            {
                return CertificateOutcome.CompanyUnknown;
            }
        }

        var (inForce, there, revoked) = (0, false, false);
        await using (var command = unit.Command("SELECT id, revoked_at IS NOT NULL FROM certificate WHERE company = $1", company))
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                inForce += row.GetBoolean(1) ? 0 : 1;
                (there, revoked) = row.GetString(0) == certificate.Id ? (true, row.GetBoolean(1)) : (there, revoked);
            }
        }

        if (there || inForce == InForceMax)
        {
            return revoked ? CertificateOutcome.Revoked : there ? CertificateOutcome.Unchanged : CertificateOutcome.TooMany;
        }

        await unit.ExecuteAsync(
            "INSERT INTO certificate (company, id, der, note, registered_at) VALUES ($1, $2, $3, $4, $5)",
            ct,
            company,
            certificate.Id,
            certificate.Der,
            new NpgsqlParameter { Value = (object?)note ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            time.GetUtcNow());
        unit.Publish(new CertificatesRegistered([new(company, certificate.Id, certificate.Der, Revoked: false)]));
        await audit.AppendAsync(unit, who, [new("registerCertificate", $"certificate {certificate.Id} of {company}")], ct);
        await unit.CommitAsync(ct);
        return CertificateOutcome.Created;
    }

    /// <summary>All certificates of a company, also the revoked ones, the oldest first.</summary>
    public async Task<List<StoredCertificate>> ListAsync(string company, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "SELECT der, note, registered_at, revoked_at FROM certificate WHERE company = $1 ORDER BY registered_at, id");
        command.Parameters.Add(new() { Value = company });
        await using var row = await command.ExecuteReaderAsync(ct);
        var certificates = new List<StoredCertificate>();
        while (await row.ReadAsync(ct))
        {
            var read = CebCertificate.Read(Convert.ToBase64String((byte[])row[0]))
                ?? throw new InvalidOperationException($"A certificate of {company} cannot be read again.");
            certificates.Add(new(
                read.Id, read.SerialNumber, read.Algorithm, read.NotBefore, read.NotAfter, read.ToPem(),
                row.IsDBNull(1) ? null : row.GetString(1),
                row.GetFieldValue<DateTimeOffset>(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3)));
        }

        return certificates;
    }

    /// <summary>Revokes one for good; a repeat changes nothing. False where the company has no such certificate.</summary>
    public async Task<bool> RevokeAsync(Caller who, string company, string id, CancellationToken ct)
    {
        await using var unit = await UnitOfWork.BeginAsync(database, signal, ct);
        var now = time.GetUtcNow();
        byte[]? revoked;
        await using (var command = unit.Command(
            "UPDATE certificate SET revoked_at = $3 WHERE company = $1 AND id = $2 AND revoked_at IS NULL RETURNING der", company, id, now))
        {
            revoked = (byte[]?)await command.ExecuteScalarAsync(ct);
        }

        if (revoked is null)
        {
            await using var known = unit.Command("SELECT 1 FROM certificate WHERE company = $1 AND id = $2", company, id);
            return await known.ExecuteScalarAsync(ct) is not null;
        }

        unit.Publish(new CertificatesRegistered([new(company, id, revoked, Revoked: true)]));
        await audit.AppendAsync(unit, who, [new("revokeCertificate", $"certificate {id} of {company}")], ct);
        await unit.CommitAsync(ct);
        return true;
    }
}
