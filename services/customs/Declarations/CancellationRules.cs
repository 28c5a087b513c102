using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Customs.Declarations;

/// <summary>What a request to cancel asks of an inventory, into the country or out of it.</summary>
/// <param name="Last">Its last result; null where there is none.</param>
internal sealed record Cancellable(string DeclarantCode, string? SellerCode, DeclarationResult? Last);

/// <summary>Decides on a request to cancel an inventory: before its release only (receipts 22007 and 2300).</summary>
internal static class CancellationRules
{
    /// <summary>What follows.</summary>
    /// <param name="inventory">The inventory of the number that it names; null where there is none.</param>
    public static DeclarationResult Decide(CancellationAccepted asked, Cancellable? inventory) => inventory switch
    {
        null => DeclarationResult.Refused(OfficialCodes.CancellationInventoryUnknown),
        _ when asked.DeclarantCode != inventory.DeclarantCode && asked.DeclarantCode != inventory.SellerCode =>
            DeclarationResult.Refused(OfficialCodes.CancellationNoRight),
        { Last.Status: OfficialCodes.Released or OfficialCodes.Closed } => InventoryRules.TooLate,
        { Last.Status: OfficialCodes.Concluded } => DeclarationResult.Refused(OfficialCodes.CancellationStateForbids),
        _ => new(OfficialCodes.Concluded, OfficialCodes.CustomsReviewPassed),
    };

    /// <summary>returnInfo, as in real receipts where one is known.</summary>
    public static string InfoOf(CancellationAccepted asked, DeclarationResult result) => result switch
    {
        { Status: OfficialCodes.Concluded } => $"{ReturnInfo.Of(result.Code)},撤单申请审核通过,清单[{asked.InventoryNo}]已成功撤单",
        { Status: ['-', ..] } => $"{CodeDictionary.Get(result.Code).Text.Zh}[{asked.InventoryNo}]",
        _ => ReturnInfo.Of(result.Code),
    };
}
