using Sandan.Contracts.Ceb;
using Sandan.Shared.Audit;
using Sandan.Shared.Security;
using static Sandan.Gateway.OpenApi.Json;

namespace Sandan.Gateway.OpenApi;

/// <summary>Every public operation. A test compares this list with the routes of the gateway, both ways.</summary>
internal static class Operations
{
    private const string Documents = "Documents";
    private const string Consignments = "Consignments";
    private const string Customs = "Customs";
    private const string Events = "Events";
    private const string Insight = "Credit and statistics";
    private const string Registry = "Registry";
    private const string Audit = "Personal data and audit";
    private const string Gateway = "Gateway";

    private static readonly string[] Everybody = [];
    private static string[]? NoKey => null;

    /// <summary>All of them, in the order of the document.</summary>
    public static IEnumerable<Operation> All() =>
        [
            .. Submissions(), .. Reading(), .. EventFeed(), .. RegistryOperations(), .. OriginalDataOperations.All(), .. StockOperations.All(), .. SandboxOperations.All(),
            .. Auditing(), .. Own(),
        ];

    private static IEnumerable<Operation> Submissions()
    {
        yield return Submit("/v1/orders", "submitOrders", "报送订单 Send orders", "Order", "order", [Roles.Platform, Roles.Seller]);
        yield return Submit("/v1/payments", "submitPayments", "报送支付单 Send payments", "Payment", "payment", [Roles.Payment]);
        yield return Submit("/v1/waybills", "submitWaybills", "报送运单 Send waybills", "Waybill", "waybill", [Roles.Logistics]);
        yield return Submit(
            "/v1/waybill-statuses", "submitWaybillStatuses", "报送运单状态 Send delivery states", "WaybillStatus", "waybill-status", [Roles.Logistics]);
        yield return Submit(
            "/v1/inventories", "submitInventories", "报送进口清单 Send inventories", "Inventory", "inventory", [Roles.Declarant, Roles.Seller]);
        yield return Submit(
            "/v1/cancellations", "submitCancellations", "报送撤销申请 Ask to cancel inventories", "Cancellation", "cancellation", [Roles.Declarant, Roles.Seller]);
        yield return Submit("/v1/returns", "submitReturns", "报送退货申请 Ask to return goods", "Return", "return", [Roles.Declarant, Roles.Seller]);
        yield return Submit("/v1/export-orders", "submitExportOrders", "报送出口订单 Send export orders", "ExportOrder", "export-order", [Roles.Platform, Roles.Seller]);
        yield return Submit(
            "/v1/export-payments", "submitExportPayments", "报送收款单 Send receipts of payment", "ExportPayment", "export-payment", [Roles.Payment, Roles.Seller]);
        yield return Submit("/v1/export-waybills", "submitExportWaybills", "报送出口运单 Send export waybills", "ExportWaybill", "export-waybill", [Roles.Logistics]);
        yield return Submit(
            "/v1/export-inventories", "submitExportInventories", "报送出口清单 Send export inventories", "ExportInventory", "export-inventory", [Roles.Declarant, Roles.Seller]);
        yield return Submit(
            "/v1/export-cancellations", "submitExportCancellations", "报送出口撤销申请 Ask to cancel export inventories", "ExportCancellation", "export-cancellation",
            [Roles.Declarant, Roles.Seller]);
        yield return Submit("/v1/manifests", "submitManifests", "报送清单总分单 Send master/house lists", "Manifest", "manifest", [Roles.Declarant]);
        yield return Submit("/v1/arrivals", "submitArrivals", "报送运抵单 Send arrivals", "Arrival", "arrival", [Roles.Logistics]);
        yield return Submit("/v1/departures", "submitDepartures", "报送离境单 Send departures", "Departure", "departure", [Roles.Logistics]);
        yield return Submit("/v1/export-returns", "submitExportReturns", "报送出口退货申请 Ask to return exported goods", "ExportReturn", "export-return", [Roles.Seller]);
        yield return Submit(
            "/v1/export-return-tallies", "submitExportReturnTallies", "报送退货理货明细 Send tallies of what came back", "ExportReturnTally", "export-return-tally",
            [Roles.Logistics, Roles.Warehouse]);
        yield return Submit("/v1/summaries", "submitSummaries", "报送汇总申请 Ask to sum export inventories up", "Summary", "summary", [Roles.Declarant]);
        yield return Submit("/v1/warehousings", "submitWarehousings", "报送入库明细单 Send warehousing details", "Warehousing", "warehousing", [Roles.Warehouse]);
        yield return new Operation(
                "post", "/v1/check", Documents, "check", "试报 What would become of documents, without sending them",
                [Roles.Platform, Roles.Seller, Roles.Payment, Roles.Logistics, Roles.Declarant, Roles.Warehouse])
            .Takes("CheckRequest", "check", many: false)
            .TakesXml("Any message that is sent to Sandan, or a DxpMsg with one; at most 1 MiB.")
            .Answers(200, "What each document and each consignment would come to. Nothing is stored.", Schema("CheckResult"));
        yield return new Operation("get", "/v1/documents/{id}/receipts", Documents, "getReceipts", "单证回执 Every receipt of a document", Everybody)
            .Answers(200, "The oldest first; with Accept: application/xml the official message.", Schema("Receipts")).Refuses(404, 410);
        yield return new Operation("post", "/v1/reconciliations", Documents, "reconcile", "对账 Compare a list of numbers with what is stored", Everybody)
            .Query("type", Type("string", "Of the message.", "CEB213", "CEB215", "CEB303", "CEB311", "CEB403", "CEB411", "CEB505", "CEB507", "CEB509", "CEB511", "CEB513", "CEB603", "CEB605", "CEB607", "CEB621", "CEB623", "CEB625", "CEB701", "CEB711"))
            .Query("from", Type("string", "Shanghai day or time, inclusive: 2026-11-20, 2026-11-20T08:00."))
            .Query("to", Type("string", "Exclusive; at most 31 days."))
            .Takes("ReconciliationList", "reconciliation", many: false)
            .Answers(200, "What is missing, different and extra.", Schema("Reconciliation")).Refuses(400, 403);
        yield return new Operation("post", "/v1/ceb", Documents, "submitMessage", "报送任一报文 Send any message of the standard, XML", Everybody)
            .Header("Idempotency-Key", "A repeat with the same key and body gets the first answer again.")
            .TakesXml("Any message that has a route below, or a DxpMsg with one: what it is is found out. The answer to a DxpMsg comes in one.")
            .Answers(200, "The official receipt.", "application/xml", Type("string"))
            .Answers(400, "CEB900Message: the message cannot be read.", "application/xml", Type("string"))
            .Refuses(404, 422);
        foreach (var (message, roles) in new (CebMessage, string[])[]
        {
            (CebMessage.Inventory, [Roles.Declarant, Roles.Seller]),
            (CebMessage.Cancellation, [Roles.Declarant, Roles.Seller]),
            (CebMessage.ExportOrder, [Roles.Platform, Roles.Seller]),
            (CebMessage.ExportPayment, [Roles.Payment, Roles.Seller]),
            (CebMessage.ExportWaybill, [Roles.Logistics]),
            (CebMessage.ExportInventory, [Roles.Declarant, Roles.Seller]),
            (CebMessage.ExportCancellation, [Roles.Declarant, Roles.Seller]),
            (CebMessage.Arrival, [Roles.Logistics]),
            (CebMessage.Departure, [Roles.Logistics]),
            (CebMessage.Manifest, [Roles.Declarant]),
            (CebMessage.ExportReturn, [Roles.Seller]),
            (CebMessage.ReturnTally, [Roles.Logistics, Roles.Warehouse]),
            (CebMessage.Summary, [Roles.Declarant]),
            (CebMessage.Return, [Roles.Declarant, Roles.Seller]),
            (CebMessage.Warehousing, [Roles.Warehouse]),
            (CebMessage.Order, [Roles.Platform, Roles.Seller]),
            (CebMessage.Payment, [Roles.Payment]),
            (CebMessage.Waybill, [Roles.Logistics]),
            (CebMessage.WaybillStatus, [Roles.Logistics]),
        })
        {
            yield return Xml(message, message.Type, roles);
            yield return Xml(message, message.RootName, roles);
        }
    }

    private static Operation Submit(string path, string id, string summary, string schema, string example, string[] roles) =>
        new Operation("post", path, Documents, id, summary, roles)
            .Header("Idempotency-Key", "A repeat with the same key and body gets the first answer again. 1..128 of A-Z a-z 0-9 _ . : -")
            .Takes(schema, example, many: true)
            .Answers(200, "It was there already, or one result per document of an array or of NDJSON.", new()
            {
                ["oneOf"] = new System.Text.Json.Nodes.JsonArray(Schema("Receipt"), List(Schema("DocumentResult"))),
            })
            .Answers(201, "One document is stored.", Schema("Receipt"))
            .Refuses(409, 422);

    private static Operation Xml(CebMessage message, string type, string[] roles) =>
        new Operation("post", $"/v1/ceb/{type}", Documents, $"submit{type}", $"{message.Zh} {message.En}, XML", roles)
            .Header("Idempotency-Key", "A repeat with the same key and body gets the first answer again.")
            .TakesXml($"{message.RootName}, namespace {CebMessage.Namespace}, at most {message.DocumentsMax} documents, UTF-8.")
            .Answers(200, $"The official receipt, one for each document: {message.Receipt?.RootName}.", "application/xml", Type("string"))
            .Answers(400, "CEB900Message: the message cannot be read.", "application/xml", Type("string"))
            .Refuses(422);

    private static IEnumerable<Operation> Reading()
    {
        yield return new Operation("get", "/v1/consignments", Consignments, "listConsignments", "三单列表 List consignments", Everybody)
            .Query("state", Type("string", null, "Waiting", "Matched", "Mismatched", "Ambiguous"))
            .Query("mode", Type("string", "Supervision mode.", "1210", "1239", "9610"))
            .Paged(limitMax: 500, limit: 50).Answers(200, "Those to which the caller is a party.", Schemas.Page("Consignment")).Refuses(400);
        yield return new Operation("get", "/v1/consignments/{ebpCode}/{orderNo}", Consignments, "getConsignment", "三单比对结果 One consignment", Everybody)
            .Answers(200, "The verdict and why.", Schema("Consignment")).Refuses(404);
        yield return new Operation("get", "/v1/taxes/{ebpCode}/{orderNo}", Customs, "getTax", "税款 The tax on a consignment", Everybody)
            .Answers(200, "The assessment in force.", Schema("Tax")).Refuses(404);
        yield return new Operation("get", "/v1/inventories/{ebcCode}/{orderNo}", Customs, "getInventory", "进口清单状态 One inventory", Everybody)
            .Answers(200, "How it compares with the three documents, and its receipts.", Schema("InventoryState")).Refuses(404);
        yield return new Operation("get", "/v1/inventories/{ebcCode}/{orderNo}/tax-bill", Customs, "getTaxBill", "电子税单 The tax bill of an inventory", Everybody)
            .Answers(200, "The members of CEB816; with Accept: application/xml the message.", Schema("TaxBill")).Refuses(404);
        yield return new Operation("get", "/v1/export-inventories/{agentCode}/{copNo}", Customs, "getExportInventory", "出口清单状态 One export inventory", Everybody)
            .Answers(200, "What it waits for or differs in, and its results.", Schema("ExportInventoryState")).Refuses(404);
        yield return new Operation(
                "post", "/v1/export-inventories/{agentCode}/{copNo}/actions", Customs, "decideExportInventory", "出口清单人工处置 An officer decides on an export inventory",
                [Roles.Customs])
            .Takes("ClearanceAction", "clearance-action", many: false)
            .Answers(200, "After the decision.", Schema("ExportInventoryState")).Refuses(404, 409);
        yield return new Operation(
                "get", "/v1/inventories/{ebcCode}/{orderNo}/tax-bill/status", Customs, "getTaxBillStatus", "电子税单数据状态 What became of a tax bill", Everybody)
            .Answers(200, "The members of CEB818: status 3 once all goods came back, 2 when none can come back any more; with Accept: application/xml the message.", Schema("TaxBillStatus")).Refuses(404);
        yield return new Operation("get", "/v1/returns/{preNo}", Customs, "getReturn", "退货申请状态 One return", Everybody)
            .Answers(200, "What it says and its receipts.", Schema("ReturnState")).Refuses(404);
        yield return new Operation("post", "/v1/returns/{preNo}/actions", Customs, "decideReturn", "退货人工处置 An officer decides on a return", [Roles.Customs])
            .Takes("ReturnAction", "return-action", many: false)
            .Answers(200, "After the decision.", Schema("ReturnState")).Refuses(404, 409);
        yield return new Operation("get", "/v1/export-returns/{preNo}", Customs, "getExportReturn", "出口退货申请状态 One return of exported goods", Everybody)
            .Answers(200, "What it says, what says that its goods are back, and its receipts.", Schema("ExportReturnState")).Refuses(404);
        yield return new Operation(
                "post", "/v1/export-returns/{preNo}/actions", Customs, "decideExportReturn", "出口退货人工处置 An officer decides on a return of exported goods", [Roles.Customs])
            .Takes("ReturnAction", "return-action", many: false)
            .Answers(200, "After the decision.", Schema("ExportReturnState")).Refuses(404, 409);
        yield return new Operation("get", "/v1/summaries/{agentCode}/{copNo}", Customs, "getSummary", "汇总申请状态 One request to sum up", Everybody)
            .Answers(200, "Its parts and, when it is summed up, the declarations to which it came.", Schema("SummaryState")).Refuses(404);
        yield return new Operation("get", "/v1/summaries/{agentCode}/{copNo}/result", Customs, "getSummaryResult", "汇总结果单 The result of a request to sum up", Everybody)
            .Query("message", Type("integer", "Which message, of at most 100 declarations; default 1."))
            .Answers(200, "The members of CEB792, one for each declaration; with Accept: application/xml the message.", List(Schema("SummaryResult")))
            .Refuses(400, 404);
        yield return new Operation("get", "/v1/clearances", Customs, "listClearances", "通关状态列表 List clearances", Everybody)
            .Query("status", Type("integer", "Official returnStatus.")).Paged()
            .Answers(200, "Those to which the caller is a party, the last changed first.", Schemas.Page("Clearance")).Refuses(400);
        yield return new Operation("get", "/v1/clearances/{ebpCode}/{orderNo}", Customs, "getClearance", "通关状态 One clearance", Everybody)
            .Answers(200, "With its history.", Schema("Clearance")).Refuses(404);
        yield return new Operation("post", "/v1/clearances/{ebpCode}/{orderNo}/actions", Customs, "decideClearance", "海关人工处置 An officer decides", [Roles.Customs])
            .Takes("ClearanceAction", "clearance-action", many: false)
            .Answers(200, "After the decision.", Schema("Clearance")).Refuses(404, 409);
        yield return new Operation("get", "/v1/credit/companies/{code}", Insight, "getCredit", "企业信用 A company's credit", Everybody)
            .Query("cursor", Type("string", "next of the answer before."))
            .Answers(200, "Score and reasons; of other companies only to customs and operator.", Schema("Credit")).Refuses(400, 404);
        yield return new Operation("get", "/v1/statistics/summary", Insight, "getStatistics", "统计 Statistics", [Roles.Customs, Roles.Operator])
            .Query("from", Type("string", "Asia/Shanghai day or hour, inclusive. Default today."))
            .Query("to", Type("string", "Exclusive."))
            .Query("by", Type("string", null, "mode", "country", "chapter", "hour", "day"))
            .Answers(200, "Counts and sums.", Schema("Statistics")).Refuses(400);
        yield return new Operation("get", "/v1/statistics/recount", Insight, "recountStatistics", "统计复核 Compare counters with facts", [Roles.Operator])
            .Answers(200, "What differs.", Type("object"));
    }

    private static IEnumerable<Operation> EventFeed()
    {
        yield return new Operation("get", "/v1/events", Events, "readEvents", "事件 The feed, page by page", Everybody)
            .Query("types", Type("string", "Event types, with commas."))
            .Paged().Header("Prefer", "wait=25: an empty page waits for the next event.")
            .Answers(200, "Events behind the cursor, oldest first.", Schemas.Page("CloudEvent")).Refuses(400);
        yield return new Operation("get", "/v1/events/stream", Events, "streamEvents", "事件流 The feed as server-sent events", Everybody)
            .Query("types", Type("string", "Event types, with commas."))
            .Query("after", Type("string", "Cursor, or latest."))
            .Header("Last-Event-ID", "Cursor of the last event seen; beats after.")
            .Answers(200, "id is the cursor, data a CloudEvent.", "text/event-stream", Type("string")).Refuses(400);
    }

    private static IEnumerable<Operation> RegistryOperations()
    {
        yield return Upsert("/v1/companies", "registerCompanies", "登记企业 Register companies", "NewCompany", "company", [Roles.Operator]);
        yield return new Operation("get", "/v1/companies", Registry, "listCompanies", "企业列表 List companies", Everybody)
            .Paged().Answers(200, "All to customs and operator, else the caller's own.", Schemas.Page("Company")).Refuses(400);
        yield return new Operation("get", "/v1/companies/{code}", Registry, "getCompany", "企业 One company", Everybody)
            .Answers(200, "The company.", Schema("Company")).Refuses(404);
        yield return new Operation("post", "/v1/companies/{code}/keys", Registry, "createKey", "发放密钥 Make a key", [Roles.Operator])
            .Takes("NewKey", "key", many: false)
            .Answers(201, "The key, shown once.", Schema("ShownKey")).Refuses(404, 409, 422);
        yield return new Operation("get", "/v1/companies/{code}/keys", Registry, "listKeys", "密钥列表 List keys", [Roles.Operator])
            .Answers(200, "Without secrets, the oldest first.", Schemas.Page("Key")).Refuses(404);
        yield return new Operation("delete", "/v1/companies/{code}/keys/{id}", Registry, "revokeKey", "吊销密钥 Revoke a key", [Roles.Operator])
            .AnswersNothing(204, "It opens nothing any more; the gateway notices within 30 s.").Refuses(404);
        yield return new Operation(
                "post", "/v1/companies/{code}/certificates", Registry, "registerCertificate", "登记证书 Register a certificate", [Roles.Operator])
            .Takes("NewCertificate", "certificate", many: false)
            .Answers(200, "It was registered before.", Schema("RegisteredCertificate"))
            .Answers(201, "Signatures by it hold from now on.", Schema("RegisteredCertificate")).Refuses(404, 409, 422);
        yield return new Operation("get", "/v1/companies/{code}/certificates", Registry, "listCertificates", "证书列表 List certificates", Everybody)
            .Answers(200, "The oldest first; a company sees its own.", Schemas.Page("Certificate")).Refuses(404);
        yield return new Operation(
                "delete", "/v1/companies/{code}/certificates/{id}", Registry, "revokeCertificate", "吊销证书 Revoke a certificate", [Roles.Operator])
            .AnswersNothing(204, "Signatures by it do not hold any more.").Refuses(404);
        yield return Upsert(
            "/v1/goods", "fileGoods", "商品备案 File goods", "NewGoods", "goods", [Roles.Operator, Roles.Platform, Roles.Seller, Roles.Declarant]);
        yield return new Operation("get", "/v1/goods", Registry, "listGoods", "商品备案列表 List goods", Everybody)
            .Query("ebcCode", Type("string", "Of one seller.")).Paged()
            .Answers(200, "By seller and article.", Schemas.Page("Goods")).Refuses(400);
        yield return new Operation("get", "/v1/goods/{ebcCode}/{itemNo}", Registry, "getGoods", "商品备案 One filing", Everybody)
            .Answers(200, "The filing.", Schema("Goods")).Refuses(404);
    }

    private static Operation Upsert(string path, string id, string summary, string schema, string example, string[] roles) =>
        new Operation("post", path, Registry, id, summary, roles)
            .Takes(schema, example, many: true)
            .Answers(200, "Known and changed or unchanged, or one result per item of an array or of NDJSON.", new()
            {
                ["oneOf"] = new System.Text.Json.Nodes.JsonArray(Schema("ItemResult"), List(Schema("ItemResult"))),
            })
            .Answers(201, "One item is new.", Schema("ItemResult"))
            .Refuses(422);

    private static IEnumerable<Operation> Auditing()
    {
        yield return Reveal("/v1/orders/reveal", "revealOrder", "订单个人信息 Personal data of an order", "Order");
        yield return Reveal("/v1/payments/reveal", "revealPayment", "支付单个人信息 Personal data of a payment", "Payment");
        yield return Reveal("/v1/inventories/reveal", "revealInventory", "清单个人信息 Personal data of an inventory", "Inventory");
        yield return Reveal("/v1/cancellations/reveal", "revealCancellation", "撤销申请个人信息 Personal data of a cancellation", "Cancellation");
        yield return Reveal("/v1/returns/reveal", "revealReturn", "退货申请个人信息 Personal data of a return", "Return");
        yield return Reveal("/v1/waybills/reveal", "revealWaybill", "运单个人信息 Personal data of a waybill", "Waybill");
        foreach (var service in AuditTrail.Services)
        {
            var zh = service switch { "order" => "订单", "payment" => "支付", "waybill" => "物流", "customs" => "海关", _ => "备案" };
            yield return new Operation(
                    "get", $"/v1/audit/{service}", Audit, $"readAuditOf{char.ToUpperInvariant(service[0])}{service[1..]}",
                    $"审计记录：{zh}服务 Who did what, {service}", [Roles.Customs, Roles.Operator])
                .Paged().Answers(200, "The oldest first; each with the hash of the chain.", Schemas.Page("AuditEntry")).Refuses(400);
        }
    }

    private static Operation Reveal(string path, string id, string summary, string document) =>
        new Operation("post", path, Audit, id, summary, [Roles.Customs])
            .Takes($"Reveal{document}", $"reveal-{document.ToLowerInvariant()}", many: false)
            .Answers(200, "In clear; who asked and why is in the audit trail.", Schema("Revealed")).Refuses(404, 410);

    private static IEnumerable<Operation> Own()
    {
        yield return new Operation("get", "/", Gateway, "getHome", "首页 Where to begin", NoKey).Answers(200, "Addresses.", Type("object"));
        yield return new Operation("post", "/v1/tools/lint", Gateway, "lintMessage", "检查报文 What is wrong with an official message", Everybody)
            .TakesXml("Any of the 42 messages, or a DxpMsg with one; at most 1 MiB. Nothing of it is kept.")
            .Answers(200, "What is wrong, by place; at most 1,000 findings.", Schema("LintResult"));
        yield return new Operation("post", "/v1/tools/signature", Gateway, "examineSignature", "检查签名 Why a signature does not hold", Everybody)
            .TakesXml("A signed message; at most 1 MiB. Nothing of it is kept.")
            .Answers(200, "What the signature says, what was expected, and in which form the message was signed.", Schema("SignatureDiagnosis")).Refuses(422);
        yield return new Operation("get", "/v1/codes", Gateway, "listCodes", "代码表 Every code", NoKey)
            .Query("lang", Type("string", "Both languages where it is absent.", "zh", "zh-CN", "en"))
            .Answers(200, "The dictionary; with ETag.", Schemas.Page("Code")).AnswersNothing(304, "Not changed.").Refuses(400);
        yield return new Operation("get", "/v1/codes/{code}", Gateway, "getCode", "代码 One code", NoKey)
            .Query("lang", Type("string", "Both languages where it is absent.", "zh", "zh-CN", "en"))
            .Answers(200, "The code.", Schema("Code")).AnswersNothing(304, "Not changed.").Refuses(400, 404);
        yield return new Operation("get", "/openapi/v1.json", Gateway, "getOpenApi", "接口描述 This document", NoKey)
            .Answers(200, "OpenAPI 3.1; with ETag.", Type("object")).AnswersNothing(304, "Not changed.");
        yield return new Operation("get", "/health/live", Gateway, "getLive", "存活 The gateway runs", NoKey).Answers(200, "It runs.", Type("object"));
        yield return new Operation("get", "/health/ready", Gateway, "getReady", "就绪 Every service is ready", NoKey)
            .Answers(200, "All are ready.", Type("object")).Answers(503, "notReady names those that are not.", Type("object"));
    }
}
