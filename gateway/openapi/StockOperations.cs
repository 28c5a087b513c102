using System.Text.Json.Nodes;
using Sandan.Shared.Security;
using static Sandan.Gateway.OpenApi.Json;

namespace Sandan.Gateway.OpenApi;

/// <summary>Warehousing and the stock book of bonded accounts: operations and their schemas.</summary>
internal static class StockOperations
{
    private const string Tag = "Bonded stock";
    private const string Route = "/v1/stock-accounts/{emsNo}";

    /// <summary>All of them.</summary>
    public static IEnumerable<Operation> All()
    {
        yield return new Operation("get", "/v1/warehousings/{operatorCode}/{copNo}", Tag, "getWarehousing", "入库明细单状态 One warehousing", [])
            .Answers(200, "Its parcels with their inventories, and its receipts; to the operator of the site and the logistics company.", Schema("WarehousingState"))
            .Refuses(404);
        yield return new Operation("put", Route, Tag, "openStockAccount", "启用账册 Keep the book of an account", [Roles.Customs, Roles.Operator])
            .Takes("NewStockAccount", "stock-account", many: false)
            .Answers(200, "From now on no inventory gets more of it than was entered.", Object(
                "An account.", ("emsNo", Type("string")), ("areaCode", Type("string")))).Refuses(400, 422);
        yield return new Operation("get", Route, Tag, "getStockAccount", "账册库存 What is left of an account", [])
            .Query("after", Type("string", "next of the page before."))
            .Query("limit", new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 1000, ["default"] = 100 })
            .Answers(200, "Its articles by itemRecordNo; to its company.", Schema("StockAccount")).Refuses(400, 404);
        yield return new Operation("post", Route + "/entries", Tag, "enterStock", "登记入账 Enter goods into an account", [Roles.Warehouse, Roles.Customs, Roles.Operator])
            .Takes("StockEntries", "stock-entries", many: false)
            .Answers(200, "One result per entry, in the order sent. A repeat enters nothing.", List(Schema("StockEntryResult"))).Refuses(400, 404);
        yield return new Operation("get", Route + "/movements", Tag, "listStockMovements", "账册流水 What moved in an account", [])
            .Paged().Answers(200, "The newest first; to its company.", Schemas.Page("StockMovement")).Refuses(400, 404);
    }

    /// <summary>Adds them by name.</summary>
    public static JsonObject AddSchemas(JsonObject schemas)
    {
        schemas["Difference"] = Object(
            "A warning, which decides nothing.",
            ("code", Type("string", "See /v1/codes.")),
            ("text", Schema("Text")),
            ("fix", Schema("Text")),
            ("field", Type("string", "Of the inventory.")),
            ("inventory", Type("string", "What the inventory says.")),
            ("found", Type("string", "What the other side says."))).Required("code", "text");
        schemas["WarehousingState"] = Object(
            "A warehousing before customs.",
            ("operatorCode", Type("string", "Operator of the supervised site.")),
            ("copNo", Type("string", "Its own number.")),
            ("id", Type("string", "Of the version that the rest speaks of (UUID).")),
            ("version", Type("integer", "From 1.")),
            ("logisticsCode", Type("string", "Logistics company.")),
            ("trafNo", Type("string")),
            ("voyageNo", Type("string")),
            ("billNo", Type("string", "Master bill.")),
            ("unloadLocation", Type("string")),
            ("reportedAt", Time("appTime.")),
            ("returnStatus", Type("string", "120 while inventories are missing, then 399.")),
            ("parcels", List(Object(
                "A parcel.",
                ("logisticsNo", Type("string")),
                ("invtNo", Type("string", "Of its inventory; absent where none is known, as the next.")),
                ("tradeMode", Type("string")),
                ("returnStatus", Type("string", "Of the inventory; absent where it has no result, as the next.")),
                ("code", Type("string")),
                ("notes", List(Schema("Difference"), "That none is known, or in what it differs."))))),
            ("receipts", List(Type("object"), "Those behind the first one.")));
        schemas["InventoryWarehousing"] = Object(
            "Where and when the parcel of an inventory was warehoused.",
            ("operatorCode", Type("string")),
            ("copNo", Type("string")),
            ("reportedAt", Time("appTime.")),
            ("unloadLocation", Type("string")),
            ("billNo", Type("string")),
            ("differences", List(Schema("Difference"))));
        schemas["InventoryStock"] = Object(
            "What an inventory holds of its bonded account; absent in direct purchase.",
            ("emsNo", Type("string")),
            ("held", List(Object(
                "An article.",
                ("itemRecordNo", Type("string")),
                ("reserved", Type("number")),
                ("released", Type("number")),
                ("returned", Type("number", "Of what was released."))))),
            ("warnings", List(Schema("Difference"), "That nothing was taken, or that company or HS code differ.")));
        schemas["NewStockAccount"] = Object("Who keeps the account.", ("areaCode", Schemas.Sized(Type("string", "Warehouse company."), 1, 18))).Required("areaCode").Closed();
        schemas["StockEntries"] = new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["maxItems"] = 500,
            ["items"] = Object(
                "Goods that enter, or were counted more (surplus) or less (shortage) than the book has.",
                ("entryNo", Schemas.Sized(Type("string", "The company's own number; what was entered once is not entered again."), 1, 60)),
                ("itemRecordNo", Schemas.Sized(Type("string", "Article of the account."), 1, 30)),
                ("gcode", Schemas.With(Type("string", "HS code."), "pattern", "^[0-9]{10}$")),
                ("gname", Schemas.Sized(Type("string"), 1, 250)),
                ("unit", Schemas.With(Type("string", "Customs unit, in which inventories must declare qty."), "pattern", "^[0-9]{3}$")),
                ("qty", new() { ["type"] = Strings("number", "string"), ["description"] = "N19,5, above zero." }),
                ("kind", Type("string", null, "entry", "surplus", "shortage")),
                ("sourceNo", Schemas.With(Type("string", "Document from which it was made: 核注清单, customs declaration."), "maxLength", 60)),
                ("reason", Schemas.With(Type("string", "Mandatory of a surplus and a shortage."), "maxLength", 500)))
                .Required("entryNo", "itemRecordNo", "gcode", "gname", "unit", "qty", "kind").Closed(),
        };
        schemas["StockEntryResult"] = Object(
            "What became of an entry.",
            ("index", Type("integer", "Place in the request, from 0.")),
            ("entryNo", Type("string")),
            ("outcome", Type("string", null, "created", "exists", "conflict", "rejected")),
            ("balance", Type("number", "Of its article behind it.")),
            ("errors", List(Schema("Error")))).Required("index", "outcome", "errors");
        schemas["StockAccount"] = Object(
            "An account and a page of its articles. balance = entered - reserved - released + returned.",
            ("emsNo", Type("string")),
            ("areaCode", Type("string", "The company that keeps it.")),
            ("openedAt", Time("When.")),
            ("data", List(Object(
                "An article.",
                ("itemRecordNo", Type("string")),
                ("gcode", Type("string")),
                ("gname", Type("string")),
                ("unit", Type("string")),
                ("balance", Type("number", "What the next inventory can have.")),
                ("entered", Type("number")),
                ("reserved", Type("number", "By inventories before their release.")),
                ("released", Type("number")),
                ("returned", Type("number"))))),
            ("next", Type("string", "Give it as after for the following page.")),
            ("hasMore", Type("boolean")));
        schemas["StockMovement"] = Object(
            "What happened to an article. Never changed.",
            ("itemRecordNo", Type("string")),
            ("kind", Type("string", null, "entry", "surplus", "shortage", "reserved", "givenBack", "released", "returned")),
            ("qty", Type("number", "What moved.")),
            ("change", Type("number", "What that adds to the balance.")),
            ("documentNo", Type("string", "Cause: entryNo, invtNo of an inventory, preNo of a return.")),
            ("preNo", Type("string", "Of the inventory; absent of an entry.")),
            ("sourceNo", Type("string", "Of an entry.")),
            ("reason", Type("string", "Of a surplus or a shortage.")),
            ("at", Time("When.")));
        return schemas;
    }
}
