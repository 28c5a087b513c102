using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;

namespace Sandan.Customs.Exports;

/// <summary>A parcel, by its waybill.</summary>
internal readonly record struct Parcel(string LogisticsCompanyCode, string WaybillNo);

/// <summary>Names a list of parcels, of whatever part.</summary>
internal readonly record struct TransportKey(string Message, string CompanyCode, string CompanyNo)
{
    public static TransportKey Of(TransportPart part) => new(part.Message, part.CompanyCode, part.CompanyNo);
}

/// <summary>A part before customs: its newest version.</summary>
/// <param name="Receipts">How many results this version has.</param>
/// <param name="Status">returnStatus of the last of them; null where there is none.</param>
internal sealed record TransportRow(TransportPart Part, int Receipts, string? Status)
{
    /// <summary>Whole and done with: no later version replaces it.</summary>
    public bool IsFinal => Status == OfficialCodes.Concluded && !Part.Document.Deleted;
}

/// <summary>Decides on lists of parcels: pure.</summary>
internal static class TransportRules
{
    /// <summary>
    /// A list is whole where all its parts are there, 1 to n without a gap, and say the same n (CEB specification §2.7, msgCount and
    /// msgSeqNo). Until then its parts are stored (120); from then on they are concluded (399) and stay so.
    /// </summary>
    /// <param name="parts">The newest version of each part.</param>
    public static bool IsWhole(IEnumerable<IPart> parts)
    {
        var standing = parts.Where(one => !one.Document.Deleted).ToArray();
        return standing.Length > 0 && standing.All(one => one.Parts == standing.Length);
    }

    /// <summary>What follows for a part; null where what stands, stands.</summary>
    public static DeclarationResult? Decide(TransportRow row, bool isWhole)
    {
        var wanted = isWhole || row.Part.Document.Deleted
            ? new DeclarationResult(OfficialCodes.Concluded, OfficialCodes.CustomsReviewPassed)
            : InventoryRules.CheckPassed;
        return row.Status is OfficialCodes.Concluded || row.Status == wanted.Status ? null : wanted;
    }

    /// <summary>A change or a deletion of what is concluded: -621012, of a tally -625022.</summary>
    public static DeclarationResult TooLate(TransportPart part) => DeclarationResult.Refused(
        part.Message == CebMessage.ReturnTally.Type ? OfficialCodes.ReturnStateForbids : OfficialCodes.InventoryStateForbids);

    /// <summary>The parcel of a released inventory has left: 899 结关 [proposed: no receipt of it was seen].</summary>
    public static DeclarationResult Departed { get; } = new(OfficialCodes.Closed, ClearanceCodes.Departed);
}
