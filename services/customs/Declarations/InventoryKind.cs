using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Declarations;

/// <summary>进口清单. Source: CEB specification (2022-05) §3.9, CEB621; matching of the declaration with its order.</summary>
internal sealed class InventoryKind : IntakeKind<InventoryAccepted>
{
    public override CebMessage Message => CebMessage.Inventory;

    /// <summary>As integrators know it: 清单中业务主键 is order number and seller.</summary>
    public override IReadOnlyList<string> Key { get; } = ["ebcCode", "orderNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Declarant, Roles.Seller];

    public override Type Event => typeof(InventoriesAccepted);

    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.InventoryExists, OfficialCodes.InventoryNothingToChange, OfficialCodes.InventoryOldData);

    /// <summary>The seller declares by itself, or its agent does.</summary>
    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.CheckSellerOr(document, caller, "agentCode");

    public override IReadOnlyList<FieldError> Check(CebDocument document)
    {
        var head = Message.Head;
        var errors = new List<FieldError>();
        string[] guarantors = ["ebpCode", "ebcCode", "agentCode", "logisticsCode"];
        if (!guarantors.Any(field => string.Equals(document[field], document["assureCode"], StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add(new("/assureCode", IntakeErrorCodes.GuarantorUnknown, string.Join(" | ", guarantors), document["assureCode"]));
        }

        if (document.Number(head["packNo"]) != 1)
        {
            errors.Add(new("/packNo", IntakeErrorCodes.NotOneParcel, "1", document["packNo"]));
        }

        return [.. errors, .. DeclarationChecks.Of(document)];
    }

    public override InventoryAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers)
    {
        var head = Message.Head;
        return new()
        {
            Document = version,
            PlatformCode = Sender.Company(document, "ebpCode"),
            OrderNo = document["orderNo"]!,
            SellerCode = Sender.Company(document, "ebcCode"),
            LogisticsCompanyCode = Sender.Company(document, "logisticsCode"),
            WaybillNo = document["logisticsNo"]!,
            DeclarantCode = Sender.Company(document, "agentCode"),
            PreNo = numbers!.PreNo(GivenNumbers.LetterOf(Message)!.Value),
            InventoryNo = numbers.InvtNo(document["customsCode"]!, Direction.Import),
            Mode = document["tradeMode"]!,
            Freight = document.Number(head["freight"])!.Value,
            InsuredFee = document.Number(head["insuredFee"])!.Value,
            BuyerName = personal.Protect(document["buyerName"]!, PersonalKind.Name),
            BuyerId = personal.Protect(document["buyerIdNumber"]!, PersonalKind.Id),
            BuyerTelephone = personal.Protect(document["buyerTelephone"]!, PersonalKind.Phone),
            ConsigneeAddress = personal.Protect(document["consigneeAddress"]!, PersonalKind.Address),
            Account = document.TextOrNull("emsNo"),
            GuarantorCode = document["assureCode"]!.ToUpperInvariant(),
            CustomsCode = document["customsCode"]!,
            AreaCode = document.TextOrNull("areaCode")?.ToUpperInvariant(),
            TransportNo = document.TextOrNull("trafNo"),
            VoyageNo = document.TextOrNull("voyageNo"),
            BillNo = document.TextOrNull("billNo"),
            Lines = [.. document.Lines.Select(Describe)],
        };
    }

    /// <summary>The desk knows an inventory as soon as its number is given: what names it next does not depend on who is faster.</summary>
    public override void Publish(UnitOfWork unit, IReadOnlyList<InventoryAccepted> accepted)
    {
        unit.Publish(new InventoriesAccepted(accepted));
        unit.BeforeCommit(InventoryStore.Accept(accepted));
    }

    private static InventoryLine Describe(CebLine line)
    {
        var fields = line.Table;
        return new()
        {
            LineNo = (int)line.Number(fields["gnum"])!.Value,
            RecordNo = line.TextOrNull("itemRecordNo"),
            HsCode = line["gcode"]!,
            Name = line["gname"]!,
            Unit = line["unit"]!,
            Quantity = line.Number(fields["qty"])!.Value,
            Price = line.Number(fields["price"])!.Value,
            TotalPrice = line.Number(fields["totalPrice"])!.Value,
            Country = line["country"]!,
        };
    }
}
