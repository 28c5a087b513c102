using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>进口撤销申请单. Source: CEB specification (2022-05) §3.11, CEB623.</summary>
internal sealed class CancellationKind : IntakeKind<CancellationAccepted>
{
    public override CebMessage Message => CebMessage.Cancellation;

    /// <summary>Who asked in vain may ask again under another number of its own.</summary>
    public override IReadOnlyList<string> Key { get; } = ["agentCode", "invtNo", "copNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Declarant, Roles.Seller];

    public override Type Event => typeof(CancellationsAccepted);

    /// <summary>Of old data the specification has no number.</summary>
    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.CancellationExists, OfficialCodes.CancellationNotFound, OfficialCodes.CancellationCheckFailed);

    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.CheckSellerOr(document, caller, "agentCode");

    public override CancellationAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers) =>
        new(version, document["invtNo"]!, Sender.Company(document, "agentCode"));

    public override void Publish(UnitOfWork unit, IReadOnlyList<CancellationAccepted> accepted) => unit.Publish(new CancellationsAccepted(accepted));
}
