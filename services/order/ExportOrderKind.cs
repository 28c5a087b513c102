using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Order;

/// <summary>
/// 出口电子订单, also the order to companies and the booking of a warehouse abroad. Source: CEB specification (2022-05) §2.1, CEB303.
/// </summary>
internal sealed class ExportOrderKind : IntakeKind<ExportOrderAccepted>
{
    public override CebMessage Message => CebMessage.ExportOrder;

    /// <summary>With the seller, for all foreign platforms without a code share the name 无.</summary>
    public override IReadOnlyList<string> Key { get; } = ["ebpCode", "ebcCode", "orderNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Platform, Roles.Seller];

    public override Type Event => typeof(ExportOrdersAccepted);

    public override IntakeCodes Codes { get; } =
        new(OfficialCodes.OrderExists, OfficialCodes.OrderWrongAppType, OfficialCodes.OrderOldData);

    /// <summary>A platform sends its own orders, a seller those in which it sells.</summary>
    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.CheckSellerOr(document, caller, "ebpCode");

    public override ExportOrderAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers)
    {
        var head = Message.Head;
        return new()
        {
            Document = version,
            PlatformCode = Sender.Company(document, "ebpCode"),
            OrderNo = document["orderNo"]!,
            SellerCode = Sender.Company(document, "ebcCode"),
            Type = document["orderType"]!,
            GoodsValue = document.Number(head["goodsValue"])!.Value,
            Freight = document.Number(head["freight"])!.Value,
            Currency = document["currency"]!,
            Lines = [.. document.Lines.Select(ExportLines.Describe)],
        };
    }

    public override void Publish(UnitOfWork unit, IReadOnlyList<ExportOrderAccepted> accepted) => unit.Publish(new ExportOrdersAccepted(accepted));
}
