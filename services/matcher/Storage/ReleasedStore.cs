using MessagePack;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>A consignment that was released. Many share a row: nobody asks for one of them alone.</summary>
[MessagePackObject]
internal sealed record ReleasedNote(
    [property: Key(0)] string PlatformCode,
    [property: Key(1)] string OrderNo,
    [property: Key(2)] int Revision,
    [property: Key(3)] DateTimeOffset ReleasedAt);

/// <summary>Released consignments whose delivery is still to be seen.</summary>
internal static class ReleasedStore
{
    private const int ReleaseStatus = 800;

    /// <summary>Notes releases; other decisions, and what is told of a consignment after its release, are not noted.</summary>
    public static async Task PutAsync(UnitOfWork unit, IReadOnlyList<ClearanceDecided> decisions, CancellationToken ct)
    {
        var released = decisions.Where(one => one.Status == ReleaseStatus && one.PreviousStatus != ReleaseStatus)
            .Select(one => new ReleasedNote(one.PlatformCode, one.OrderNo, one.Revision, one.DecidedAt))
            .ToArray();
        if (released.Length > 0)
        {
            await unit.ExecuteAsync(
                "INSERT INTO released (released_at, body) VALUES ($1, $2)",
                ct,
                released.Max(one => one.ReleasedAt),
                EventBytes.Write(released));
        }
    }

    /// <summary>
    /// Looks at a row of consignments that were all released before <c>now - DeliveredWithin</c>: forgets those that were
    /// signed for, keeps and returns the rest.
    /// </summary>
    /// <returns>How many were looked at, and those whose delivery is overdue.</returns>
    public static async Task<(int Looked, List<DeliveryOverdue> Overdue)> TakeOverdueAsync(
        UnitOfWork unit, RiskOptions options, DateTimeOffset now, CancellationToken ct)
    {
        var due = await TakeAsync(unit, now - options.DeliveredWithin, ct);
        var overdue = new List<DeliveryOverdue>();
        if (due.Length == 0)
        {
            return (0, overdue);
        }

        var verdicts = await VerdictsAsync(unit, due, ct);
        var signedFor = await SignedForAsync(unit, verdicts.Values, ct);
        foreach (var one in due)
        {
            if (verdicts.GetValueOrDefault(one) is { LogisticsCompanyCode: { } company, WaybillNo: { } number } verdict
                && !signedFor.Contains((company, number)))
            {
                overdue.Add(new(
                    one.PlatformCode, one.OrderNo, one.Revision, verdict.SellerCode, verdict.PaymentCompanyCode,
                    company, number, one.ReleasedAt, now, RiskRules.NotDelivered(number, one.ReleasedAt, options, now)));
            }
        }

        var told = await KeepAsync(unit, overdue, now, ct);
        return (due.Length, overdue.FindAll(one => told.Remove((one.PlatformCode, one.OrderNo))));
    }

    /// <summary>Keeps what is overdue; those that were told before are not among what it returns.</summary>
    private static async Task<HashSet<(string PlatformCode, string OrderNo)>> KeepAsync(
        UnitOfWork unit, List<DeliveryOverdue> overdue, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            INSERT INTO overdue_delivery (platform_code, order_no, revision, released_at, told_at)
            SELECT *, $5 FROM unnest($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING platform_code, order_no
            """,
            overdue.ConvertAll(one => one.PlatformCode).ToArray(),
            overdue.ConvertAll(one => one.OrderNo).ToArray(),
            overdue.ConvertAll(one => one.Revision).ToArray(),
            overdue.ConvertAll(one => one.ReleasedAt).ToArray(),
            now);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var kept = new HashSet<(string, string)>();
        while (await reader.ReadAsync(ct))
        {
            kept.Add((reader.GetString(0), reader.GetString(1)));
        }

        return kept;
    }

    private static async Task<ReleasedNote[]> TakeAsync(UnitOfWork unit, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            DELETE FROM released WHERE id = (
              SELECT id FROM released WHERE released_at < $1 ORDER BY released_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING body
            """,
            before);
        return await command.ExecuteScalarAsync(ct) is byte[] body ? EventBytes.Read<ReleasedNote[]>(body) : [];
    }

    /// <summary>The verdicts that were released: the last ones, or superseded since.</summary>
    private static async Task<Dictionary<ReleasedNote, ConsignmentJudged>> VerdictsAsync(
        UnitOfWork unit, ReleasedNote[] released, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT at, coalesce(c.verdict, s.verdict)
            FROM unnest($1, $2, $3) WITH ORDINALITY AS asked (platform_code, order_no, revision, at)
            LEFT JOIN consignment c USING (platform_code, order_no, revision)
            LEFT JOIN superseded_verdict s USING (platform_code, order_no, revision)
            WHERE coalesce(c.verdict, s.verdict) IS NOT NULL
            """,
            released.Select(one => one.PlatformCode).ToArray(),
            released.Select(one => one.OrderNo).ToArray(),
            released.Select(one => one.Revision).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var verdicts = new Dictionary<ReleasedNote, ConsignmentJudged>();
        while (await reader.ReadAsync(ct))
        {
            verdicts.Add(released[reader.GetInt64(0) - 1], EventBytes.Read<ConsignmentJudged>((byte[])reader[1]));
        }

        return verdicts;
    }

    private static async Task<HashSet<(string Company, string WaybillNo)>> SignedForAsync(
        UnitOfWork unit, IReadOnlyCollection<ConsignmentJudged> verdicts, CancellationToken ct)
    {
        await using var command = unit.Command(
            """
            SELECT logistics_company, waybill_no FROM delivery
            WHERE (logistics_company, waybill_no) IN (SELECT * FROM unnest($1, $2)) AND status = 'S' AND NOT deleted
            """,
            verdicts.Select(one => one.LogisticsCompanyCode).ToArray(),
            verdicts.Select(one => one.WaybillNo).ToArray());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var signedFor = new HashSet<(string, string)>();
        while (await reader.ReadAsync(ct))
        {
            signedFor.Add((reader.GetString(0), reader.GetString(1)));
        }

        return signedFor;
    }
}
