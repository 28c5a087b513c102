using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>Order and waybill go to the same person at the same place.</summary>
/// <remarks>Source: CEB specification §3.1: 必须与电子运单的…一致, for name, telephone and address.</remarks>
internal static class ConsigneeRules
{
    /// <summary>consignee.</summary>
    public static Finding? Name(ThreeDocuments documents, decimal tolerance) => Compare(
        MatchCodes.ConsigneeNameDiffers, "consignee", documents.Order.Consignee, documents.Waybill.Consignee);

    /// <summary>consigneeTelephone.</summary>
    public static Finding? Telephone(ThreeDocuments documents, decimal tolerance) => Compare(
        MatchCodes.ConsigneeTelephoneDiffers,
        "consigneeTelephone",
        documents.Order.ConsigneeTelephone,
        documents.Waybill.ConsigneeTelephone);

    /// <summary>consigneeAddress.</summary>
    public static Finding? Address(ThreeDocuments documents, decimal tolerance) => Compare(
        MatchCodes.ConsigneeAddressDiffers,
        "consigneeAddress",
        documents.Order.ConsigneeAddress,
        documents.Waybill.ConsigneeAddress);

    /// <summary>All three agree: what decides between orders of the same number on several platforms.</summary>
    public static bool Agree(OrderAccepted order, WaybillAccepted waybill) =>
        order.Consignee.Index == waybill.Consignee.Index
        && order.ConsigneeTelephone.Index == waybill.ConsigneeTelephone.Index
        && order.ConsigneeAddress.Index == waybill.ConsigneeAddress.Index;

    private static Finding? Compare(string code, string field, Personal ordered, Personal shipped) =>
        ordered.Index == shipped.Index
            ? null
            : new(
                code,
                [new(DocumentKind.Order, field, ordered.Mask), new(DocumentKind.Waybill, field, shipped.Mask)],
                DocumentKind.Waybill);
}
