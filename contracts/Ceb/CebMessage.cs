using System.Reflection;
using System.Text.Json;
using Sandan.Contracts.Codes;

namespace Sandan.Contracts.Ceb;

/// <summary>
/// One kind of message with its fields. The tables stand in <c>messages.json</c>. Source: CEB message specification
/// (2022-05); where its schemas and its text differ, the schemas hold, as the official samples and the live traffic do.
/// </summary>
public sealed class CebMessage
{
    /// <summary>Namespace of all messages.</summary>
    public const string Namespace = "http://www.chinaport.gov.cn/ceb";

    /// <summary>Most documents in one message, inclusive (schema, maxOccurs).</summary>
    public const int DocumentsMax = 100;

    /// <summary>Most lines of one document, inclusive (schema, maxOccurs).</summary>
    public const int LinesMax = 99;

    private static readonly Dictionary<string, CebMessage> Tables = Load();

    private CebMessage(string type, CebMessageRow row, Dictionary<string, CebMessage> earlier)
    {
        (Type, Zh, En, DocumentName, HeadName, LineName) = (type, row.Zh, row.En, row.Document, row.Head, row.Lines);
        RootName = type + "Message";
        Head = new CebFieldTable(row.Fields.Where(field => field.Parent != row.Lines));
        Lines = row.Lines is null ? null : new CebFieldTable(row.Fields.Where(field => field.Parent == row.Lines));
        LineMember = row.Lines is null ? null : char.ToLowerInvariant(row.Lines[0]) + row.Lines[1..];
        Receipt = row.Receipt is null ? null : earlier[row.Receipt];
    }

    /// <summary>CEB311 进口电子订单, the import order.</summary>
    public static CebMessage Order { get; } = Tables["CEB311"];

    /// <summary>CEB411 进口支付单, the import payment.</summary>
    public static CebMessage Payment { get; } = Tables["CEB411"];

    /// <summary>CEB511 进口物流运单, the import waybill.</summary>
    public static CebMessage Waybill { get; } = Tables["CEB511"];

    /// <summary>CEB513 进口运单状态, the delivery state of an import waybill.</summary>
    public static CebMessage WaybillStatus { get; } = Tables["CEB513"];

    /// <summary>CEB900 报文格式校验回执, the answer to a message that does not fit the schema.</summary>
    public static CebMessage FormatError { get; } = Tables["CEB900"];

    /// <summary>Every message of the tables, receipts included, by type.</summary>
    public static IReadOnlyCollection<CebMessage> All => Tables.Values;

    /// <summary>Type: <c>CEB311</c>.</summary>
    public string Type { get; }

    /// <summary>Name of the root element: <c>CEB311Message</c>.</summary>
    public string RootName { get; }

    /// <summary>Chinese name.</summary>
    public string Zh { get; }

    /// <summary>English name.</summary>
    public string En { get; }

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

    /// <summary>returnStatus of a document that breaks a rule: "parameter check failed" (specification §7).</summary>
    public string CheckFailedStatus => Type switch
    {
        "CEB411" => OfficialCodes.PaymentCheckFailed,
        "CEB511" => OfficialCodes.WaybillCheckFailed,
        "CEB513" => OfficialCodes.WaybillStatusCheckFailed,
        _ => OfficialCodes.OrderCheckFailed,
    };

    /// <summary>
    /// returnStatus of the CEB900 that answers a message that cannot be read (specification §7). Orders and payments
    /// have no number of their own for this and use that of the failed check.
    /// </summary>
    public string UnreadableStatus => Type switch
    {
        "CEB511" => OfficialCodes.WaybillUnreadable,
        "CEB513" => OfficialCodes.WaybillStatusUnreadable,
        _ => CheckFailedStatus,
    };

    /// <summary>returnStatus of the CEB900 for a message without a document (specification §7).</summary>
    public string EmptyStatus => Type switch
    {
        "CEB411" => OfficialCodes.PaymentEmptyMessage,
        "CEB511" => OfficialCodes.WaybillEmptyMessage,
        "CEB513" => OfficialCodes.WaybillStatusEmptyMessage,
        _ => OfficialCodes.OrderEmptyMessage,
    };

    /// <summary>returnStatus of the CEB900 for a message of more than 100 documents (specification §7).</summary>
    public string TooManyStatus => Type switch
    {
        "CEB411" => OfficialCodes.PaymentTooMany,
        "CEB511" => OfficialCodes.WaybillTooMany,
        "CEB513" => OfficialCodes.WaybillStatusTooManyInMessage,
        _ => OfficialCodes.OrderTooMany,
    };

    /// <inheritdoc/>
    public override string ToString() => Type;

    internal string Pointer(CebField field, int line) =>
        line < 0 ? $"/{field.Name}" : $"/{LineMember}/{line}/{field.Name}";

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
