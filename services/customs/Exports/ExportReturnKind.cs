using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>出口退货申请单, by the seller. Source: CEB specification (2022-05) §2.17, CEB213; GACC 2020-44.</summary>
internal sealed class ExportReturnKind : IntakeKind<ExportReturnAccepted>
{
    private static readonly string[] China = ["142", "CHN"];

    public override CebMessage Message => CebMessage.ExportReturn;

    /// <summary>Goods of an inventory may come back in parts, each under a number of its own.</summary>
    public override IReadOnlyList<string> Key { get; } = ["ebcCode", "invtNo", "coElNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Seller];

    public override Type Event => typeof(ExportReturnsAccepted);

    /// <summary>The specification has no numbers of exports: those of returns of imports.</summary>
    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.ReturnStateForbids, OfficialCodes.ReturnCheckFailed, OfficialCodes.ReturnCheckFailed);

    public override FieldError? CheckSender(CebDocument document, Caller caller) => Sender.Check(document, caller, "ebcCode");

    public override IReadOnlyList<FieldError> Check(CebDocument document)
    {
        var errors = new List<FieldError>([.. DeclarationChecks.Numbers(document, "preNo"), .. DeclarationChecks.SecondUnits(document)]);
        if (China.Contains(document["country"]))
        {
            errors.Add(new("/country", FieldCodes.NotAllowed, "!= 142, CHN", document["country"])); // 不能为中国
        }

        return errors;
    }

    public override ExportReturnAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers) => new()
    {
        Document = version,
        PreNo = numbers!.PreNo(GivenNumbers.LetterOf(Message)!.Value),
        SellerNo = document["coElNo"]!,
        InventoryNo = document["invtNo"]!,
        PlatformCode = Sender.Company(document, "ebpCode"),
        SellerCode = Sender.Company(document, "ebcCode"),
        LogisticsCompanyCode = Sender.Company(document, "logisticsCode"),
        WaybillNo = document["logisticsNo"]!,
        DeclarantCode = Sender.Company(document, "agentCode"),
        Mode = document.TextOrNull("tradeMode"),
        Lines = [.. document.Lines.Select(line => new ExportReturnLine(
            (int)line.Number(line.Table["gnum"])!.Value, line.Number(line.Table["qty"])!.Value, line["unit"]!, ExportLines.GoodsOf(line)))],
    };

    public override void Publish(UnitOfWork unit, IReadOnlyList<ExportReturnAccepted> accepted) => unit.Publish(new ExportReturnsAccepted(accepted));
}
