using Sandan.Customs.Domain;

namespace Sandan.Customs.Feed;

/// <summary>
/// The event types of the feed. The number of a type, its place in <see cref="All"/>, is stored: append only.
/// </summary>
internal static class FeedTypes
{
    public const string Released = "cn.sandan.clearance.released.v1";
    public const string Held = "cn.sandan.clearance.held.v1";
    public const string Rejected = "cn.sandan.clearance.rejected.v1";
    public const string Inspection = "cn.sandan.clearance.inspection.v1";
    public const string ChangedAfterRelease = "cn.sandan.clearance.changed-after-release.v1";
    public const string Withdrawn = "cn.sandan.clearance.withdrawn.v1";
    public const string InventoryReleased = "cn.sandan.inventory.released.v1";
    public const string InventoryRejected = "cn.sandan.inventory.rejected.v1";
    public const string InventoryHeld = "cn.sandan.inventory.held.v1";
    public const string InventoryInspection = "cn.sandan.inventory.inspection.v1";
    public const string InventoryWithdrawn = "cn.sandan.inventory.withdrawn.v1";
    public const string ExportReleased = "cn.sandan.export.released.v1";
    public const string ExportRejected = "cn.sandan.export.rejected.v1";
    public const string ExportHeld = "cn.sandan.export.held.v1";
    public const string ExportInspection = "cn.sandan.export.inspection.v1";
    public const string ExportWithdrawn = "cn.sandan.export.withdrawn.v1";
    public const string ExportDeparted = "cn.sandan.export.departed.v1";
    public const string ExportReturnHeld = "cn.sandan.export-return.held.v1";
    public const string ExportReturnReleased = "cn.sandan.export-return.released.v1";
    public const string ExportReturnRejected = "cn.sandan.export-return.rejected.v1";
    public const string ExportReturnWithdrawn = "cn.sandan.export-return.withdrawn.v1";
    public const string SummaryMade = "cn.sandan.summary.made.v1";
    public const string SummaryRejected = "cn.sandan.summary.rejected.v1";
    public const string ReturnHeld = "cn.sandan.return.held.v1";
    public const string ReturnReleased = "cn.sandan.return.released.v1";
    public const string ReturnRejected = "cn.sandan.return.rejected.v1";
    public const string ReturnWithdrawn = "cn.sandan.return.withdrawn.v1";
    public const string Overdue = "cn.sandan.consignment.overdue.v1";
    public const string Ambiguous = "cn.sandan.consignment.ambiguous.v1";

    /// <summary>For customs and the operator only: it shows thresholds and other consignments.</summary>
    public const string RiskDetected = "cn.sandan.risk.detected.v1";

    public static readonly IReadOnlyList<string> All =
    [
        Released, Held, Rejected, Inspection, ChangedAfterRelease, Withdrawn, Overdue, Ambiguous, RiskDetected,
        InventoryReleased, InventoryRejected, InventoryHeld, InventoryInspection, InventoryWithdrawn,
        ExportReleased, ExportRejected, ExportWithdrawn, ExportDeparted,
        ReturnHeld, ReturnReleased, ReturnRejected, ReturnWithdrawn,
        ExportReturnHeld, ExportReturnReleased, ExportReturnRejected, ExportReturnWithdrawn, SummaryMade, SummaryRejected,
        ExportHeld, ExportInspection,
    ];

    /// <summary>The type that tells of a decision; null for 120 stored, which nobody waits for.</summary>
    public static string? Of(Decision decision) => decision switch
    {
        { Status: ReturnStatus.Released, PreviousStatus: ReturnStatus.Released } => ChangedAfterRelease,
        { Status: ReturnStatus.Released } => Released,
        { Status: ReturnStatus.Held } => Held,
        { Status: ReturnStatus.Inspection } => Inspection,
        { Status: ReturnStatus.Rejected } => Rejected,
        { Status: ReturnStatus.Stored, Code: Contracts.Codes.ClearanceCodes.Withdrawn } => Withdrawn,
        _ => null,
    };

    /// <summary>The number under which a type is stored.</summary>
    public static short NumberOf(string type)
    {
        for (short at = 0; at < All.Count; at++)
        {
            if (All[at] == type)
            {
                return at;
            }
        }

        throw new ArgumentException($"{type} is no type of the feed.", nameof(type));
    }
}
