using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sandan.Contracts.Events;

/// <summary>How parked items are shown to people: camelCase, nothing for null. On their way events are <see cref="EventBytes"/>.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OrdersAccepted))]
[JsonSerializable(typeof(PaymentsAccepted))]
[JsonSerializable(typeof(WaybillsAccepted))]
[JsonSerializable(typeof(WaybillStatusesAccepted))]
[JsonSerializable(typeof(InventoriesAccepted))]
[JsonSerializable(typeof(CancellationsAccepted))]
[JsonSerializable(typeof(ExportOrdersAccepted))]
[JsonSerializable(typeof(ExportPaymentsAccepted))]
[JsonSerializable(typeof(ExportWaybillsAccepted))]
[JsonSerializable(typeof(ExportInventoriesAccepted))]
[JsonSerializable(typeof(ExportInventoriesJudged))]
[JsonSerializable(typeof(ExportCancellationsAccepted))]
[JsonSerializable(typeof(TransportsAccepted))]
[JsonSerializable(typeof(ExportReturnsAccepted))]
[JsonSerializable(typeof(SummariesAccepted))]
[JsonSerializable(typeof(WarehousingsAccepted))]
[JsonSerializable(typeof(ReturnsAccepted))]
[JsonSerializable(typeof(ReturnsReleased))]
[JsonSerializable(typeof(ConsignmentsJudged))]
[JsonSerializable(typeof(InventoriesJudged))]
[JsonSerializable(typeof(ConsignmentsOverdue))]
[JsonSerializable(typeof(DeliveriesOverdue))]
[JsonSerializable(typeof(TaxesAssessed))]
[JsonSerializable(typeof(ClearancesDecided))]
[JsonSerializable(typeof(CompaniesRegistered))]
[JsonSerializable(typeof(GoodsFiled))]
[JsonSerializable(typeof(CertificatesRegistered))]
public sealed partial class EventJson : JsonSerializerContext;
