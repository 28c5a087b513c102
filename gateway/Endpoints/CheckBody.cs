using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;

namespace Sandan.Gateway.Endpoints;

/// <summary>How the matcher joins a document with others.</summary>
internal enum CheckedJoin
{
    ByOrderNumber,
    ByInventory,
}

/// <param name="Member">Of the body and of the answer.</param>
/// <param name="Schema">Of one document, in the OpenAPI document.</param>
/// <param name="Service">That takes it.</param>
/// <param name="Join">Null where it is compared with no other document, or customs do it.</param>
internal sealed record CheckedKind(string Member, string Schema, string Service, CebMessage Message, CheckedJoin? Join = null);

/// <summary>What a check has to say of which documents.</summary>
internal static class CheckBody
{
    private const int DocumentsMax = 100;

    /// <summary>Most characters shown of the name of a member.</summary>
    private const int NameMax = 100;

    /// <summary>All that is taken.</summary>
    public static readonly IReadOnlyList<CheckedKind> Kinds =
    [
        new("orders", "Order", "order", CebMessage.Order, CheckedJoin.ByOrderNumber),
        new("payments", "Payment", "payment", CebMessage.Payment, CheckedJoin.ByOrderNumber),
        new("waybills", "Waybill", "waybill", CebMessage.Waybill, CheckedJoin.ByOrderNumber),
        new("inventories", "Inventory", "customs", CebMessage.Inventory, CheckedJoin.ByOrderNumber),
        new("exportOrders", "ExportOrder", "order", CebMessage.ExportOrder, CheckedJoin.ByInventory),
        new("exportPayments", "ExportPayment", "payment", CebMessage.ExportPayment, CheckedJoin.ByInventory),
        new("exportWaybills", "ExportWaybill", "waybill", CebMessage.ExportWaybill, CheckedJoin.ByInventory),
        new("exportInventories", "ExportInventory", "customs", CebMessage.ExportInventory, CheckedJoin.ByInventory),
        new("waybillStatuses", "WaybillStatus", "waybill", CebMessage.WaybillStatus),
        new("cancellations", "Cancellation", "customs", CebMessage.Cancellation),
        new("returns", "Return", "customs", CebMessage.Return),
        new("exportCancellations", "ExportCancellation", "customs", CebMessage.ExportCancellation),
        new("manifests", "Manifest", "customs", CebMessage.Manifest),
        new("arrivals", "Arrival", "customs", CebMessage.Arrival),
        new("departures", "Departure", "customs", CebMessage.Departure),
        new("exportReturns", "ExportReturn", "customs", CebMessage.ExportReturn),
        new("exportReturnTallies", "ExportReturnTally", "customs", CebMessage.ReturnTally),
        new("summaries", "Summary", "customs", CebMessage.Summary),
        new("warehousings", "Warehousing", "customs", CebMessage.Warehousing),
    ];

    /// <summary>The arrays of a JSON body.</summary>
    public static List<(CheckedKind Kind, ReadOnlyMemory<byte> Body)> OfJson(ReadOnlyMemory<byte> body, List<FieldError> faults)
    {
        var parts = new List<(CheckedKind, ReadOnlyMemory<byte>)>();
        try
        {
            using var json = JsonDocument.Parse(body.Span.StartsWith(Encoding.UTF8.Preamble) ? body[3..] : body);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                faults.Add(new("", FieldCodes.MustBeObject));
                return parts;
            }

            var (seen, count) = (new HashSet<CheckedKind>(), 0);
            foreach (var member in json.RootElement.EnumerateObject())
            {
                var kind = Kinds.FirstOrDefault(one => one.Member == member.Name);
                var fault = kind is null ? FieldCodes.UnknownMember
                    : !seen.Add(kind) ? FieldCodes.DuplicateMember
                    : member.Value.ValueKind != JsonValueKind.Array ? FieldCodes.MustBeArray
                    : null;
                if (fault is not null)
                {
                    faults.Add(new(PointerOf(member.Name), fault, Form));
                    return parts;
                }

                count += member.Value.GetArrayLength();
                if (member.Value.GetArrayLength() > 0)
                {
                    parts.Add((kind!, JsonMarshal.GetRawUtf8Value(member.Value).ToArray()));
                }
            }

            if (count is 0 or > DocumentsMax)
            {
                faults.Add(count == 0 ? new("", FieldCodes.EmptyBody) : new("", FieldCodes.TooManyItems, $"<= {DocumentsMax}", $"{count}"));
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException) // the latter: a name that is half a surrogate pair
        {
            faults.Add(new("", FieldCodes.BadJson, Form));
        }

        return parts;
    }

    /// <summary>The whole of an XML body, which tells by its first bytes what it is.</summary>
    public static List<(CheckedKind Kind, ReadOnlyMemory<byte> Body)> OfMessage(ReadOnlyMemory<byte> body, List<FieldError> faults)
    {
        var message = MessageRoot.MessageOf(body.Span[..Math.Min(body.Length, MessageRoot.BytesEnough)]);
        if (Kinds.FirstOrDefault(one => one.Message == message) is { } kind)
        {
            return [(kind, body)];
        }

        faults.Add(new("", FieldCodes.WrongMessage, string.Join(", ", Kinds.Select(one => one.Message.RootName)), message?.RootName));
        return [];
    }

    /// <summary>RFC 6901.</summary>
    private static string PointerOf(string member) => "/" + member[..Math.Min(member.Length, NameMax)]
        .Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string Form => $"{{ {string.Join(", ", Kinds.Select(one => $"\"{one.Member}\"?: [ … ]"))} }}";
}
