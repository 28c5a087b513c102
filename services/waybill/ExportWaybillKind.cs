using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Waybill;

/// <summary>出口物流运单. Source: CEB specification (2022-05) §2.5, CEB505.</summary>
internal sealed class ExportWaybillKind : IntakeKind<ExportWaybillAccepted>
{
    public override CebMessage Message => CebMessage.ExportWaybill;

    public override IReadOnlyList<string> Key { get; } = ["logisticsCode", "logisticsNo"];

    /// <summary>A logistics company may not repeat a number within six months (§2.5, logisticsNo).</summary>
    public override int? NumberRecursAfterMonths => 6;

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Logistics];

    public override Type Event => typeof(ExportWaybillsAccepted);

    public override IntakeCodes Codes { get; } =
        new(OfficialCodes.WaybillNumberExists, OfficialCodes.WaybillWrongAppType, OfficialCodes.WaybillStatusOldData);

    public override FieldError? CheckSender(CebDocument document, Caller caller) => Sender.Check(document, caller, "logisticsCode");

    public override ExportWaybillAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers) => new(
        version,
        Sender.Company(document, "logisticsCode"),
        document["logisticsNo"]!,
        document.TextOrNull("ebcCode")?.ToUpperInvariant(),
        document.Number(Message.Head["grossWeight"])!.Value,
        (int)document.Number(Message.Head["packNo"])!.Value);

    public override void Publish(UnitOfWork unit, IReadOnlyList<ExportWaybillAccepted> accepted) => unit.Publish(new ExportWaybillsAccepted(accepted));
}
