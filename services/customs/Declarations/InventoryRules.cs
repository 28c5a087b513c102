using System.Globalization;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Stock;

namespace Sandan.Customs.Declarations;

/// <summary>A result of a declaration.</summary>
/// <param name="Status">returnStatus, see <see cref="OfficialCodes"/>.</param>
/// <param name="Code">Of the dictionary; official where customs has one.</param>
internal sealed record DeclarationResult(string Status, string Code)
{
    /// <summary>Refused by the e-port, whose negative number is status and code.</summary>
    public static DeclarationResult Refused(string number) => new(number, number);

    /// <summary>What stands on a consignment that was decided.</summary>
    public static DeclarationResult Of(Clearance clearance) =>
        new(((int)clearance.Status!).ToString(CultureInfo.InvariantCulture), clearance.Code!);
}

/// <summary>Decides on an inventory: pure, so that every replica and every repeat decides the same.</summary>
/// <remarks>
/// Where the four documents agree the consignment decides: its tax, its risks, its officer. Order of the results as in real receipts:
/// 120 before 300, 500 and 800 (codes.md §2); a rejected one may be changed and come again, one that its account has not
/// enough for only by a version of its own; 800 is final.
/// </remarks>
internal static class InventoryRules
{
    /// <summary>What follows, in order; empty where what stands, stands.</summary>
    /// <param name="judged">The newest comparison.</param>
    /// <param name="consignment">The decision that stands on the consignment; null where nothing was decided on it yet.</param>
    /// <param name="last">The last result of this version; null where there is none.</param>
    public static IReadOnlyList<DeclarationResult> Decide(InventoryJudged judged, DeclarationResult? consignment, DeclarationResult? last)
    {
        if (last?.Status is OfficialCodes.Released or OfficialCodes.Concluded || StockRules.IsRefusal(last) || WantedOf(judged, consignment) is not { } wanted || wanted == last)
        {
            return [];
        }

        return wanted.Status is OfficialCodes.Rejected or OfficialCodes.StoredByCustoms or OfficialCodes.Concluded
            || last is not (null or { Status: OfficialCodes.Rejected })
                ? [wanted]
                : [CheckPassed, wanted];
    }

    /// <summary>A change, or a deletion, of what is released (receipt 22007).</summary>
    public static DeclarationResult TooLate { get; } = new(OfficialCodes.Rejected, OfficialCodes.CustomsAlreadyReleased);

    public static DeclarationResult CheckPassed { get; } = new(OfficialCodes.StoredByCustoms, OfficialCodes.CustomsCheckPassed);

    private static DeclarationResult? WantedOf(InventoryJudged judged, DeclarationResult? consignment) => judged switch
    {
        { Inventory.Document.Deleted: true } => new(OfficialCodes.Concluded, OfficialCodes.CustomsReviewPassed),
        { State: ConsignmentState.Mismatched } => new(
            OfficialCodes.Rejected, judged.Discrepancies.First(one => one.Severity == DiscrepancySeverity.Mismatch).Code),
        { State: ConsignmentState.Matched } => consignment switch
        {
            null or { Status: OfficialCodes.StoredByCustoms } => CheckPassed,
            { Status: OfficialCodes.Released } => new(OfficialCodes.Released, OfficialCodes.CustomsReleased),
            _ => consignment,
        },
        _ => null, // one of the three documents is waited for
    };
}
