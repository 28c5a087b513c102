using NpgsqlTypes;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Storage;

/// <summary>The table clearance_party: which company may see which consignment.</summary>
internal static class PartyStore
{
    /// <summary>Notes the parties of rows that this transaction inserted: nobody else has their ranges.</summary>
    public static async Task AddAsync(UnitOfWork unit, List<ClearanceChange> inserted, CancellationToken ct)
    {
        var ranges = new Dictionary<(string Company, long Range), List<short>>();
        foreach (var (_, clearance, _, _) in inserted)
        {
            if (clearance.Revision == 0)
            {
                continue; // only tax came: the verdict will name them
            }

            var range = ClearanceNumbers.RangeOf(clearance.Number);
            foreach (var company in clearance.Parties)
            {
                if (!ranges.TryGetValue((company, range), out var offsets))
                {
                    ranges.Add((company, range), offsets = []);
                }

                offsets.Add(ClearanceNumbers.OffsetOf(clearance.Number));
            }
        }

        if (ranges.Count == 0)
        {
            return;
        }

        await using var rows = await unit.Connection.BeginBinaryImportAsync(
            "COPY clearance_party (company, range, offsets) FROM STDIN (FORMAT binary)", ct);
        foreach (var ((company, range), offsets) in ranges)
        {
            await rows.StartRowAsync(ct);
            await rows.WriteAsync(company, NpgsqlDbType.Text, ct);
            await rows.WriteAsync(range, NpgsqlDbType.Bigint, ct);
            await rows.WriteAsync(offsets, NpgsqlDbType.Array | NpgsqlDbType.Smallint, ct);
        }

        await rows.CompleteAsync(ct);
    }

    /// <summary>Notes who became a party of rows that were there before, and who no longer is one.</summary>
    public static async Task ChangeAsync(UnitOfWork unit, List<ClearanceChange> updated, CancellationToken ct)
    {
        var (joined, left) = (new List<(string Company, long Number)>(), new List<(string Company, long Number)>());
        foreach (var (before, after, _, _) in updated)
        {
            IReadOnlyList<string> were = before is { Revision: > 0 } ? before.Parties : [];
            var are = after.Revision > 0 ? after.Parties : [];
            joined.AddRange(are.Except(were).Select(company => (company, after.Number)));
            left.AddRange(were.Except(are).Select(company => (company, after.Number)));
        }

        await ExecuteAsync(
            unit,
            """
            INSERT INTO clearance_party (company, range, offsets)
            SELECT company, range, array_agg(at) FROM unnest($1, $2, $3) AS new (company, range, at)
            GROUP BY company, range ORDER BY company, range
            ON CONFLICT (company, range) DO UPDATE SET offsets = clearance_party.offsets || excluded.offsets
            """,
            joined,
            ct);
        await ExecuteAsync(
            unit,
            """
            UPDATE clearance_party p SET offsets = ARRAY(SELECT unnest(p.offsets) EXCEPT SELECT unnest(gone.offsets))
            FROM (SELECT company, range, array_agg(at) AS offsets FROM unnest($1, $2, $3) AS old (company, range, at)
              GROUP BY company, range) gone
            WHERE p.company = gone.company AND p.range = gone.range
            """,
            left,
            ct);
    }

    private static async Task ExecuteAsync(
        UnitOfWork unit, string sql, List<(string Company, long Number)> parties, CancellationToken ct)
    {
        if (parties.Count > 0)
        {
            await unit.ExecuteAsync(
                sql,
                ct,
                parties.ConvertAll(one => one.Company),
                parties.ConvertAll(one => ClearanceNumbers.RangeOf(one.Number)),
                parties.ConvertAll(one => ClearanceNumbers.OffsetOf(one.Number)));
        }
    }
}
