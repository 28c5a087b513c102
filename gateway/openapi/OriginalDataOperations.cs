using System.Text.Json.Nodes;
using Sandan.Shared.Security;
using static Sandan.Gateway.OpenApi.Json;

namespace Sandan.Gateway.OpenApi;

/// <summary>Payment-related original data (GACC 2018-179): operations and their schemas.</summary>
internal static class OriginalDataOperations
{
    private const string Tag = "Original payment data";
    private const string Route = "/v1/original-payments";

    /// <summary>All of them.</summary>
    public static IEnumerable<Operation> All()
    {
        yield return new Operation("post", Route, Tag, "depositOriginalPayment", "存入支付原始数据 Deposit original data of a payment", [Roles.Platform])
            .Takes("OriginalPayment", "original-payment", many: false)
            .Answers(200, "The same was deposited before.", Schema("Deposited")).Answers(201, "It is stored.", Schema("Deposited")).Refuses(409, 422);
        yield return new Operation("post", Route + "/addresses", Tag, "makePlatDataOpen", "生成 platDataOpen 地址 Make an address for customs", [Roles.Platform])
            .Answers(201, "Shown once; of older ones the last stays in force.", Schema("PlatDataOpenAddress"));
        yield return new Operation(
                "get", Route + "/requests", Tag, "listOriginalRequests", "海关询问列表 What customs asked for", [Roles.Platform, Roles.Customs, Roles.Operator])
            .Query("orderNo", Type("string"))
            .Query("state", Type("string", null, RequestStates))
            .Paged().Answers(200, "The newest first; a platform sees its own.", Schemas.Page("OriginalRequest")).Refuses(400);
        yield return new Operation("put", Route + "/platforms/{ebpCode}", Tag, "registerPlatform", "登记 platDataOpen 地址 Where a platform is asked", [Roles.Operator])
            .Takes("NewOriginalPlatform", "original-platform", many: false)
            .Answers(200, "It is registered.", Object("A platform.", ("ebpCode", Type("string")), ("platDataOpen", Type("string")))).Refuses(422);
        yield return new Operation("post", Route + "/inquiries", Tag, "beginInquiry", "询问支付原始数据 Ask a platform for original data", [Roles.Customs])
            .Takes("NewOriginalInquiry", "original-inquiry", many: false)
            .Answers(201, "The platform is asked behind this answer.", Object("An inquiry.", ("id", Type("string")), ("sessionId", Type("string")))).Refuses(409, 422);
        yield return new Operation("get", Route + "/inquiries", Tag, "listInquiries", "询问与比对结果 Inquiries and findings", [Roles.Customs, Roles.Operator])
            .Query("orderNo", Type("string"))
            .Query("state", Type("string", null, InquiryStates))
            .Paged().Answers(200, "The newest first.", Schemas.Page("OriginalInquiry")).Refuses(400);
        yield return new Operation("post", "/v1/179/{token}/platDataOpen", Tag, "platDataOpen", "公告 179 platDataOpen, called by customs", null)
            .TakesForm("openReq", "{\"orderNo\":…,\"sessionID\":…,\"serviceTime\":13 digits}")
            .Answers(200, "10000, or 20000 with a message.", Schema("AnnouncementAnswer")).Refuses(404, 429);
        yield return new Operation("post", "/v1/179/realTimeDataUpload", Tag, "realTimeDataUpload", "公告 179 realTimeDataUpload, called by platforms", null)
            .TakesForm("payExInfoStr", "JSON of the announcement, signed by a certificate that is registered for the platform.")
            .Answers(200, "10000, or 20000 with a message.", Schema("AnnouncementAnswer")).Refuses(429);
    }

    private static string[] RequestStates => ["waitingForData", "waitingForKey", "sending", "accepted", "refused"];

    private static string[] InquiryStates => ["asking", "asked", "notAsked", "uploaded"];

    /// <summary>Adds them by name.</summary>
    public static JsonObject AddSchemas(JsonObject schemas)
    {
        schemas["OriginalPayment"] = Object(
            "Original data of one payment transaction, in the members of the announcement. guid and ebpCode may be left out.",
            ("payExchangeInfoHead", Object(
                "The payment.",
                ("guid", Text(36)),
                ("initalRequest", Text(8000, "Raw request of the platform to the payment company.")),
                ("initalResponse", Text(8000, "Its raw answer.")),
                ("ebpCode", Text(18, "The key's company.")),
                ("payCode", Text(18)),
                ("payTransactionId", Text(60)),
                ("totalAmount", new() { ["type"] = Strings("number", "string"), ["minimum"] = 0, ["description"] = "N19,5; of the whole payment." }),
                ("currency", Type("string", null, "142")),
                ("verDept", Type("string", "1 UnionPay, 2 NetsUnion, 3 other.", "1", "2", "3")),
                ("payType", Type("string", "1 app, 2 PC, 3 scan, 4 other.", "1", "2", "3", "4")),
                ("tradingTime", Type("string", "yyyyMMddHHmmss, Asia/Shanghai.")),
                ("note", Text(1000)))
                .Required("initalRequest", "initalResponse", "payCode", "payTransactionId", "totalAmount", "currency", "verDept", "tradingTime").Closed()),
            ("payExchangeInfoLists", List(
                Object(
                    "An order that was paid with it.",
                    ("orderNo", Text(60)),
                    ("goodsInfo", List(
                        Object("A good.", ("gname", Text(250)), ("itemLink", Text(3000, "Its page; several joined by ;"))).Required("gname", "itemLink").Closed())),
                    ("recpAccount", Text(60)),
                    ("recpCode", Text(18)),
                    ("recpName", Text(100))).Required("orderNo", "goodsInfo", "recpAccount", "recpName").Closed())))
            .Required("payExchangeInfoHead", "payExchangeInfoLists").Closed();
        schemas["Deposited"] = Object("A deposit.", ("outcome", Type("string", null, "created", "exists")), ("id", Type("string"))).Required("outcome", "id");
        schemas["PlatDataOpenAddress"] = Object(
            "An address for customs.", ("id", Type("string")), ("path", Type("string", "Behind the gateway's address; it has a token in it."))).Required("id", "path");
        schemas["OriginalRequest"] = Object(
            "What customs asked for, and what became of it.",
            ("id", Type("string")),
            ("ebpCode", Type("string")),
            ("orderNo", Type("string")),
            ("sessionId", Type("string", "Of customs.")),
            ("askedAt", Time("When.")),
            ("state", Type("string", null, RequestStates)),
            ("attempts", Type("integer", "Uploads begun.")),
            ("code", Type("string", "Last answer of customs.")),
            ("message", Type("string")),
            ("trouble", Type("string", "Why the last upload had no answer.")),
            ("nextAttemptAt", Time("While it is being sent.")),
            ("endedAt", Time("When it was accepted, or refused for good.")));
        schemas["NewOriginalPlatform"] = Object("Where a platform is asked.", ("platDataOpen", Text(2000, "http or https."))).Required("platDataOpen").Closed();
        schemas["NewOriginalInquiry"] = Object("Whom to ask for which order.", ("ebpCode", Text(18)), ("orderNo", Text(60))).Required("ebpCode", "orderNo").Closed();
        schemas["OriginalInquiry"] = Object(
            "What customs asked a platform for, and what came back.",
            ("id", Type("string")),
            ("sessionId", Type("string")),
            ("ebpCode", Type("string")),
            ("orderNo", Type("string")),
            ("madeAt", Time("When.")),
            ("state", Type("string", null, InquiryStates)),
            ("attempts", Type("integer", "Calls of platDataOpen begun.")),
            ("code", Type("string", "Last answer of the platform.")),
            ("message", Type("string")),
            ("trouble", Type("string", "Why the last call had no answer.")),
            ("refused", Object("The last upload that was refused.", ("code", Type("string")), ("text", Schema("Text")), ("at", Time("When.")))),
            ("receivedAt", Time("When the upload was taken.")),
            ("findings", List(
                Object(
                    "In what it differs from CEB411.", ("code", Type("string")), ("text", Schema("Text")), ("original", Type("string")), ("declared", Type("string"))),
                "Empty where they agree.")));
        schemas["AnnouncementAnswer"] = Object(
            "An answer of the announcement.",
            ("code", Type("string", null, "10000", "20000")),
            ("message", Type("string")),
            ("total", Type("integer", "Of an upload: 0.")),
            ("serviceTime", Type("integer", "Milliseconds since 1970."))).Required("code", "message", "serviceTime");
        return schemas;
    }

    private static JsonObject Text(int lengthMax, string? description = null)
    {
        var schema = Type("string", description);
        schema["maxLength"] = lengthMax;
        return schema;
    }
}
