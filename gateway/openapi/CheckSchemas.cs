using System.Text.Json.Nodes;
using Sandan.Gateway.Endpoints;
using static Sandan.Gateway.OpenApi.Json;

namespace Sandan.Gateway.OpenApi;

/// <summary>The schemas of <c>POST /v1/check</c>.</summary>
internal static class CheckSchemas
{
    /// <summary>What is asked.</summary>
    public static JsonObject Request() => Object(
        "Documents as at their own routes, at most 100 in all.",
        [.. CheckBody.Kinds.Select(one => (one.Member, List(Schema(one.Schema))))]).Closed();

    /// <summary>What is answered.</summary>
    public static JsonObject Result() => Object(
        "What would follow if the documents were sent now.",
        ("wouldPass", Type("boolean", "Every document would be taken and compared or decided on, all that is shown would be Matched, with no risk that holds or blocks it, and nothing would be refused. Taxes and officers are not asked.")),
        ("documents", Object(
            "What would become of each, by kind. What would be stored has no id, version or preNo yet. What customs decide by themselves (cancellations and all behind it) has receipts, those that would follow the first one; none where it would wait.",
            [.. CheckBody.Kinds.Select(one => (one.Member, List(Schema("CheckedDocument"))))])),
        ("consignments", List(Schema("Consignment"), "Those of the order numbers to which the caller would be a party; without revision, documents, tax, clearance and history.")),
        ("inventories", List(Object(
            "An inventory of these order numbers to which the caller would be a party.",
            ("ebcCode", Schemas.CompanyCode("Seller.")),
            ("orderNo", Type("string")),
            ("ebpCode", Schemas.CompanyCode("Platform.")),
            ("state", Type("string", null, "Waiting", "Matched", "Mismatched")),
            ("discrepancies", List(Schema("Discrepancy"))),
            ("receipts", List(ForetoldReceipt(), "All that it would have behind the first one, with what was decided on its consignment before."))))),
        ("exportInventories", List(Object(
            "An export inventory that the documents touch and to which the caller would be a party.",
            ("agentCode", Schemas.CompanyCode("Declarant.")),
            ("copNo", Type("string")),
            ("ebpCode", Schemas.CompanyCode("Platform.")),
            ("ebcCode", Schemas.CompanyCode("Seller.")),
            ("orderNo", Type("string")),
            ("logisticsCode", Schemas.CompanyCode("Logistics company.")),
            ("logisticsNo", Type("string")),
            ("state", Type("string", null, "Waiting", "Matched", "Mismatched")),
            ("missing", List(Object(
                "What it would wait for.",
                ("document", Type("string", null, "Order", "Waybill")), ("code", Type("string", "S4506, S4507.")), ("text", Schema("Text")), ("fix", Schema("Text"))))),
            ("discrepancies", List(Schema("Discrepancy"))),
            ("receipts", List(ForetoldReceipt(), "All that it would have behind the first one."))))),
        ("unused", List(Object(
            "A document that would be taken and stand in no consignment, or that no export inventory declares.",
            ("document", Type("string", null, "Order", "Payment", "Waybill")),
            ("orderNo", Type("string", "Absent of an export waybill, which names none.")),
            ("number", Type("string")),
            ("code", Type("string", "S4104 it cannot be told whose it is, S4105 another one is compared, S4508 no export inventory declares it.")),
            ("text", Schema("Text")),
            ("fix", Schema("Text")))))).Required("wouldPass", "documents", "consignments", "inventories", "exportInventories", "unused");

    /// <summary>What would become of a document.</summary>
    public static JsonObject Document() => new()
    {
        ["allOf"] = new JsonArray(Schema("DocumentResult"), Object("What would be told of it.", ("receipts", List(ForetoldReceipt())))),
    };

    private static JsonObject ForetoldReceipt() => Object(
        "A receipt without time and number, which only telling gives.",
        ("returnStatus", Type("string")), ("returnInfo", Type("string"))).Required("returnStatus", "returnInfo");
}
