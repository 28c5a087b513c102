using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>清单总分单, by the declarant. Source: CEB specification (2022-05) §2.15, CEB607.</summary>
internal sealed class ManifestKind() : TransportKind<ManifestKind.Accepted>(CebMessage.Manifest, "agentCode", Roles.Declarant)
{
    protected override Accepted Of(TransportPart part) => new(part);

    internal sealed record Accepted(TransportPart Part) : ITransport;
}

/// <summary>运抵单, by the logistics company. Source: CEB specification (2022-05) §2.7, CEB507.</summary>
internal sealed class ArrivalKind() : TransportKind<ArrivalKind.Accepted>(CebMessage.Arrival, "logisticsCode", Roles.Logistics)
{
    protected override Accepted Of(TransportPart part) => new(part);

    internal sealed record Accepted(TransportPart Part) : ITransport;
}

/// <summary>离境单, by the logistics company. Source: CEB specification (2022-05) §2.9, CEB509.</summary>
internal sealed class DepartureKind() : TransportKind<DepartureKind.Accepted>(CebMessage.Departure, "logisticsCode", Roles.Logistics)
{
    protected override Accepted Of(TransportPart part) => new(part);

    internal sealed record Accepted(TransportPart Part) : ITransport;
}

/// <summary>
/// 退货理货明细单, that a parcel is back, by the operator of the supervised site: a warehouse, or a logistics company that runs one. Source: CEB specification (2022-05) §2.19, CEB215.
/// </summary>
internal sealed class TallyKind : IntakeKind<TallyKind.Accepted>
{
    public override CebMessage Message => CebMessage.ReturnTally;

    public override IReadOnlyList<string> Key { get; } = ["operatorCode", "coElNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [Roles.Logistics, Roles.Warehouse];

    public override Type Event => typeof(TransportsAccepted);

    /// <summary>The specification has no numbers of exports: those of returns of imports.</summary>
    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.ReturnStateForbids, OfficialCodes.ReturnCheckFailed, OfficialCodes.ReturnCheckFailed);

    public override FieldError? CheckSender(CebDocument document, Caller caller) => Sender.Check(document, caller, Key[0]);

    public override IReadOnlyList<FieldError> Check(CebDocument document) => [.. DeclarationChecks.Numbers(document, "preNo")];

    public override Accepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers) => new(new()
    {
        Document = version,
        Message = Message.Type,
        CompanyCode = Sender.Company(document, Key[0]),
        CompanyNo = document["coElNo"]!,
        Part = 1,
        Parts = 1,
        LogisticsCompanyCode = Sender.Company(document, "logisticsCode"),
        BillNo = document["billNo"],
        VoyageNo = document["voyageNo"],
        WaybillNos = [document["logisticsNo"]!],
        InventoryNo = document.TextOrNull("invtNo"),
    });

    public override void Publish(UnitOfWork unit, IReadOnlyList<Accepted> accepted) =>
        unit.Publish(new TransportsAccepted([.. accepted.Select(one => one.Part)]));

    internal sealed record Accepted(TransportPart Part);
}

/// <summary>What was accepted of a list of parcels: by its type the three kinds are told apart.</summary>
internal interface ITransport
{
    TransportPart Part { get; }
}

/// <summary>A list of parcels, or a part of it.</summary>
/// <param name="company">Field of the company that sends it.</param>
internal abstract class TransportKind<TAccepted>(CebMessage message, string company, string role) : IntakeKind<TAccepted>
    where TAccepted : ITransport
{
    public override CebMessage Message => message;

    /// <summary>Each part is a document of its own.</summary>
    public override IReadOnlyList<string> Key { get; } = [company, "copNo", "msgSeqNo"];

    public override IReadOnlyList<string> SenderRoles { get; } = [role];

    public override Type Event => typeof(TransportsAccepted);

    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.InventoryExists, OfficialCodes.InventoryNothingToChange, OfficialCodes.InventoryOldData);

    public override FieldError? CheckSender(CebDocument document, Caller caller) => Sender.Check(document, caller, company);

    public override IReadOnlyList<FieldError> Check(CebDocument document) => [.. DeclarationChecks.Parts(document)];

    public override TAccepted Describe(CebDocument document, PersonalData personal, DocumentVersion version, GivenNumbers? numbers) => Of(new()
    {
        Document = version,
        Message = Message.Type,
        CompanyCode = Sender.Company(document, company),
        CompanyNo = document["copNo"]!,
        Part = NumberOf(document, "msgSeqNo"),
        Parts = NumberOf(document, "msgCount"),
        LogisticsCompanyCode = Sender.Company(document, "logisticsCode"),
        BillNo = document.TextOrNull("billNo"),
        VoyageNo = TextOf(document, "voyageNo"),
        LeftAt = Message.Head.Find("leaveTime") is { } left ? document.Time(left) : null,
        WaybillNos = [.. document.Lines.Select(line => line["logisticsNo"]!).Distinct()],
        TransportNo = TextOf(document, "trafNo"),
        Place = TextOf(document, "unloadLocation"),
    });

    public override void Publish(UnitOfWork unit, IReadOnlyList<TAccepted> accepted) =>
        unit.Publish(new TransportsAccepted([.. accepted.Select(one => one.Part)]));

    /// <summary>As what this kind tells.</summary>
    protected abstract TAccepted Of(TransportPart part);

    /// <summary>1 where the message comes in one part.</summary>
    private int NumberOf(CebDocument document, string field) => Message.Head.Find(field) is { } known ? (int)document.Number(known)!.Value : 1;

    private string? TextOf(CebDocument document, string field) => Message.Head.Find(field) is null ? null : document.TextOrNull(field);
}
