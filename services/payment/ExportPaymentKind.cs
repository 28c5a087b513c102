using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Payment;

/// <summary>收款单, what was received for an export order. Source: CEB specification (2022-05) §2.3, CEB403.</summary>
internal sealed class ExportPaymentKind : IntakeKind<ExportPaymentAccepted>
{
    public override CebMessage Message => CebMessage.ExportPayment;

    /// <summary>payNo is left out where the order was not paid online.</summary>
    public override IReadOnlyList<string> Key { get; } = ["ebcCode", "ebpCode", "orderNo", "payNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Payment, Roles.Seller];

    public override Type Event => typeof(ExportPaymentsAccepted);

    public override IntakeCodes Codes { get; } =
        new(OfficialCodes.PaymentExists, OfficialCodes.PaymentWrongAppType, OfficialCodes.PaymentOldData);

    /// <summary>A payment company sends what it took; a seller what it was paid, also 现金支付, which no payment company knows of.</summary>
    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.CheckSellerOr(document, caller, "payCode");

    public override ExportPaymentAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers) => new(
        version,
        Sender.Company(document, "ebpCode"),
        document["orderNo"]!,
        Sender.Company(document, "ebcCode"),
        document.TextOrNull("payNo"),
        document.Number(Message.Head["charge"])!.Value,
        document["currency"]!);

    public override void Publish(UnitOfWork unit, IReadOnlyList<ExportPaymentAccepted> accepted) => unit.Publish(new ExportPaymentsAccepted(accepted));
}
