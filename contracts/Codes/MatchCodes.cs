using Sandan.Contracts.Events;

namespace Sandan.Contracts.Codes;

/// <summary>Discrepancies for which customs has no number of its own, and the risk rules.</summary>
public static class MatchCodes
{
    public const string OrderDoesNotAddUp = "S4001";
    public const string CurrencyDiffers = "S4002";
    public const string PaymentNumberDiffers = "S4003";
    public const string PlatformNameDiffers = "S4004";
    public const string ConsigneeNameDiffers = "S4005";
    public const string ConsigneeTelephoneDiffers = "S4006";
    public const string ConsigneeAddressDiffers = "S4007";
    public const string LinesDoNotAddUp = "S4008";
    public const string OrderMissing = "S4101";
    public const string PaymentMissing = "S4102";
    public const string WaybillMissing = "S4103";
    public const string PlatformAmbiguous = "S4104";
    public const string AnotherIsCompared = "S4105";
    public const string InventoryBuyerIdDiffers = "S4201";
    public const string InventoryAddressDiffers = "S4202";
    public const string InventorySellerDiffers = "S4203";
    public const string InventoryWaybillDiffers = "S4204";
    public const string InventoryChargeDiffers = "S4205";
    public const string PaymentElsewhere = "S4301";
    public const string OrderNumberNearby = "S4302";
    public const string OtherPlatform = "S4303";
    public const string ExportSellerDiffers = "S4501";
    public const string ExportTypeDiffers = "S4502";
    public const string ExportLineDoesNotAddUp = "S4503";
    public const string ExportWaybillDiffers = "S4504";
    public const string ExportChargeDiffers = "S4505";
    public const string ExportOrderMissing = "S4506";
    public const string ExportWaybillMissing = "S4507";
    public const string ExportInventoryMissing = "S4508";
    public const string WaybillBeforeOrder = "R05";
    public const string PaymentReused = "R06";
    public const string WaybillReused = "R07";
    public const string NotDelivered = "R08";
    public const string TelephoneFanOut = "R09";
    public const string AddressFanOut = "R10";
    public const string SplitOrders = "R15";

    /// <summary>That an export inventory waits for its order, or for its waybill.</summary>
    public static string ExportMissing(DocumentKind awaited) => awaited == DocumentKind.Order ? ExportOrderMissing : ExportWaybillMissing;
}
