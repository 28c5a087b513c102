using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Exports;
using Sandan.Intake;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Warehousing;

/// <summary>入库明细单, by the operator of the supervised site: the parcels of a master bill. Source: CEB specification (2022-05) §3.15, CEB711.</summary>
internal sealed class WarehousingKind() : TransportKind<WarehousingKind.Accepted>(CebMessage.Warehousing, "operatorCode", Roles.Warehouse)
{
    private const string Import = "I";

    /// <summary>A warehousing has one part; the specification names no key [proposed].</summary>
    public override IReadOnlyList<string> Key { get; } = ["operatorCode", "copNo"];

    public override Type Event => typeof(WarehousingsAccepted);

    /// <summary>Of what is not there the specification has no number.</summary>
    public override IntakeCodes Codes { get; } = new(
        OfficialCodes.WarehousingExists, OfficialCodes.WarehousingCheckFailed, OfficialCodes.WarehousingOldData);

    /// <summary>copNo is mandatory in the text of the specification, though not in its schema: without it the document has no name.</summary>
    public override IReadOnlyList<FieldError> Check(CebDocument document)
    {
        var errors = new List<FieldError>();
        if (document.TextOrNull("copNo") is null)
        {
            errors.Add(new("/copNo", FieldCodes.Required, "C..20"));
        }

        if (document["ieFlag"] != Import)
        {
            errors.Add(new("/ieFlag", FieldCodes.NotAllowed, Import, document["ieFlag"]));
        }

        return errors;
    }

    public override void Publish(UnitOfWork unit, IReadOnlyList<Accepted> accepted) =>
        unit.Publish(new WarehousingsAccepted([.. accepted.Select(one => one.Part)]));

    protected override Accepted Of(TransportPart part) => new(part);

    internal sealed record Accepted(TransportPart Part) : ITransport;
}
