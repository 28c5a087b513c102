using Npgsql;
using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Intake.Storage;

/// <summary>The certificates by which companies sign.</summary>
internal static class CertificateStore
{
    /// <summary>Keeps what the registry told, in whatever order it comes.</summary>
    public static Task PutAsync(UnitOfWork unit, IReadOnlyList<CertificateRegistered> told, CancellationToken ct)
    {
        var certificates = told.GroupBy(one => (one.Company, one.Id))
            .Select(one => one.MaxBy(certificate => certificate.Revoked)!)
            .OrderBy(one => one.Company, StringComparer.Ordinal).ThenBy(one => one.Id, StringComparer.Ordinal).ToArray();
        return unit.ExecuteAsync(
            """
            INSERT INTO certificate (company, id, der, revoked) SELECT * FROM unnest($1, $2, $3, $4)
            ON CONFLICT (company, id) DO UPDATE SET revoked = true WHERE excluded.revoked
            """,
            ct,
            certificates.Select(one => one.Company).ToArray(),
            certificates.Select(one => one.Id).ToArray(),
            certificates.Select(one => one.Certificate).ToArray(),
            certificates.Select(one => one.Revoked).ToArray());
    }

    /// <summary>Those of a company that are not revoked, DER.</summary>
    public static async Task<List<byte[]>> OfAsync(NpgsqlDataSource database, string company, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT der FROM certificate WHERE company = $1 AND NOT revoked");
        command.Parameters.Add(new() { Value = company });
        await using var row = await command.ExecuteReaderAsync(ct);
        var certificates = new List<byte[]>();
        while (await row.ReadAsync(ct))
        {
            certificates.Add((byte[])row[0]);
        }

        return certificates;
    }
}
