using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>出口撤销申请单. Source: CEB specification (2022-05) §2.13, CEB605.</summary>
internal sealed class ExportCancellationKind : IntakeKind<ExportCancellationKind.Accepted>
{
    public override CebMessage Message => CebMessage.ExportCancellation;

    /// <summary>Who asked in vain may ask again under another number of its own.</summary>
    public override IReadOnlyList<string> Key { get; } = ["agentCode", "invtNo", "copNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Declarant, Roles.Seller];

    public override Type Event => typeof(ExportCancellationsAccepted);

    /// <summary>Of old data the specification has no number.</summary>
    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.CancellationExists, OfficialCodes.CancellationNotFound, OfficialCodes.CancellationCheckFailed);

    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.CheckSellerOr(document, caller, "agentCode");

    public override Accepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers) =>
        new(new(version, document["invtNo"]!, Sender.Company(document, "agentCode")));

    public override void Publish(UnitOfWork unit, IReadOnlyList<Accepted> accepted) =>
        unit.Publish(new ExportCancellationsAccepted([.. accepted.Select(one => one.Cancellation)]));

    /// <summary>What was accepted: the same as of an import, told apart by its type.</summary>
    internal sealed record Accepted(CancellationAccepted Cancellation);
}
