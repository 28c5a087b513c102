using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>出口清单. Source: CEB specification (2022-05) §2.11, CEB603.</summary>
internal sealed class ExportInventoryKind : IntakeKind<ExportInventoryAccepted>
{
    private const string Simplified = "A";
    private const string Export = "E";

    public override CebMessage Message => CebMessage.ExportInventory;

    /// <summary>
    /// The declarant's own number [proposed: the specification names none]: an order to companies may leave in several parcels, each with
    /// an inventory, so the order number does not name one.
    /// </summary>
    public override IReadOnlyList<string> Key { get; } = ["agentCode", "copNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Declarant, Roles.Seller];

    public override Type Event => typeof(ExportInventoriesAccepted);

    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.InventoryExists, OfficialCodes.InventoryNothingToChange, OfficialCodes.InventoryOldData);

    public override FieldError? CheckSender(CebDocument document, Caller caller) =>
        Sender.CheckSellerOr(document, caller, "agentCode");

    public override IReadOnlyList<FieldError> Check(CebDocument document)
    {
        var errors = new List<FieldError>();
        if (document["ieFlag"] != Export)
        {
            errors.Add(new("/ieFlag", FieldCodes.NotAllowed, Export, document["ieFlag"]));
        }

        if (document["statisticsFlag"] == Simplified && document.TextOrNull("licenseNo") is { } licence)
        {
            errors.Add(new("/licenseNo", IntakeErrorCodes.LicenceInSimplified, null, licence));
        }

        return [.. errors, .. DeclarationChecks.Of(document)];
    }

    public override ExportInventoryAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers)
    {
        var head = Message.Head;
        return new()
        {
            Document = version,
            DeclarantCode = Sender.Company(document, "agentCode"),
            DeclarantNo = document["copNo"]!,
            PlatformCode = Sender.Company(document, "ebpCode"),
            OrderNo = document["orderNo"]!,
            SellerCode = document.TextOrNull("ebcCode")?.ToUpperInvariant(),
            LogisticsCompanyCode = Sender.Company(document, "logisticsCode"),
            WaybillNo = document["logisticsNo"]!,
            PreNo = numbers!.PreNo(GivenNumbers.LetterOf(Message)!.Value),
            InventoryNo = numbers.InvtNo(document["customsCode"]!, Direction.Export),
            Mode = document["tradeMode"]!,
            Statistics = document["statisticsFlag"]!,
            GrossWeightKg = document.Number(head["grossWeight"])!.Value,
            Parcels = (int)document.Number(head["packNo"])!.Value,
            Lines = [.. document.Lines.Select(ExportLines.Describe)],
            NetWeightKg = document.Number(head["netWeight"])!.Value,
            CustomsCode = document["customsCode"]!,
            PortCode = document["portCode"]!,
            TransportMode = document["trafMode"]!,
            Country = document["country"]!,
            ProducerCode = document["ownerCode"]!.ToUpperInvariant(),
            ProducerName = document["ownerName"]!,
        };
    }

    /// <summary>The desk knows an inventory as soon as its number is given: a request to cancel it does not depend on who is faster.</summary>
    public override void Publish(UnitOfWork unit, IReadOnlyList<ExportInventoryAccepted> accepted)
    {
        unit.Publish(new ExportInventoriesAccepted(accepted));
        unit.BeforeCommit(ExportStore.Accept(accepted));
    }
}
