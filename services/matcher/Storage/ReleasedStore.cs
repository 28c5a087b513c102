using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>Released consignments whose delivery is still to be seen.</summary>
internal static class ReleasedStore
{
    private const int ReleaseStatus = 800;

    /// <summary>Notes releases; other decisions, and what is told of a consignment after its release, are not noted.</summary>
    public static async Task PutAsync(UnitOfWork unit, IReadOnlyList<ClearanceDecided> decisions, CancellationToken ct)
    {
        var released = decisions.Where(one => one.Status == ReleaseStatus && one.PreviousStatus != ReleaseStatus)
            .DistinctBy(one => (one.PlatformCode, one.OrderNo))
            .OrderBy(one => one.PlatformCode, StringComparer.Ordinal).ThenBy(one => one.OrderNo, StringComparer.Ordinal)
            .ToArray();
        if (released.Length == 0)
        {
            return;
        }

        await unit.ExecuteAsync(
            """
            INSERT INTO released (platform_code, order_no, revision, released_at) SELECT * FROM unnest($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
            """,
            ct,
            released.Select(one => one.PlatformCode).ToArray(),
            released.Select(one => one.OrderNo).ToArray(),
            released.Select(one => one.Revision).ToArray(),
            released.Select(one => one.DecidedAt).ToArray());
    }

    /// <summary>
    /// Looks at consignments that were released before <c>now - DeliveredWithin</c>, at most 1,000: forgets those that
    /// were signed for, marks and returns the rest.
    /// </summary>
    /// <returns>How many were looked at, and those whose delivery is overdue.</returns>
    public static async Task<(int Looked, List<DeliveryOverdue> Overdue)> TakeOverdueAsync(
        UnitOfWork unit, RiskOptions options, DateTimeOffset now, CancellationToken ct)
    {
        var due = await DueAsync(unit, now - options.DeliveredWithin, ct);
        if (due.Count == 0)
        {
            return (0, []);
        }

        var signedFor = await SignedForAsync(unit, due, ct);
        var overdue = new List<DeliveryOverdue>();
        var delivered = new List<ConsignmentJudged>();
        foreach (var (verdict, releasedAt) in due)
        {
            if (verdict is { LogisticsCompanyCode: { } company, WaybillNo: { } number } && !signedFor.Contains((company, number)))
            {
                overdue.Add(new(
                    verdict.PlatformCode, verdict.OrderNo, verdict.Revision, verdict.SellerCode, verdict.PaymentCompanyCode,
                    company, number, releasedAt, now, RiskRules.NotDelivered(number, releasedAt, options, now)));
            }
            else
            {
                delivered.Add(verdict);
            }
        }

        await unit.ExecuteAsync(
            "DELETE FROM released WHERE (platform_code, order_no) IN (SELECT * FROM unnest($1, $2))",
            ct,
            delivered.Select(one => one.PlatformCode).ToArray(),
            delivered.Select(one => one.OrderNo).ToArray());
        await unit.ExecuteAsync(
            "UPDATE released SET told_at = $3 WHERE (platform_code, order_no) IN (SELECT * FROM unnest($1, $2))",
            ct,
            overdue.Select(one => one.PlatformCode).ToArray(),
            overdue.Select(one => one.OrderNo).ToArray(),
            now);
        return (due.Count, overdue);
    }

    private static async Task<List<(ConsignmentJudged Verdict, DateTimeOffset ReleasedAt)>> DueAsync(
        UnitOfWork unit, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT v.body, r.released_at
            FROM released r JOIN verdict v USING (platform_code, order_no, revision)
            WHERE r.told_at IS NULL AND r.released_at < $1
            ORDER BY r.released_at LIMIT 1000 FOR UPDATE OF r SKIP LOCKED
            """,
            before);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new List<(ConsignmentJudged, DateTimeOffset)>();
        while (await reader.ReadAsync(ct))
        {
            due.Add((
                EventBytes.Read<ConsignmentJudged>((byte[])reader[0]),
                reader.GetFieldValue<DateTimeOffset>(1)));
        }

        return due;
    }

    private static async Task<HashSet<(string Company, string WaybillNo)>> SignedForAsync(
        UnitOfWork unit, IEnumerable<(ConsignmentJudged Verdict, DateTimeOffset)> due, CancellationToken ct)
    {
        var waybills = due.Select(one => (Company: one.Verdict.LogisticsCompanyCode, Number: one.Verdict.WaybillNo)).ToArray();
        await using var command = unit.Command(
            """
            SELECT logistics_company, waybill_no FROM delivery
            WHERE (logistics_company, waybill_no) IN (SELECT * FROM unnest($1, $2)) AND status = 'S' AND NOT deleted
            """,
            waybills.Select(one => one.Company).ToArray(),
            waybills.Select(one => one.Number).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var signedFor = new HashSet<(string, string)>();
        while (await reader.ReadAsync(ct))
        {
            signedFor.Add((reader.GetString(0), reader.GetString(1)));
        }

        return signedFor;
    }
}
