namespace Sandan.Contracts.Codes;

/// <summary>
/// Numbers of customs and of the e-port that Sandan reads or says. Source: CEB message specification (2022-05), its list of
/// returnStatus and its §7; the codes of customs in returnInfo are those seen in real receipts.
/// </summary>
public static class OfficialCodes
{
    // returnStatus (specification 2022-05)
    /// <summary>电子口岸已暂存: Stored as a draft at the e-port.</summary>
    public const string StoredAsDraft = "1";

    /// <summary>电子口岸申报中: Accepted, the e-port is declaring it.</summary>
    public const string Accepted = "2";

    /// <summary>发送海关成功: Sent to customs.</summary>
    public const string SentToCustoms = "3";

    /// <summary>发送海关失败: Sending to customs failed.</summary>
    public const string SendingFailed = "4";

    /// <summary>海关退单: Rejected by customs.</summary>
    public const string Rejected = "100";

    /// <summary>海关入库: Stored by customs.</summary>
    public const string StoredByCustoms = "120";

    /// <summary>人工审核: Under manual review.</summary>
    public const string ManualReview = "300";

    /// <summary>海关审结: Concluded by customs.</summary>
    public const string Concluded = "399";

    /// <summary>查验: Selected for inspection.</summary>
    public const string Inspection = "500";

    /// <summary>扣留移送通关: Detained, handed to the clearance department.</summary>
    public const string DetainedClearance = "501";

    /// <summary>扣留移送缉私: Detained, handed to the anti-smuggling department.</summary>
    public const string DetainedAntiSmuggling = "502";

    /// <summary>扣留移送法规: Detained, handed to the legal department.</summary>
    public const string DetainedLegal = "503";

    /// <summary>其它扣留: Detained for another reason.</summary>
    public const string DetainedOther = "599";

    /// <summary>挂起: Suspended.</summary>
    public const string Suspended = "600";

    /// <summary>退运: Sent back.</summary>
    public const string SentBack = "700";

    /// <summary>放行: Released.</summary>
    public const string Released = "800";

    /// <summary>结关: Closed.</summary>
    public const string Closed = "899";

    // Codes of customs in returnInfo, [Code:nnnn;Desc:…]
    /// <summary>待人工审核: Waits for manual review.</summary>
    public const string CustomsAwaitsReview = "1200";

    /// <summary>人工退单: Rejected by hand.</summary>
    public const string CustomsRejectedByHand = "1300";

    /// <summary>订购人购买超过年度限额: The buyer exceeds the annual limit.</summary>
    public const string CustomsAnnualLimit = "1313";

    /// <summary>清单表体商品项与订单表体商品项的项数不一致: Inventory and order have different numbers of lines.</summary>
    public const string CustomsLineCountDiffers = "1320";

    /// <summary>订单清单表体商品项不一致: The lines of order and inventory differ.</summary>
    public const string CustomsLinesDiffer = "1322";

    /// <summary>订单购买人与支付单支付人名字或身份证号码不一致: Buyer of the order and payer of the payment differ in name or identity number.</summary>
    public const string CustomsBuyerNotPayer = "1327";

    /// <summary>支付单支付金额与订单支付金额不一致: Amount of the payment and amount paid of the order differ.</summary>
    public const string CustomsAmountDiffers = "1332";

    /// <summary>支付企业不一致: Order and payment name different payment companies.</summary>
    public const string CustomsPaymentCompanyDiffers = "13035";

    /// <summary>清单上的订购人姓名与订单上的订购人姓名不一致: Buyer names of inventory and order differ.</summary>
    public const string CustomsBuyerNameDiffers = "13127";

    /// <summary>清单上的订购人电话号码与订单上的订购人电话号码不一致: Buyer telephones of inventory and order differ.</summary>
    public const string CustomsBuyerTelephoneDiffers = "130126";

    /// <summary>逻辑校验通过: The logic check was passed.</summary>
    public const string CustomsCheckPassed = "1800";

    /// <summary>放行: Released.</summary>
    public const string CustomsReleased = "2600";

    /// <summary>审核通过: The review was passed.</summary>
    public const string CustomsReviewPassed = "2300";

    /// <summary>企业未备案: The company is not registered.</summary>
    public const string CustomsCompanyNotRegistered = "22001";

    /// <summary>对应清单已放行: The inventory is already released.</summary>
    public const string CustomsAlreadyReleased = "22007";

    // e-port, companies (specification 2022-05, §7)
    /// <summary>企业类型无效: Invalid company type.</summary>
    public const string InvalidCompanyType = "-10101";

    /// <summary>企业代码无效: Invalid company code.</summary>
    public const string InvalidCompanyCode = "-10102";

    // e-port, orders
    /// <summary>缺少表体: No lines.</summary>
    public const string OrderNoLines = "-301001";

    /// <summary>表体序号重复: Repeated line number.</summary>
    public const string OrderRepeatedLine = "-301002";

    /// <summary>订单不存在: Order not found.</summary>
    public const string OrderNotFound = "-301003";

    /// <summary>订单不存在: Order not found.</summary>
    public const string OrderNotFoundForChange = "-301004";

    /// <summary>订单不存在: Order not found.</summary>
    public const string OrderNotFoundForDelete = "-301005";

    /// <summary>存在多个订单: Several orders found.</summary>
    public const string OrderSeveral = "-301006";

    /// <summary>报文为空: The message is empty.</summary>
    public const string OrderEmptyMessage = "-301007";

    /// <summary>报文校验失败: The check of the message failed.</summary>
    public const string OrderCheckFailed = "-301008";

    /// <summary>报送类型错误: Wrong appType.</summary>
    public const string OrderWrongAppType = "-301009";

    /// <summary>订单已存在: The order exists already.</summary>
    public const string OrderExists = "-301010";

    /// <summary>订单已随清单申报，状态不符: Already declared with an inventory, the state does not fit.</summary>
    public const string OrderAlreadyDeclared = "-301011";

    /// <summary>没有对应的操作: No operation found.</summary>
    public const string OrderNoOperation = "-301012";

    /// <summary>系统异常: System error.</summary>
    public const string OrderSystemError = "-301013";

    /// <summary>旧报文数据，不做处理: Old data, not processed.</summary>
    public const string OrderOldData = "-301014";

    /// <summary>单证数量过多: Too many documents.</summary>
    public const string OrderTooMany = "-301015";

    /// <summary>验签失败: The signature check failed.</summary>
    public const string OrderSignatureFailed = "-301020";

    // e-port, payments
    /// <summary>支付单不存在: Payment not found.</summary>
    public const string PaymentNotFound = "-401001";

    /// <summary>支付单状态不存在: State of the payment not found.</summary>
    public const string PaymentStateNotFound = "-401002";

    /// <summary>存在多个支付单: Several payments found.</summary>
    public const string PaymentSeveral = "-401003";

    /// <summary>指定的支付单不存在: The named payment was not found.</summary>
    public const string PaymentNamedNotFound = "-401004";

    /// <summary>报文为空: The message is empty.</summary>
    public const string PaymentEmptyMessage = "-401005";

    /// <summary>报送类型错误: Wrong appType.</summary>
    public const string PaymentWrongAppType = "-401006";

    /// <summary>支付单已存在: The payment exists already.</summary>
    public const string PaymentExists = "-401007";

    /// <summary>支付单已随清单申报，状态不符: Already declared with an inventory, the state does not fit.</summary>
    public const string PaymentAlreadyDeclared = "-401008";

    /// <summary>报文校验失败: The check of the message failed.</summary>
    public const string PaymentCheckFailed = "-401009";

    /// <summary>没有对应的操作: No operation found.</summary>
    public const string PaymentNoOperation = "-401010";

    /// <summary>系统异常: System error.</summary>
    public const string PaymentSystemError = "-401011";

    /// <summary>旧报文数据，不做处理: Old data, not processed.</summary>
    public const string PaymentOldData = "-401012";

    /// <summary>单证数量过多: Too many documents.</summary>
    public const string PaymentTooMany = "-401013";

    // e-port, waybills
    /// <summary>报文解析失败: The message cannot be parsed.</summary>
    public const string WaybillUnreadable = "-504000";

    /// <summary>报文为空: The message is empty.</summary>
    public const string WaybillEmptyMessage = "-504010";

    /// <summary>报文校验失败: The check of the message failed.</summary>
    public const string WaybillCheckFailed = "-504011";

    /// <summary>运单已存在: The waybill exists already.</summary>
    public const string WaybillExists = "-504012";

    /// <summary>单证数量过多: Too many documents.</summary>
    public const string WaybillTooMany = "-504013";

    /// <summary>报送类型错误: Wrong appType.</summary>
    public const string WaybillWrongAppType = "-504014";

    /// <summary>运单已存在: The waybill exists already.</summary>
    public const string WaybillNumberExists = "-504015";

    /// <summary>运单已随清单申报，状态不符: Already declared with an inventory, the state does not fit.</summary>
    public const string WaybillAlreadyDeclared = "-504016";

    // e-port, waybill status
    /// <summary>报文解析失败: The message cannot be parsed.</summary>
    public const string WaybillStatusUnreadable = "-505000";

    /// <summary>报文为空: The message is empty.</summary>
    public const string WaybillStatusEmptyMessage = "-505010";

    /// <summary>报文校验失败: The check of the message failed.</summary>
    public const string WaybillStatusCheckFailed = "-505011";

    /// <summary>运单状态已存在: The waybill status exists already.</summary>
    public const string WaybillStatusExists = "-505012";

    /// <summary>单证数量过多: Too many documents.</summary>
    public const string WaybillStatusTooMany = "-505013";

    /// <summary>没有对应的操作: No operation found.</summary>
    public const string WaybillStatusNoOperation = "-505014";

    /// <summary>系统异常: System error.</summary>
    public const string WaybillStatusSystemError = "-505015";

    /// <summary>旧报文数据，不做处理: Old data, not processed.</summary>
    public const string WaybillStatusOldData = "-505016";

    /// <summary>单证数量过多: Too many documents.</summary>
    public const string WaybillStatusTooManyInMessage = "-505017";

    // e-port, inventory
    /// <summary>没有表体: No lines.</summary>
    public const string InventoryNoLines = "-621000";

    /// <summary>保存失败，或 gnum 重复: It could not be saved, or a gnum is repeated.</summary>
    public const string InventoryRepeatedLine = "-621027";

    /// <summary>报文校验失败: The check of the message failed.</summary>
    public const string InventoryCheckFailed = "-621001";

    /// <summary>请求错误: Bad request.</summary>
    public const string InventoryBadRequest = "-621020";

    /// <summary>单证数量过多: Too many documents.</summary>
    public const string InventoryTooMany = "-621030";

    /// <summary>重复申报：已有申报过的清单: Declared again: a declared inventory exists.</summary>
    public const string InventoryExists = "-621041";

    /// <summary>要变更的清单不存在: The inventory to be changed is not found.</summary>
    public const string InventoryNothingToChange = "-621042";

    /// <summary>已有更新的清单: A newer one exists.</summary>
    public const string InventoryOldData = "-621055";

    /// <summary>清单状态不允许变更: The state of the inventory does not allow a change.</summary>
    public const string InventoryStateForbids = "-621012";

    /// <summary>签名信息为空: There is no signature.</summary>
    public const string InventoryNotSigned = "-621026";

    /// <summary>验签失败: The signature check failed.</summary>
    public const string InventorySignatureFailed = "-621029";

    // e-port, cancellation
    /// <summary>报文中没有清单: No inventory in the request.</summary>
    public const string CancellationEmptyMessage = "-623000";

    /// <summary>报文校验失败: The check of the message failed.</summary>
    public const string CancellationCheckFailed = "-623001";

    /// <summary>单证数量过多: Too many documents.</summary>
    public const string CancellationTooMany = "-623008";

    /// <summary>清单编号不存在: The inventory number is not known.</summary>
    public const string CancellationInventoryUnknown = "-623003";

    /// <summary>撤销申请单不存在: The cancellation is not found.</summary>
    public const string CancellationNotFound = "-623004";

    /// <summary>清单状态不允许撤销: The state of the inventory does not allow cancelling.</summary>
    public const string CancellationStateForbids = "-623005";

    /// <summary>已申报: Already declared.</summary>
    public const string CancellationExists = "-623009";

    /// <summary>没有权限: No right.</summary>
    public const string CancellationNoRight = "-623026";

    /// <summary>验签失败: The signature check failed.</summary>
    public const string CancellationSignatureFailed = "-623029";

    // e-port, return
    /// <summary>没有表体: No lines.</summary>
    public const string ReturnNoLines = "-625006";

    /// <summary>报文校验失败: The check of the message failed.</summary>
    public const string ReturnCheckFailed = "-625001";

    /// <summary>报文为空: The message is empty.</summary>
    public const string ReturnEmptyMessage = "-625003";

    /// <summary>已申报，状态不符: Already declared, the state does not fit.</summary>
    public const string ReturnStateForbids = "-625022";

    /// <summary>验签失败: The signature check failed.</summary>
    public const string ReturnSignatureFailed = "-625208";

    /// <summary>清单中没有该 gnum 和 gcode 的商品: The inventory has no line with this gnum and gcode.</summary>
    public const string ReturnLineUnknown = "-625209";

    // e-port, warehousing
    /// <summary>没有表体: No lines.</summary>
    public const string WarehousingNoLines = "-800000";

    /// <summary>报文校验失败: The check of the message failed.</summary>
    public const string WarehousingCheckFailed = "-800001";

    /// <summary>报文解析失败: The message cannot be parsed.</summary>
    public const string WarehousingUnreadable = "-800002";

    /// <summary>入库明细单已存在: A document of this number exists.</summary>
    public const string WarehousingExists = "-800003";

    /// <summary>旧报文数据，不做处理: Old data, not processed.</summary>
    public const string WarehousingOldData = "-800005";

    /// <summary>单证数量过多: Too many documents.</summary>
    public const string WarehousingTooMany = "-800006";
}
