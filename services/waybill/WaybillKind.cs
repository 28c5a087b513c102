using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Waybill;

/// <summary>运单. Source: CEB specification (2022-05) §3.5, CEB511.</summary>
internal sealed class WaybillKind : IntakeKind<WaybillAccepted>
{
    public override CebMessage Message => CebMessage.Waybill;

    /// <summary>A waybill number is unique at one logistics company.</summary>
    public override IReadOnlyList<string> Key { get; } = ["logisticsCode", "logisticsNo"];

    /// <summary>A logistics company may not repeat a number within six months (§3.5, logisticsNo).</summary>
    public override int? NumberRecursAfterMonths => 6;

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Logistics];

    public override Type Event => typeof(WaybillsAccepted);

    public override IntakeCodes Codes { get; } =
        new(OfficialCodes.WaybillNumberExists, OfficialCodes.WaybillWrongAppType, OfficialCodes.WaybillStatusOldData, OfficialCodes.WaybillAlreadyDeclared);

    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.Check(document, caller, "logisticsCode");

    public override string? OrderNo(CebDocument document) => document["orderNo"];

    public override WaybillAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers)
    {
        var head = Message.Head;
        return new()
        {
            Document = version,
            LogisticsCompanyCode = Sender.Company(document, "logisticsCode"),
            WaybillNo = document["logisticsNo"]!,
            OrderNo = document["orderNo"]!,
            PlatformCode = document["platformCode"] is { Length: > 0 } platform ? platform.ToUpperInvariant() : null,
            Freight = document.Number(head["freight"]) ?? 0,
            InsuredFee = document.Number(head["insuredFee"]) ?? 0,
            Currency = document["currency"]!,
            GrossWeightKg = document.Number(head["weight"])!.Value,
            Consignee = personal.Protect(document["consignee"]!, PersonalKind.Name),
            ConsigneeTelephone = personal.Protect(document["consigneeTelephone"]!, PersonalKind.Phone),
            ConsigneeAddress = personal.Protect(document["consigneeAddress"]!, PersonalKind.Address),
        };
    }

    public override void Publish(UnitOfWork unit, IReadOnlyList<WaybillAccepted> accepted) =>
        unit.Publish(new WaybillsAccepted(accepted));
}
