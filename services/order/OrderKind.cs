using System.Globalization;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Order;

/// <summary>电子订单. Source: CEB specification (2022-05) §3.1, CEB311.</summary>
internal sealed class OrderKind : IntakeKind<OrderAccepted>
{
    public override CebMessage Message => CebMessage.Order;

    /// <summary>The order number is unique on one platform only.</summary>
    public override IReadOnlyList<string> Key { get; } = ["ebpCode", "orderNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Platform, Roles.Seller];

    public override Type Event => typeof(OrdersAccepted);

    public override IntakeCodes Codes { get; } =
        new(OfficialCodes.OrderExists, OfficialCodes.OrderWrongAppType, OfficialCodes.OrderOldData, OfficialCodes.OrderAlreadyDeclared);

    /// <summary>A platform sends its own orders, a seller those in which it sells.</summary>
    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.CheckSellerOr(document, caller, "ebpCode");

    public override OrderAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers)
    {
        var head = Message.Head;
        var buyer = personal.Protect(document["buyerName"]!, PersonalKind.Name);
        var telephone = personal.Protect(document["consigneeTelephone"]!, PersonalKind.Phone);
        return new()
        {
            Document = version,
            PlatformCode = Sender.Company(document, "ebpCode"),
            PlatformName = document["ebpName"]!,
            OrderNo = document["orderNo"]!,
            SellerCode = Sender.Company(document, "ebcCode"),
            Mode = document["tradeMode"] is { } mode
                ? (SupervisionMode)int.Parse(mode, CultureInfo.InvariantCulture)
                : null,
            GoodsValue = document.Number(head["goodsValue"])!.Value,
            Freight = document.Number(head["freight"])!.Value,
            Discount = document.Number(head["discount"])!.Value,
            TaxTotal = document.Number(head["taxTotal"])!.Value,
            ActualPaid = document.Number(head["acturalPaid"])!.Value,
            Currency = document["currency"]!,
            PaymentCompanyCode = document.TextOrNull("payCode")?.ToUpperInvariant(),
            PaymentNo = document.TextOrNull("payTransactionId"),
            BuyerName = buyer,
            BuyerId = personal.Protect(document["buyerIdNumber"]!, PersonalKind.Id),
            Consignee = document["consignee"] == document["buyerName"] ? buyer : personal.Protect(document["consignee"]!, PersonalKind.Name),
            ConsigneeTelephone = telephone,
            ConsigneeAddress = personal.Protect(document["consigneeAddress"]!, PersonalKind.Address),
            Items = [.. document.Lines.Select(Describe)],
            BuyerTelephone = document["buyerTelephone"] == document["consigneeTelephone"]
                ? telephone
                : personal.Protect(document["buyerTelephone"]!, PersonalKind.Phone),
        };
    }

    public override void Publish(UnitOfWork unit, IReadOnlyList<OrderAccepted> accepted) =>
        unit.Publish(new OrdersAccepted(accepted));

    private static GoodsItem Describe(CebLine line)
    {
        var fields = line.Table;
        return new()
        {
            LineNo = (int)line.Number(fields["gnum"])!.Value,
            ItemNo = line.TextOrNull("itemNo"),
            ItemName = line["itemName"]!,
            Unit = line["unit"]!,
            Quantity = line.Number(fields["qty"])!.Value,
            Price = line.Number(fields["price"])!.Value,
            TotalPrice = line.Number(fields["totalPrice"])!.Value,
            Country = line["country"]!,
        };
    }
}
