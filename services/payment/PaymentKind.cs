using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Payment;

/// <summary>支付单. Source: CEB specification (2022-05) §3.3, CEB411.</summary>
internal sealed class PaymentKind : IntakeKind<PaymentAccepted>
{
    public override CebMessage Message => CebMessage.Payment;

    /// <summary>A transaction number is unique at one payment company.</summary>
    public override IReadOnlyList<string> Key { get; } = ["payCode", "payTransactionId"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Payment];

    public override Type Event => typeof(PaymentsAccepted);

    public override IntakeCodes Codes { get; } =
        new(OfficialCodes.PaymentExists, OfficialCodes.PaymentWrongAppType, OfficialCodes.PaymentOldData, OfficialCodes.PaymentAlreadyDeclared);

    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.Check(document, caller, "payCode");

    public override string? OrderNo(CebDocument document) => document["orderNo"];

    public override PaymentAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers)
    {
        var head = Message.Head;
        return new()
        {
            Document = version,
            PaymentCompanyCode = Sender.Company(document, "payCode"),
            PaymentNo = document["payTransactionId"]!,
            PlatformCode = Sender.Company(document, "ebpCode"),
            PlatformName = document["ebpName"]!,
            OrderNo = document["orderNo"]!,
            PayerName = personal.Protect(document["payerName"]!, PersonalKind.Name),
            PayerId = personal.Protect(document["payerIdNumber"]!, PersonalKind.Id),
            AmountPaid = document.Number(head["amountPaid"])!.Value,
            Currency = document["currency"]!,
            PaidAt = document.Time(head["payTime"])!.Value,
        };
    }

    public override void Publish(UnitOfWork unit, IReadOnlyList<PaymentAccepted> accepted) =>
        unit.Publish(new PaymentsAccepted(accepted));
}
