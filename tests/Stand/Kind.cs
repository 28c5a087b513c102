using Sandan.Demo;

namespace Sandan.Stand;

/// <summary>The kinds of documents: those of imports, then those of exports.</summary>
public enum Kind
{
    /// <summary>CEB311.</summary>
    Order,

    /// <summary>CEB411.</summary>
    Payment,

    /// <summary>CEB511.</summary>
    Waybill,

    /// <summary>CEB621; of some consignments, and as JSON only, as all below.</summary>
    Inventory,

    /// <summary>CEB625.</summary>
    Return,

    /// <summary>CEB623.</summary>
    Cancellation,

    /// <summary>CEB303.</summary>
    ExportOrder,

    /// <summary>CEB403.</summary>
    ExportPayment,

    /// <summary>CEB505.</summary>
    ExportWaybill,

    /// <summary>CEB603.</summary>
    ExportInventory,

    /// <summary>CEB605.</summary>
    ExportCancellation,

    /// <summary>A part of a CEB509.</summary>
    Departure,
}

/// <summary>One sending of a document.</summary>
/// <param name="AppType">1 new, 2 change, 3 withdrawal.</param>
/// <param name="Minute">Of its appTime, after that of the first sending.</param>
/// <param name="Defect">What is wrong with it.</param>
/// <param name="IsAstray">It names an order number that no order has.</param>
internal readonly record struct Edition(char AppType, int Minute, Defect Defect, bool IsAstray = false)
{
    public static Edition First(Defect defect) => new('1', 0, defect);
}

/// <summary>What is wrong with a document of an export.</summary>
internal enum ExportDefect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An order for one piece less, or an inventory of one piece more.</summary>
    Quantity,

    /// <summary>An inventory of another mode than that of the order.</summary>
    Mode,

    /// <summary>An inventory of another seller.</summary>
    Seller,
}

/// <summary>One sending of a document of an export; as <see cref="Edition"/>.</summary>
internal readonly record struct ExportEdition(char AppType, int Minute, ExportDefect Defect)
{
    public static ExportEdition First(ExportDefect defect = ExportDefect.None) => new('1', 0, defect);
}

/// <summary>One sending of a part of a departure.</summary>
/// <param name="First">Number of the first export of the group, which names the departure.</param>
/// <param name="Part">msgSeqNo.</param>
/// <param name="Parts">msgCount, which may be wrong.</param>
/// <param name="Exports">Numbers of the exports whose parcels it lists.</param>
internal readonly record struct DepartureEdition(int First, char AppType, int Minute, int Part, int Parts, IReadOnlyList<int> Exports);
