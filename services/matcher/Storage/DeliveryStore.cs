using Sandan.Contracts.Events;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>Parcels that were signed for.</summary>
internal static class DeliveryStore
{
    /// <summary>Keeps delivery states.</summary>
    public static Task PutAsync(
        UnitOfWork unit, IReadOnlyList<WaybillStatusAccepted> statuses, CancellationToken ct)
    {
        var newest = statuses.GroupBy(one => (one.LogisticsCompanyCode, one.WaybillNo, one.Status))
            .OrderBy(one => one.Key.LogisticsCompanyCode, StringComparer.Ordinal)
            .ThenBy(one => one.Key.WaybillNo, StringComparer.Ordinal).ThenBy(one => one.Key.Status, StringComparer.Ordinal)
            .Select(one => one.MaxBy(status => status.Document.Version)!).ToArray();
        return unit.ExecuteAsync(
            """
            INSERT INTO delivery AS known (logistics_company, waybill_no, status, reached_at, version, deleted)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
            ON CONFLICT (logistics_company, waybill_no, status) DO UPDATE SET
              reached_at = excluded.reached_at, version = excluded.version, deleted = excluded.deleted
            WHERE known.version < excluded.version
            """,
            ct,
            newest.Select(one => one.LogisticsCompanyCode).ToArray(),
            newest.Select(one => one.WaybillNo).ToArray(),
            newest.Select(one => one.Status).ToArray(),
            newest.Select(one => one.ReachedAt).ToArray(),
            newest.Select(one => one.Document.Version).ToArray(),
            newest.Select(one => one.Document.Deleted).ToArray());
    }
}
