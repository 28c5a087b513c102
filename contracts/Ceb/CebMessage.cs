using System.Reflection;
using System.Text.Json;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>Import or export: they order the elements of their envelope differently.</summary>
public enum CebDirection
{
    /// <summary>Documents, BaseTransfer, BaseSubscribe, ExtendMessage, Signature.</summary>
    Import,

    /// <summary>Documents, BaseTransfer, BaseSubscribe, Signature, ExtendMessage.</summary>
    Export,
}

/// <summary>Whether a message must be signed.</summary>
public enum CebSignatureRule
{
    /// <summary>It has no signature: an answer.</summary>
    None,

    /// <summary>It may be signed.</summary>
    Optional,

    /// <summary>The text of the specification demands it, the schema does not.</summary>
    Text,

    /// <summary>The schema demands it.</summary>
    Schema,
}

/// <summary>The groups of negative numbers with which the e-port refuses (specification §7).</summary>
public enum CebNumbers
{
    /// <summary>-301xxx.</summary>
    Order,

    /// <summary>-401xxx.</summary>
    Payment,

    /// <summary>-504xxx.</summary>
    Waybill,

    /// <summary>-505xxx.</summary>
    WaybillStatus,

    /// <summary>-621xxx.</summary>
    Inventory,

    /// <summary>-623xxx.</summary>
    Cancellation,

    /// <summary>-625xxx.</summary>
    Return,

    /// <summary>-800xxx.</summary>
    Warehousing,
}

/// <summary>
/// One kind of message with its fields. The tables stand in <c>messages.json</c>. Source: CEB message specification
/// (2022-05); where its schemas and its text differ, the schemas hold, as the official samples and the live traffic do.
/// </summary>
public sealed class CebMessage
{
    /// <summary>Namespace of all messages.</summary>
    public const string Namespace = "http://www.chinaport.gov.cn/ceb";

    private static readonly Dictionary<string, CebMessage> Tables = Load();

    private CebMessage(string type, CebMessageRow row, Dictionary<string, CebMessage> earlier)
    {
        (Type, Zh, En, DocumentName, HeadName, LineName) = (type, row.Zh, row.En, row.Document, row.Head, row.Lines);
        (By, Direction, Signature, Numbers) = (row.By, row.Order, row.Signature, row.Numbers);
        RootName = type + "Message";
        Head = new CebFieldTable(row.Fields.Where(field => field.Parent != row.Lines));
        Lines = row.Lines is null ? null : new CebFieldTable(row.Fields.Where(field => field.Parent == row.Lines));
        LineMember = row.Lines is null ? null : char.ToLowerInvariant(row.Lines[0]) + row.Lines[1..];
        (LinesMin, LinesMax, DocumentsMax) = (row.LinesMin ?? 1, Bound(row.LinesMax ?? 99), Bound(row.DocumentsMax ?? 100));
        Receipt = row.Receipt is null ? null : earlier[row.Receipt];
        ModeField = row.Fields.Any(field => field.RequiredIn is not null) ? Head["tradeMode"] : null;
    }

    /// <summary>CEB311 进口电子订单, the import order.</summary>
    public static CebMessage Order { get; } = Tables["CEB311"];

    /// <summary>CEB411 进口支付单, the import payment.</summary>
    public static CebMessage Payment { get; } = Tables["CEB411"];

    /// <summary>CEB511 进口物流运单, the import waybill.</summary>
    public static CebMessage Waybill { get; } = Tables["CEB511"];

    /// <summary>CEB513 进口运单状态, the delivery state of an import waybill.</summary>
    public static CebMessage WaybillStatus { get; } = Tables["CEB513"];

    /// <summary>CEB621 进口清单, the import inventory.</summary>
    public static CebMessage Inventory { get; } = Tables["CEB621"];

    /// <summary>CEB623 进口撤销申请单, the request to cancel an import inventory.</summary>
    public static CebMessage Cancellation { get; } = Tables["CEB623"];

    /// <summary>CEB303 出口电子订单, the export order.</summary>
    public static CebMessage ExportOrder { get; } = Tables["CEB303"];

    /// <summary>CEB403 收款单, the receipt of payment of an export order.</summary>
    public static CebMessage ExportPayment { get; } = Tables["CEB403"];

    /// <summary>CEB505 出口物流运单, the export waybill.</summary>
    public static CebMessage ExportWaybill { get; } = Tables["CEB505"];

    /// <summary>CEB605 撤销申请单, the request to cancel an export inventory.</summary>
    public static CebMessage ExportCancellation { get; } = Tables["CEB605"];

    /// <summary>CEB507 运抵单, the arrival of parcels at the supervised site.</summary>
    public static CebMessage Arrival { get; } = Tables["CEB507"];

    /// <summary>CEB509 离境单, the departure of parcels.</summary>
    public static CebMessage Departure { get; } = Tables["CEB509"];

    /// <summary>CEB607 清单总分单, the master/house list of export inventories.</summary>
    public static CebMessage Manifest { get; } = Tables["CEB607"];

    /// <summary>CEB213 出口退货申请单, the request to return goods of an export inventory.</summary>
    public static CebMessage ExportReturn { get; } = Tables["CEB213"];

    /// <summary>CEB215 退货理货明细单, that goods of a return are back at the supervised site.</summary>
    public static CebMessage ReturnTally { get; } = Tables["CEB215"];

    /// <summary>CEB701 汇总申请单, the request to sum inventories up to customs declarations.</summary>
    public static CebMessage Summary { get; } = Tables["CEB701"];

    /// <summary>CEB792 汇总结果单, the declarations to which inventories were summed up.</summary>
    public static CebMessage SummaryResult { get; } = Tables["CEB792"];

    /// <summary>CEB603 出口清单, the export inventory.</summary>
    public static CebMessage ExportInventory { get; } = Tables["CEB603"];

    /// <summary>CEB625 进口退货申请单, the request to return goods of a released import inventory.</summary>
    public static CebMessage Return { get; } = Tables["CEB625"];

    /// <summary>CEB711 入库明细单, the parcels of a master bill that are in the supervised site.</summary>
    public static CebMessage Warehousing { get; } = Tables["CEB711"];

    /// <summary>CEB816 电子税单, the tax bill of a released inventory.</summary>
    public static CebMessage TaxBill { get; } = Tables["CEB816"];

    /// <summary>CEB818 电子税单数据状态, what became of a tax bill.</summary>
    public static CebMessage TaxBillStatus { get; } = Tables["CEB818"];

    /// <summary>CEB900 报文格式校验回执, the answer to a message that does not fit the schema.</summary>
    public static CebMessage FormatError { get; } = Tables["CEB900"];

    /// <summary>Every message of the standard, receipts included, by type.</summary>
    public static IReadOnlyList<CebMessage> All { get; } = [.. Tables.Values.OrderBy(message => message.Type, StringComparer.Ordinal)];

    /// <summary>Type: <c>CEB311</c>.</summary>
    public string Type { get; }

    /// <summary>Name of the root element: <c>CEB311Message</c>.</summary>
    public string RootName { get; }

    /// <summary>Chinese name.</summary>
    public string Zh { get; }

    /// <summary>English name.</summary>
    public string En { get; }

    /// <summary>Who sends it, in English.</summary>
    public string By { get; }

    /// <summary>Order of the elements of its envelope; null where it has none: receipts, and what customs send by themselves.</summary>
    public CebDirection? Direction { get; }

    /// <summary>Whether it must be signed.</summary>
    public CebSignatureRule Signature { get; }

    /// <summary>
    /// The numbers with which it is refused; null for an answer. The specification has none of export's own: those of its
    /// counterpart in import are used, and of the inventory where there is none [proposed].
    /// </summary>
    public CebNumbers? Numbers { get; }

    /// <summary>Most documents in one message, inclusive (schema, maxOccurs); <see cref="int.MaxValue"/> where there is no bound.</summary>
    public int DocumentsMax { get; }

    /// <summary>Least lines of one document (schema, minOccurs).</summary>
    public int LinesMin { get; }

    /// <summary>Most lines of one document, inclusive (schema, maxOccurs); <see cref="int.MaxValue"/> where there is no bound.</summary>
    public int LinesMax { get; }

    /// <summary>Element that holds one document: <c>Order</c>.</summary>
    public string DocumentName { get; }

    /// <summary>
    /// Element that holds the head: <c>OrderHead</c>; null where the fields stand in the document itself (CEB513,
    /// receipts).
    /// </summary>
    public string? HeadName { get; }

    /// <summary>Element that holds one line: <c>OrderList</c>; null where the document has no lines.</summary>
    public string? LineName { get; }

    /// <summary>
    /// Member that holds the lines in JSON and in pointers: <c>orderList</c>; null where there are none.
    /// </summary>
    public string? LineMember { get; }

    /// <summary>Fields of the head.</summary>
    public CebFieldTable Head { get; }

    /// <summary>Fields of a line; null where the document has no lines.</summary>
    public CebFieldTable? Lines { get; }

    /// <summary>The message that answers this one; null for an answer.</summary>
    public CebMessage? Receipt { get; }

    /// <summary>The supervision mode, where other fields are mandatory in some of them; else null.</summary>
    internal CebField? ModeField { get; }

    /// <summary>returnStatus of a document that breaks a rule: "parameter check failed" (specification §7).</summary>
    public string CheckFailedStatus => Numbers switch
    {
        CebNumbers.Payment => OfficialCodes.PaymentCheckFailed,
        CebNumbers.Waybill => OfficialCodes.WaybillCheckFailed,
        CebNumbers.WaybillStatus => OfficialCodes.WaybillStatusCheckFailed,
        CebNumbers.Inventory => OfficialCodes.InventoryCheckFailed,
        CebNumbers.Cancellation => OfficialCodes.CancellationCheckFailed,
        CebNumbers.Return => OfficialCodes.ReturnCheckFailed,
        CebNumbers.Warehousing => OfficialCodes.WarehousingCheckFailed,
        _ => OfficialCodes.OrderCheckFailed,
    };

    /// <summary>
    /// returnStatus of the CEB900 that answers a message that cannot be read (specification §7). Most have no number of
    /// their own for this and use that of the failed check.
    /// </summary>
    public string UnreadableStatus => Numbers switch
    {
        CebNumbers.Waybill => OfficialCodes.WaybillUnreadable,
        CebNumbers.WaybillStatus => OfficialCodes.WaybillStatusUnreadable,
        CebNumbers.Warehousing => OfficialCodes.WarehousingUnreadable,
        _ => CheckFailedStatus,
    };

    /// <summary>returnStatus of the CEB900 for a message without a document (specification §7).</summary>
    public string EmptyStatus => Numbers switch
    {
        CebNumbers.Payment => OfficialCodes.PaymentEmptyMessage,
        CebNumbers.Waybill => OfficialCodes.WaybillEmptyMessage,
        CebNumbers.WaybillStatus => OfficialCodes.WaybillStatusEmptyMessage,
        CebNumbers.Inventory => OfficialCodes.InventoryBadRequest,
        CebNumbers.Cancellation => OfficialCodes.CancellationEmptyMessage,
        CebNumbers.Return => OfficialCodes.ReturnEmptyMessage,
        CebNumbers.Warehousing => OfficialCodes.WarehousingCheckFailed,
        _ => OfficialCodes.OrderEmptyMessage,
    };

    /// <summary>returnStatus of the CEB900 for a message of too many documents (specification §7); a return has no number of its own.</summary>
    public string TooManyStatus => Numbers switch
    {
        CebNumbers.Payment => OfficialCodes.PaymentTooMany,
        CebNumbers.Waybill => OfficialCodes.WaybillTooMany,
        CebNumbers.WaybillStatus => OfficialCodes.WaybillStatusTooManyInMessage,
        CebNumbers.Inventory => OfficialCodes.InventoryTooMany,
        CebNumbers.Cancellation => OfficialCodes.CancellationTooMany,
        CebNumbers.Return => OfficialCodes.ReturnCheckFailed,
        CebNumbers.Warehousing => OfficialCodes.WarehousingTooMany,
        _ => OfficialCodes.OrderTooMany,
    };

    /// <summary>returnStatus of a document without lines (specification §7).</summary>
    public string NoLinesStatus => Numbers switch
    {
        CebNumbers.Order => OfficialCodes.OrderNoLines,
        CebNumbers.Inventory => OfficialCodes.InventoryNoLines,
        CebNumbers.Return => OfficialCodes.ReturnNoLines,
        CebNumbers.Warehousing => OfficialCodes.WarehousingNoLines,
        _ => CheckFailedStatus,
    };

    /// <summary>returnStatus of a document that has a gnum twice (specification §7); most have no number of their own for it.</summary>
    public string RepeatedLineStatus => Numbers switch
    {
        CebNumbers.Order => OfficialCodes.OrderRepeatedLine,
        CebNumbers.Inventory => OfficialCodes.InventoryRepeatedLine,
        _ => CheckFailedStatus,
    };

    /// <summary>
    /// returnStatus of a document whose message is not signed as it must be (specification §7); payments, waybills and warehousing have
    /// no number of their own.
    /// </summary>
    public string SignatureFailedStatus => Numbers switch
    {
        CebNumbers.Order => OfficialCodes.OrderSignatureFailed,
        CebNumbers.Inventory => OfficialCodes.InventorySignatureFailed,
        CebNumbers.Cancellation => OfficialCodes.CancellationSignatureFailed,
        CebNumbers.Return => OfficialCodes.ReturnSignatureFailed,
        _ => CheckFailedStatus,
    };

    /// <inheritdoc/>
    public override string ToString() => Type;

    private static int Bound(int most) => most == 0 ? int.MaxValue : most;

    internal string Pointer(CebField field, int line) => Pointer(field.Name, line);

    internal string Pointer(string name, int line) => line < 0 ? $"/{name}" : $"/{LineMember}/{line}/{name}";

    private static Dictionary<string, CebMessage> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var resource = assembly.GetManifestResourceNames()
            .Single(name => name.EndsWith(".Ceb.messages.json", StringComparison.Ordinal));
        using var file = assembly.GetManifestResourceStream(resource)!;
        var rows = JsonSerializer.Deserialize(file, CebTablesContext.Default.DictionaryStringCebMessageRow)!;
        var tables = new Dictionary<string, CebMessage>();
        foreach (var (type, row) in rows.OrderBy(pair => pair.Value.Receipt is not null))   // answers first
        {
            tables.Add(type, new CebMessage(type, row, tables));
        }

        return tables;
    }
}
