using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Shared.Security;

namespace Sandan.Customs.Declarations;

/// <summary>A return before customs.</summary>
/// <param name="Asked">The newest version; of what is released, that which was released.</param>
/// <param name="Receipts">How many results this version has.</param>
/// <param name="Last">The last of them; null while it waits for the result of its inventory.</param>
internal sealed record ReturnRow(ReturnAccepted Asked, int Receipts, DeclarationResult? Last, DateTimeOffset? DecidedAt)
{
    /// <summary>True where its goods count as returned: another return cannot have them.</summary>
    public bool Counts => Last?.Status is OfficialCodes.ManualReview or OfficialCodes.Released;

    /// <summary>The companies that may see it.</summary>
    public IReadOnlyList<string> Parties =>
        Clearance.PartiesOf(Asked.PlatformCode, Asked.SellerCode, Asked.DeclarantCode, Asked.LogisticsCompanyCode);

    /// <summary>With one result more, and the receipt that tells of it.</summary>
    public (ReturnRow Row, ReturnReceipt Receipt) With(ToldResult result, DateTimeOffset now)
    {
        var row = this with { Receipts = Receipts + 1, Last = result.Result, DecidedAt = now };
        return (row, new(row, new(Asked.Document.Id, row.Receipts, result.Result, result.Info, Asked.InventoryNo, now)));
    }
}

/// <summary>A result of a return, to be kept and told.</summary>
/// <param name="Row">Of the version that the result is of.</param>
internal sealed record ReturnReceipt(ReturnRow Row, DeclarationReceipt Receipt)
{
    /// <summary>What the feed tells of it; null for 120, which nobody waits for.</summary>
    public FeedEvent? Event()
    {
        var (asked, (status, code)) = (Row.Asked, Receipt.Result);
        var type = status switch
        {
            OfficialCodes.Released => FeedTypes.ReturnReleased,
            OfficialCodes.Rejected or ['-', ..] => FeedTypes.ReturnRejected,
            OfficialCodes.ManualReview => FeedTypes.ReturnHeld,
            OfficialCodes.Concluded => FeedTypes.ReturnWithdrawn,
            _ => null,
        };
        var isByHand = code == OfficialCodes.CustomsRejectedByHand;
        var companies = new FeedCompanies(asked.PlatformCode, asked.SellerCode, null, asked.LogisticsCompanyCode) { Declarant = asked.DeclarantCode };
        return type is null ? null : FeedEvent.Make(
            type,
            Receipt.At,
            Row.Parties,
            InventoryEvents.DataOf(Receipt, asked.OrderNo, asked.PreNo, asked.InventoryNo, companies) with
            {
                ReturnInfo = isByHand ? Contracts.Ceb.ReturnInfo.Of(code) : Receipt.Info, // the officer's reason is in the receipt
                DecidedBy = isByHand || status == OfficialCodes.Released ? Roles.Customs : Clearance.ByRules,
            });
    }
}
