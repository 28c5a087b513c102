namespace Sandan.Demo;

/// <summary>What is wrong with a consignment, and what Sandan must therefore say of it.</summary>
/// <param name="Name">Of the defect.</param>
/// <param name="State">State of the comparison that is expected.</param>
/// <param name="Status">returnStatus that is expected; null where customs decides nothing.</param>
/// <param name="Code">Code that must be said; null where nothing is wrong.</param>
internal sealed record Defect(string Name, string State, int? Status, string? Code)
{
    public static readonly Defect None = new("none", "Matched", 800, null);

    // The comparison of the three documents. A wrong currency cannot get this far: intake refuses it.
    public static readonly Defect PaidAmount = new("paid amount differs", "Mismatched", 100, "1332");
    public static readonly Defect BuyerIsNotPayer = new("somebody else paid", "Mismatched", 100, "1327");
    public static readonly Defect PaymentCompany = new("payment company differs", "Mismatched", 100, "13035");
    public static readonly Defect PaymentNumber = new("payment number differs", "Mismatched", 100, "S4003");
    public static readonly Defect PlatformName = new("platform name differs", "Mismatched", 100, "S4004");
    public static readonly Defect ConsigneeName = new("consignee differs", "Mismatched", 100, "S4005");
    public static readonly Defect ConsigneeTelephone = new("telephone differs", "Mismatched", 100, "S4006");
    public static readonly Defect ConsigneeAddress = new("address differs", "Mismatched", 100, "S4007");
    public static readonly Defect OrderDoesNotAddUp = new("order does not add up", "Matched", 800, "S4001");
    public static readonly Defect LinesDoNotAddUp = new("lines do not add up", "Matched", 800, "S4008");

    // A document that never comes, or cannot be placed.
    public static readonly Defect NoOrder = new("no order", "Waiting", null, "S4101");
    public static readonly Defect NoPayment = new("no payment", "Waiting", null, "S4102");
    public static readonly Defect NoWaybill = new("no waybill", "Waiting", null, "S4103");
    public static readonly Defect Ambiguous = new("one number on two platforms", "Ambiguous", null, "S4104");

    // Risks.
    public static readonly Defect WaybillBeforeOrder = new("waybill older than its order", "Matched", 300, "R05");
    public static readonly Defect PaymentReused = new("payment number used again", "Matched", 100, "R06");
    public static readonly Defect WaybillReused = new("waybill number used again", "Matched", 100, "R07");
    public static readonly Defect TelephoneFanOut = new("ten buyers on one telephone", "Matched", 300, "R09");
    public static readonly Defect AddressFanOut = new("twenty names at one address", "Matched", 300, "R10");
    public static readonly Defect SplitOrders = new("one purchase split in two", "Matched", 300, "R15");

    // Tax.
    public static readonly Defect NotFiled = new("goods not filed", "Matched", 300, "S5002");
    public static readonly Defect NotListed = new("not on the positive list", "Matched", 100, "S5003");
    public static readonly Defect OverSingleLimit = new("over the single limit", "Matched", 100, "-621005");

    /// <summary>Every defect, in the order in which a day deals them out.</summary>
    public static readonly IReadOnlyList<Defect> All =
    [
        PaidAmount, BuyerIsNotPayer, PaymentCompany, PaymentNumber, PlatformName, ConsigneeName, ConsigneeTelephone,
        ConsigneeAddress, OrderDoesNotAddUp, LinesDoNotAddUp, NoOrder, NoPayment, NoWaybill, Ambiguous, WaybillBeforeOrder,
        PaymentReused, WaybillReused, SplitOrders, NotFiled, NotListed, OverSingleLimit, TelephoneFanOut, AddressFanOut,
    ];
}
