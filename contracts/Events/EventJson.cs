using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sandan.Contracts.Events;

/// <summary>How events are written: camelCase, nothing for null, generated at build time.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OrdersAccepted))]
[JsonSerializable(typeof(PaymentsAccepted))]
[JsonSerializable(typeof(WaybillsAccepted))]
[JsonSerializable(typeof(WaybillStatusesAccepted))]
[JsonSerializable(typeof(ConsignmentsJudged))]
[JsonSerializable(typeof(ConsignmentsOverdue))]
[JsonSerializable(typeof(DeliveriesOverdue))]
[JsonSerializable(typeof(TaxesAssessed))]
[JsonSerializable(typeof(ClearancesDecided))]
[JsonSerializable(typeof(CompaniesRegistered))]
[JsonSerializable(typeof(GoodsFiled))]
public sealed partial class EventJson : JsonSerializerContext;
