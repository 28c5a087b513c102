using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;
using static Sandan.Gateway.OpenApi.Json;

namespace Sandan.Gateway.OpenApi;

/// <summary>The schemas that several routes use. Amounts are in CNY.</summary>
internal static class Schemas
{
    private const string CompanyCodePattern = "^([0-9A-Z]{10}|[0-9A-Z]{18})$";

    /// <summary>All of them by name.</summary>
    public static JsonObject All() => new()
    {
        ["Order"] = DocumentSchemas.Of(CebMessage.Order),
        ["Payment"] = DocumentSchemas.Of(CebMessage.Payment),
        ["Waybill"] = DocumentSchemas.Of(CebMessage.Waybill),
        ["WaybillStatus"] = DocumentSchemas.Of(CebMessage.WaybillStatus),
        ["Inventory"] = DocumentSchemas.Of(CebMessage.Inventory),
        ["Cancellation"] = DocumentSchemas.Of(CebMessage.Cancellation),
        ["ExportOrder"] = DocumentSchemas.Of(CebMessage.ExportOrder),
        ["ExportPayment"] = DocumentSchemas.Of(CebMessage.ExportPayment),
        ["ExportWaybill"] = DocumentSchemas.Of(CebMessage.ExportWaybill),
        ["ExportInventory"] = DocumentSchemas.Of(CebMessage.ExportInventory),
        ["ExportCancellation"] = DocumentSchemas.Of(CebMessage.ExportCancellation),
        ["Manifest"] = DocumentSchemas.Of(CebMessage.Manifest),
        ["Arrival"] = DocumentSchemas.Of(CebMessage.Arrival),
        ["Departure"] = DocumentSchemas.Of(CebMessage.Departure),
        ["Warehousing"] = DocumentSchemas.Of(CebMessage.Warehousing),
        ["ExportInventoryState"] = DeclarationSchemas.ExportInventoryState(),
        ["ExportReturn"] = DocumentSchemas.Of(CebMessage.ExportReturn),
        ["ExportReturnTally"] = DocumentSchemas.Of(CebMessage.ReturnTally),
        ["ExportReturnState"] = DeclarationSchemas.ExportReturnState(),
        ["Summary"] = DocumentSchemas.Of(CebMessage.Summary),
        ["SummaryResult"] = DocumentSchemas.Of(CebMessage.SummaryResult),
        ["SummaryState"] = DeclarationSchemas.SummaryState(),
        ["Return"] = DocumentSchemas.Of(CebMessage.Return),
        ["ReturnState"] = DeclarationSchemas.ReturnState(),
        ["TaxBill"] = DocumentSchemas.Of(CebMessage.TaxBill),
        ["TaxBillStatus"] = DocumentSchemas.Of(CebMessage.TaxBillStatus),
        ["InventoryState"] = DeclarationSchemas.InventoryState(),
        ["CheckRequest"] = CheckSchemas.Request(),
        ["CheckedDocument"] = CheckSchemas.Document(),
        ["CheckResult"] = CheckSchemas.Result(),
        ["ReconciliationList"] = ReconciliationList(),
        ["Reconciliation"] = Reconciliation(),
        ["Receipts"] = Receipts(),
        ["Problem"] = Problem(),
        ["Error"] = Error(),
        ["LintResult"] = LintResult(),
        ["SignatureDiagnosis"] = SignatureDiagnosis(),
        ["Text"] = Object("A text in both languages.", ("zh", Type("string")), ("en", Type("string"))).Required("zh", "en"),
        ["Receipt"] = Object(
            "One document is stored.",
            ("outcome", Type("string", null, "created", "changed", "deleted", "drafted", "exists")),
            ("id", Type("string", "Id of this version of the document (UUID).")),
            ("version", Type("integer", "Counts the versions, from 1.")),
            ("preNo", Type("string", "The e-port's number of a declaration.")),
            ("warnings", List(Schema("Error"), "What is wrong and was stored all the same; absent where there is none.")),
            ("traceId", Type("string", "Trace of the request."))).Required("outcome"),
        ["DocumentResult"] = Object(
            "What became of one document of many.",
            ("index", Type("integer", "Place in the request, from 0.")),
            ("outcome", Type("string", null, "created", "changed", "deleted", "drafted", "exists", "stale", "conflict", "rejected")),
            ("id", Type("string", "Id of this version of the document (UUID).")),
            ("version", Type("integer", "Counts the versions, from 1.")),
            ("preNo", Type("string", "The e-port's number of a declaration.")),
            ("errors", List(Schema("Error"))),
            ("warnings", List(Schema("Error"), "What is wrong and was stored all the same; absent where there is none.")))
            .Required("index", "outcome", "errors"),
        ["ItemResult"] = Object(
            "What became of one item of many.",
            ("index", Type("integer", "Place in the request, from 0.")),
            ("outcome", Type("string", "replaced: a later item of the request has the same key.", "created", "changed", "unchanged", "replaced", "refused")),
            ("code", Type("string", "Company code, of companies.")),
            ("ebcCode", Type("string", "Seller, of goods.")),
            ("itemNo", Type("string", "Article, of goods.")),
            ("errors", List(Schema("Error")))).Required("index", "outcome", "errors"),
        ["NewCompany"] = RegistrySchemas.NewCompany(),
        ["Company"] = RegistrySchemas.Company(),
        ["NewKey"] = RegistrySchemas.NewKey(),
        ["ShownKey"] = RegistrySchemas.ShownKey(),
        ["Key"] = RegistrySchemas.Key(),
        ["NewCertificate"] = RegistrySchemas.NewCertificate(),
        ["RegisteredCertificate"] = RegistrySchemas.RegisteredCertificate(),
        ["Certificate"] = RegistrySchemas.Certificate(),
        ["NewGoods"] = RegistrySchemas.NewGoods(),
        ["Goods"] = RegistrySchemas.Goods(),
        ["Code"] = Object(
            "A code. With lang the texts are strings, without it they are in both languages.",
            ("code", Type("string")),
            ("text", TextInOneOrBoth("What happened.")),
            ("cause", TextInOneOrBoth("Why it usually happens.")),
            ("fix", TextInOneOrBoth("What to do.")),
            ("official", Type("boolean", "True where the number is that of customs or of the e-port."))),
        ["Consignment"] = Object(
            "The joined order, payment and waybill. A list has the members up to revision only.",
            ("ebpCode", CompanyCode("Platform.")),
            ("orderNo", Type("string")),
            ("direction", Type("string", null, "Import", "Export")),
            ("tradeMode", Type("integer", "Supervision mode.")),
            ("state", Type("string", null, "Waiting", "Matched", "Mismatched", "Ambiguous")),
            ("revision", Type("integer", "Counts the verdicts, from 1.")),
            ("rulesVersion", Type("string", "Rules by which it was judged.")),
            ("missing", List(Schema("Missing"), "Documents that are not there, since when, and what to do.")),
            ("nearMisses", List(Schema("NearMiss"), "Documents elsewhere that are probably those that are waited for.")),
            ("discrepancies", List(Schema("Discrepancy"), "What does not agree, whose turn it is and what to send.")),
            ("risks", List(Schema("Risk"), "A party reads only what holds or blocks, without numbers and evidence.")),
            ("documents", Type("object", "The versions that were compared.")),
            ("tax", Schema("Tax")),
            ("clearance", Schema("Clearance")),
            ("unavailable", List(Type("string"), "Services that did not answer just now: their part is missing here, not in fact.")),
            ("history", List(Schema("HistoryEntry"), "What happened, oldest first."))),
        ["Missing"] = Object(
            "A document that is not there.",
            ("document", Type("string", null, "Order", "Payment", "Waybill")),
            ("code", Type("string", "See /v1/codes.")),
            ("since", Time("Since when it is waited for.")),
            ("overdue", Type("boolean", "True where it was told that it comes too late.")),
            ("text", Schema("Text")),
            ("fix", Schema("Text"))),
        ["NearMiss"] = Object(
            "A document elsewhere that is probably the one that is waited for.",
            ("document", Type("string", null, "Order", "Payment", "Waybill")),
            ("code", Type("string", "How it misses: S4301 payment number under another order, S4302 an order number one slip away, S4303 another platform.")),
            ("ebpCode", Type("string", "Platform that it names.")),
            ("orderNo", Type("string")),
            ("company", Type("string", "Who sent it.")),
            ("number", Type("string")),
            ("text", Schema("Text")),
            ("fix", Schema("Text"))),
        ["Discrepancy"] = Object(
            "Where documents that must agree do not.",
            ("rule", Type("string", "Name of the rule that found it.")),
            ("code", Type("string", "See /v1/codes; the official number where customs has one.")),
            ("severity", Type("string", null, "Warning", "Mismatch")),
            ("fields", List(Object(
                "One side of the comparison.",
                ("document", Type("string", null, "Order", "Payment", "Waybill", "Inventory")),
                ("field", Type("string", "The official element.")),
                ("value", Type("string", "What it says; masked where personal."))))),
            ("difference", Type("number", "Second amount less the first, where amounts were compared.")),
            ("tolerance", Type("number", "The difference that would have been allowed.")),
            ("turn", Type("string", "Whose document is to be sent again.", "Order", "Payment", "Waybill", "Inventory")),
            ("send", Type("string", "The message to send.")),
            ("explanation", Schema("Text"))),
        ["Risk"] = Object(
            "A pattern that a risk rule saw.",
            ("rule", Type("string", "R05 to R15, see /v1/codes.")),
            ("severity", Type("string", null, "Watch", "Hold", "Block")),
            ("observed", Type("number", "What was counted or measured; customs and operator only.")),
            ("limit", Type("number", "From what value on the rule fires; customs and operator only.")),
            ("evidence", List(Type("string"), "Customs and operator only.")),
            ("text", Schema("Text"))),
        ["HistoryEntry"] = Object(
            "Something that happened.",
            ("at", Time("When.")),
            ("what", Type("string", null, "received", "judged", "signed for", "decided")),
            ("document", Type("string", null, "Order", "Payment", "Waybill")),
            ("version", Type("integer", "Of the document.")),
            ("revision", Type("integer", "Of the verdict.")),
            ("state", Type("string", null, "Waiting", "Matched", "Mismatched", "Ambiguous")),
            ("codes", List(Type("string"))),
            ("status", Type("string", "returnStatus of the decision."))),
        ["Tax"] = Object(
            "The latest assessment of a consignment. Amounts are in CNY, to the fen.",
            ("ebpCode", CompanyCode("Platform.")),
            ("orderNo", Type("string")),
            ("revision", Type("integer", "Revision of the verdict that was assessed.")),
            ("attempt", Type("integer", "Counts the assessments of that revision, from 1.")),
            ("route", Type("string", null, "Preferential", "FullRate", "GeneralTrade", "Reject", "Held")),
            ("dutiableValue", Type("number")),
            ("tariff", Type("number")),
            ("vat", Type("number")),
            ("consumptionTax", Type("number")),
            ("total", Type("number")),
            ("currency", Type("string", "Always 142, CNY.")),
            ("lines", List(Type("object"))),
            ("reasons", List(Type("object"), "What decided the route; empty where tax is due.")),
            ("notes", List(Type("object"), "What a reader should know beside.")),
            ("positiveList", Type("string", "First day of the list used.")),
            ("cancelled", Type("boolean", "Superseded or rejected.")),
            ("released", Type("boolean", "Customs released the goods: the assessment stays.")),
            ("givenBack", Type("number", "Of the buyer's annual limit, for goods that came back.")),
            ("assessedAt", Time("When."))),
        ["Clearance"] = Object(
            "Where a consignment stands with customs.",
            ("ebpCode", CompanyCode("Platform.")),
            ("orderNo", Type("string")),
            ("revision", Type("integer", "Revision of the newest verdict.")),
            ("state", Type("string", null, "Waiting", "Matched", "Mismatched", "Ambiguous")),
            ("returnStatus", Type("integer", "Official number: 100, 120, 300, 500, 800 …")),
            ("code", Type("string", "Why; see /v1/codes.")),
            ("text", Schema("Text")),
            ("fix", Schema("Text")),
            ("decidedAt", Time("Last decision.")),
            ("history", List(Type("object"), "All decisions, oldest first; only where one is asked for."))),
        ["ClearanceAction"] = Object(
            "What an officer orders, and why.",
            ("action", Type("string", null, "release", "hold", "inspect", "reject")),
            ("reason", With(Type("string"), "maxLength", 500))).Required("action", "reason"),
        ["ReturnAction"] = Object(
            "What an officer orders of a return that is held, and why.",
            ("action", Type("string", null, "release", "reject")),
            ("reason", With(Type("string"), "maxLength", 500))).Required("action", "reason"),
        ["CloudEvent"] = Object(
            "CloudEvents 1.0, JSON format.",
            ("specversion", Type("string")),
            ("id", Type("string")),
            ("source", Type("string", "/zones/{zone}/customs")),
            ("type", Type("string", "cn.sandan.clearance.released.v1 …")),
            ("subject", Type("string", "{ebpCode}/{orderNo}; of a summary {agentCode}/{copNo}")),
            ("time", Time("When it happened.")),
            ("data", Type("object"))).Required("specversion", "id", "source", "type"),
        ["Credit"] = Object(
            "A company's score and why.",
            ("code", CompanyCode("Company.")),
            ("score", Type("number")),
            ("band", Type("string")),
            ("deductions", List(Type("object"), "What made the score.")),
            ("events", List(Type("object"), "What went wrong, newest first.")),
            ("next", Type("string", "Cursor to older events."))),
        ["RevealOrder"] = Reveal(CebMessage.Order, "ebpCode", "orderNo"),
        ["RevealPayment"] = Reveal(CebMessage.Payment, "payCode", "payTransactionId"),
        ["RevealInventory"] = Reveal(CebMessage.Inventory, "ebcCode", "orderNo"),
        ["RevealCancellation"] = Reveal(CebMessage.Cancellation, "agentCode", "invtNo", "copNo"),
        ["RevealReturn"] = Reveal(CebMessage.Return, "agentCode", "invtNo", "copNo"),
        ["RevealWaybill"] = Reveal(CebMessage.Waybill, "logisticsCode", "logisticsNo"),
        ["Revealed"] = Object(
            "Personal values of a document, in clear.",
            ("id", Type("string", "Of the version (UUID).")),
            ("version", Type("integer", "From 1.")),
            ("receivedAt", Time("When it came.")),
            ("audit", Type("integer", "Number of the entry in the service's audit trail.")),
            ("personal", List(Object(
                "A value.",
                ("pointer", Type("string", "JSON Pointer (RFC 6901) into the document.")),
                ("kind", Type("string", null, "name", "id", "phone", "address", "account", "note")),
                ("value", Type("string")))))),
        ["AuditEntry"] = Object(
            "Who did what. The entries of a service are a chain: each hash is made of the one before and of the entry.",
            ("number", Type("integer", "From 1, without a gap.")),
            ("at", Time("When.")),
            ("client", Type("string", "Id of the key; sandan where the service acted by itself.")),
            ("company", Type("string")),
            ("role", Type("string")),
            ("action", Type("string", "reveal, shred, register, createKey, revokeKey, createAddress, inquire, release, hold, inspect, reject")),
            ("subject", Type("string", "To what.")),
            ("reason", Type("string", "As given; absent where none is asked for.")),
            ("trace", Type("string", "Trace of the request.")),
            ("hash", Type("string", "HMAC-SHA256, hexadecimal."))),
        ["Statistics"] = Object(
            "What went through this platform; preliminary.",
            ("from", Time("Inclusive.")),
            ("to", Time("Exclusive.")),
            ("by", Type("string")),
            ("rows", List(Type("object"))),
            ("total", Type("object")),
            ("states", Type("object"))),
    };

    /// <summary>A page of a list.</summary>
    public static JsonObject Page(string schema) => Object(
        "One page.",
        ("data", List(Schema(schema))),
        ("next", Type("string", "Give it as after for the following page.")),
        ("hasMore", Type("boolean", "False on the last page. Where it is absent, a page without next is the last.")));

    private static JsonObject Reveal(CebMessage message, params string[] number) => Object(
        $"Whose personal data, and why: {message.Zh} {message.En}.",
        [
            .. number.Select(name => (name, Type("string", message.Head[name].En))),
            ("version", With(Type("integer", "The last one where it is absent."), "minimum", 1)),
            ("reason", Sized(Type("string", "Kept in the audit trail."), 1, 500)),
        ]).Required([.. number, "reason"]);

    private static JsonObject ReconciliationList() => new()
    {
        ["type"] = "array",
        ["maxItems"] = 100_000,
        ["description"] = "What the sender has.",
        ["items"] = new JsonObject
        {
            ["oneOf"] = new JsonArray(
                Type("string", "The number of a document of the caller's: orderNo, payTransactionId, logisticsNo."),
                Object(
                    "The fields that make the number (the company may be left out where it is the caller's), or their hash.",
                    ("sha256", With(Type("string", "SHA-256 of the fields joined by |, hexadecimal."), "pattern", "^[0-9A-Fa-f]{64}$")),
                    ("appTime", With(Type("string", "Of the version that the sender believes to be the last one."), "pattern", "^[0-9]{14}$")))),
        },
    };

    private static JsonObject Reconciliation() => Object(
        "How a list compares with what is stored.",
        ("type", Type("string", "CEB311 …")),
        ("asked", Type("integer", "Numbers in the list.")),
        ("found", Type("integer", "How many of them are stored, whenever they came.")),
        ("missing", List(Type("object"), "In the list and not stored: send them again.")),
        ("different", List(Type("object"), "Stored, but withdrawn, a draft, or with another appTime; with id, version and appTime of what is stored.")),
        ("extra", List(Type("object"), "Stored in that time and not in the list; at most 100,000.")),
        ("extraNotShown", Type("integer", "How many more of these there are."))).Required("type", "asked", "found", "missing", "different", "extra", "extraNotShown");

    private static JsonObject Receipts() => Object(
        "Every receipt of one version of a document, the oldest first. What was told once comes again as it was.",
        ("id", Type("string", "Of the version (UUID).")),
        ("type", Type("string", "CEB311 …")),
        ("version", Type("integer", "From 1.")),
        ("receivedAt", Time("When it came.")),
        ("receipts", List(Receipt()))).Required("id", "type", "version", "receivedAt", "receipts");

    private static JsonObject LintResult() => Object(
        "What a linter says of a message.",
        ("errors", Type("integer", "How many findings the official system would refuse.")),
        ("warnings", Type("integer")),
        ("findings", List(Object(
            "One thing wrong.",
            ("line", Type("integer", "From 1, in the message inside where it came in an envelope; 0: the message as a whole.")),
            ("column", Type("integer")),
            ("severity", Type("string", null, "error", "warning")),
            ("code", Type("string", "See /v1/codes.")),
            ("where", Type("string", "Order[2]/orderList/0/qty")),
            ("text", Type("string")),
            ("rule", Type("string", "The rule, and the paper in which it stands.")),
            ("fix", Type("string"))).Required("line", "column", "severity", "code", "where", "text", "rule", "fix")))).Required("errors", "warnings", "findings");

    private static JsonObject SignatureDiagnosis() => Object(
        "What a doctor finds in the signature of a message. Whether the sender's certificate is registered is not looked at.",
        ("fault", Type("string", null, "none", "missing", "malformed", "notWhole", "methodNotAllowed", "digestDiffers", "notTrusted")),
        ("text", Type("string")),
        ("signatureMethod", Type("string", "As it stands there.")),
        ("digestMethod", Type("string", "As it stands there.")),
        ("allowed", Type("object", "The methods that are taken.")),
        ("keyName", Type("string")),
        ("digestExpected", Type("string", "Base64 of the digest of canonical by the method named.")),
        ("digestFound", Type("string", "DigestValue.")),
        ("signedAs", Type("string", "In which other form the message was signed, where that could be found out.")),
        ("firstDifference", Object(
            "Where the right form and the signed one part.",
            ("offset", Type("integer")), ("right", Type("string")), ("signed", Type("string")))),
        ("fitsCertificate", Type("boolean", "It was made with the key of the certificate in KeyInfo, which proves nothing of the sender.")),
        ("canonical", Type("string", "The bytes to be signed, as text.")),
        ("canonicalSignedInfo", Type("string", "The bytes over which the signature is, as text."))).Required("fault", "text", "allowed", "canonical", "canonicalSignedInfo");

    internal static JsonObject Receipt() => Object(
        "A receipt.",
        ("returnStatus", Type("string", "Official number: 2, 120, 300, 800, 100 …")),
        ("returnTime", Time("When.")),
        ("returnInfo", Type("string", "As customs write it, in Chinese: [Code:1332;Desc:…],[OrderHead.acturalPaid:…]")),
        ("preNo", Type("string", "The e-port's number of a declaration.")),
        ("customsNo", Type("string", "The number that customs gave: invtNo."))).Required("returnStatus", "returnTime", "returnInfo");

    private static JsonObject Problem() => Object(
        "RFC 9457 problem details. Every error comes as one.",
        ("type", Type("string", "urn:sandan:code:{code}")),
        ("title", Type("string", "What happened, in the language of Accept-Language.")),
        ("status", Type("integer")),
        ("code", Type("string", "See /v1/codes.")),
        ("detail", Type("string", "Why it usually happens.")),
        ("fix", Type("string", "What to do.")),
        ("errors", List(Schema("Error"))),
        ("traceId", Type("string", "Name it when you ask the operator."))).Required("type", "title", "status", "code", "detail", "fix");

    private static JsonObject Error() => Object(
        "One thing wrong.",
        ("pointer", Type("string", "JSON Pointer (RFC 6901) into the document.")),
        ("code", Type("string", "See /v1/codes.")),
        ("text", Type("string")),
        ("expected", Type("string")),
        ("actual", Type("string", "Masked where it is personal.")),
        ("fix", Type("string"))).Required("pointer", "code", "text", "fix");

    internal static JsonObject CompanyCode(string description) => With(Type("string", description), "pattern", CompanyCodePattern);

    private static JsonObject TextInOneOrBoth(string description) =>
        new() { ["description"] = description, ["oneOf"] = new JsonArray(Type("string"), Schema("Text")) };

    internal static JsonObject Sized(JsonObject schema, int min, int max) => With(With(schema, "minLength", min), "maxLength", max);

    internal static JsonObject With(JsonObject schema, string name, JsonNode value)
    {
        schema[name] = value;
        return schema;
    }
}
