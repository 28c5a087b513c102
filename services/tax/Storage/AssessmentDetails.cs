using MessagePack;
using Sandan.Contracts.Events;

namespace Sandan.Tax.Storage;

/// <summary>
/// What only the service reads of an assessment: the answer to who asks, and what is needed to assess again. A member is
/// added at the end and with a new key. Public, because MessagePack makes its readers only for what is.
/// </summary>
/// <param name="ListFrom">First day of the positive list used; null where none was.</param>
/// <param name="Mode">Supervision mode of the verdict; null where nobody said.</param>
/// <param name="Goods">Those of the verdict, without the person, who has a column.</param>
[MessagePackObject]
public sealed record AssessmentDetails(
    [property: Key(0)] decimal DutiableValue,
    [property: Key(1)] decimal Tariff,
    [property: Key(2)] decimal Vat,
    [property: Key(3)] decimal ConsumptionTax,
    [property: Key(4)] IReadOnlyList<TaxReason> Reasons,
    [property: Key(5)] IReadOnlyList<TaxedLine> Lines,
    [property: Key(6)] DateOnly? ListFrom,
    [property: Key(7)] DateTimeOffset AssessedAt,
    [property: Key(8)] int? Mode,
    [property: Key(9)] ConsignmentGoods Goods);
