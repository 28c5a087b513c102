using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Sandan.Customs.Declarations;
using Sandan.Customs.Endpoints;
using Sandan.Customs.Exports;
using Sandan.Customs.Feed;
using Sandan.Customs.Stock;
using Sandan.Customs.Warehousing;

namespace Sandan.Customs.Storage;

/// <summary>
/// How this service writes JSON into its feed and answers: camelCase, nothing for null, Chinese as it is.
/// </summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FeedData))]
[JsonSerializable(typeof(ClearanceView))]
[JsonSerializable(typeof(ClearancePage))]
[JsonSerializable(typeof(ActionRequest))]
[JsonSerializable(typeof(InventoryView))]
[JsonSerializable(typeof(ExportView))]
[JsonSerializable(typeof(ReturnView))]
[JsonSerializable(typeof(ExportReturnView))]
[JsonSerializable(typeof(SummaryView))]
[JsonSerializable(typeof(IReadOnlyList<SummaryDeclarationView>))]
[JsonSerializable(typeof(WarehousingView))]
[JsonSerializable(typeof(OpenedAccount))]
[JsonSerializable(typeof(StockAccountView))]
[JsonSerializable(typeof(StockMovementPage))]
internal sealed partial class CustomsJson : JsonSerializerContext
{
    /// <summary>The context to use: as the attributes say, and Chinese is not escaped.</summary>
    public static readonly CustomsJson Plain = new(new JsonSerializerOptions(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new LocalizedJson() },
    });
}
