using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>进口退货申请单. Source: CEB specification (2022-05) §3.13, CEB625.</summary>
internal sealed class ReturnKind : IntakeKind<ReturnAccepted>
{
    public override CebMessage Message => CebMessage.Return;

    /// <summary>Goods of an inventory may come back in parts, each under a number of its own.</summary>
    public override IReadOnlyList<string> Key { get; } = ["agentCode", "invtNo", "copNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Declarant, Roles.Seller];

    public override Type Event => typeof(ReturnsAccepted);

    /// <summary>Of what is not there and of old data the specification has no number.</summary>
    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.ReturnStateForbids, OfficialCodes.ReturnCheckFailed, OfficialCodes.ReturnCheckFailed);

    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.CheckSellerOr(document, caller, "agentCode");

    public override IReadOnlyList<FieldError> Check(CebDocument document) => [.. DeclarationChecks.Numbers(document, "preNo")];

    public override ReturnAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers) => new()
    {
        Document = version,
        PreNo = numbers!.PreNo(GivenNumbers.LetterOf(Message)!.Value),
        InventoryNo = document["invtNo"]!,
        PlatformCode = Sender.Company(document, "ebpCode"),
        OrderNo = document["orderNo"]!,
        SellerCode = Sender.Company(document, "ebcCode"),
        LogisticsCompanyCode = Sender.Company(document, "logisticsCode"),
        WaybillNo = document["logisticsNo"]!,
        DeclarantCode = Sender.Company(document, "agentCode"),
        BuyerName = personal.Protect(document["buyerName"]!, PersonalKind.Name),
        BuyerId = personal.Protect(document["buyerIdNumber"]!, PersonalKind.Id),
        Lines = [.. document.Lines.Select(line => new ReturnLine(
            (int)line.Number(line.Table["gnum"])!.Value, line["gcode"]!, line.Number(line.Table["qty"])!.Value))],
    };

    public override void Publish(UnitOfWork unit, IReadOnlyList<ReturnAccepted> accepted) => unit.Publish(new ReturnsAccepted(accepted));
}
