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
internal sealed record ReturnRow<TAsked>(TAsked Asked, int Receipts, DeclarationResult? Last, DateTimeOffset? DecidedAt)
    where TAsked : IReturnAccepted
{
    /// <summary>True where its goods count as returned: another return cannot have them.</summary>
    public bool Counts => Last?.Status is OfficialCodes.StoredByCustoms or OfficialCodes.ManualReview or OfficialCodes.Released;

    /// <summary>The companies that may see it.</summary>
    public IReadOnlyList<string> Parties =>
        Clearance.PartiesOf(Asked.PlatformCode, Asked.SellerCode, Asked.DeclarantCode, Asked.LogisticsCompanyCode);

    /// <summary>With one result more, and the receipt that tells of it.</summary>
    public (ReturnRow<TAsked> Row, ReturnReceipt Receipt) With(ReasonedResult result, DateTimeOffset now)
    {
        var row = this with { Receipts = Receipts + 1, Last = result.Result, DecidedAt = now };
        return (row, new(Asked, new(Asked.Document.Id, row.Receipts, result.Result, result.Info, Asked.InventoryNo, now)));
    }
}

/// <summary>The types by which the feed tells of returns: of imports, or of exports.</summary>
internal sealed record ReturnTypes(string Held, string Released, string Rejected, string Withdrawn);

/// <summary>A result of a return, to be kept and told.</summary>
/// <param name="Asked">The version that the result is of.</param>
internal sealed record ReturnReceipt(IReturnAccepted Asked, DeclarationReceipt Receipt)
{
    /// <summary>What the feed tells of it; null for 120, which nobody waits for.</summary>
    /// <param name="orderNo">Of its goods; empty where that is not known.</param>
    public FeedEvent? Event(ReturnTypes types, string orderNo)
    {
        var (status, code) = Receipt.Result;
        var type = status switch
        {
            OfficialCodes.Released => types.Released,
            OfficialCodes.Rejected or ['-', ..] => types.Rejected,
            OfficialCodes.ManualReview => types.Held,
            OfficialCodes.Concluded => types.Withdrawn,
            _ => null,
        };
        var isByHand = code == OfficialCodes.CustomsRejectedByHand;
        var companies = new FeedCompanies(Asked.PlatformCode, Asked.SellerCode, null, Asked.LogisticsCompanyCode) { Declarant = Asked.DeclarantCode };
        return type is null ? null : FeedEvent.Make(
            type,
            Receipt.At,
            Clearance.PartiesOf(Asked.PlatformCode, Asked.SellerCode, Asked.DeclarantCode, Asked.LogisticsCompanyCode),
            InventoryEvents.DataOf(Receipt, orderNo, Asked.PreNo, Asked.InventoryNo, companies) with
            {
                ReturnInfo = isByHand ? Contracts.Ceb.ReturnInfo.Of(code) : Receipt.Info, // the officer's reason is in the receipt
                DecidedBy = isByHand || status == OfficialCodes.Released ? Roles.Customs : Clearance.ByRules,
            });
    }
}
