using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Waybill;

/// <summary>运单状态. Source: CEB specification (2022-05) §3.7, CEB513.</summary>
internal sealed class WaybillStatusKind : IntakeKind<WaybillStatusAccepted>
{
    public override CebMessage Message => CebMessage.WaybillStatus;

    public override IReadOnlyList<string> Key { get; } = ["logisticsCode", "logisticsNo", "logisticsStatus"];

    /// <summary>A logistics company may not repeat a number within six months (§3.7, logisticsNo).</summary>
    public override int? NumberRecursAfterMonths => 6;

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Logistics];

    public override Type Event => typeof(WaybillStatusesAccepted);

    public override IntakeCodes Codes { get; } =
        new(OfficialCodes.WaybillStatusExists, OfficialCodes.WaybillStatusNoOperation, OfficialCodes.WaybillStatusOldData);

    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.Check(document, caller, "logisticsCode");

    public override WaybillStatusAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers) => new(
        version,
        Sender.Company(document, "logisticsCode"),
        document["logisticsNo"]!,
        document["logisticsStatus"]!,
        document.Time(Message.Head["logisticsTime"])!.Value);

    public override void Publish(UnitOfWork unit, IReadOnlyList<WaybillStatusAccepted> accepted) =>
        unit.Publish(new WaybillStatusesAccepted(accepted));
}
