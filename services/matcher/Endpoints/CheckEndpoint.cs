using Sandan.Contracts;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Shared.Http;

namespace Sandan.Matcher.Endpoints;

/// <summary>
/// What documents would come to that were not sent: the matcher's part of <c>POST /v1/check</c>. Asked by the gateway with what the intake
/// services made of them; whoever sends them is known to be allowed to.
/// </summary>
internal static partial class CheckEndpoint
{
    /// <summary>What is asked. Each array is <see cref="EventBytes"/> of the documents as they would be told; null where there are none.</summary>
    private sealed record Question(
        IReadOnlyList<string> OrderNumbers, byte[]? Orders, byte[]? Payments, byte[]? Waybills, byte[]? Inventories,
        byte[]? ExportOrders, byte[]? ExportPayments, byte[]? ExportWaybills, byte[]? ExportInventories)
    {
        public IReadOnlyList<object> Imports =>
            [.. In<OrderAccepted>(Orders), .. In<PaymentAccepted>(Payments), .. In<WaybillAccepted>(Waybills), .. In<InventoryAccepted>(Inventories)];

        public IReadOnlyList<object> Exports =>
        [
            .. In<ExportOrderAccepted>(ExportOrders), .. In<ExportPaymentAccepted>(ExportPayments), .. In<ExportWaybillAccepted>(ExportWaybills),
            .. In<ExportInventoryAccepted>(ExportInventories),
        ];

        private static T[] In<T>(byte[]? bytes) => bytes is null ? [] : EventBytes.Read<T[]>(bytes);
    }

    /// <summary>What follows; <paramref name="Judged"/> is for customs, which say what follows from that.</summary>
    private sealed record Answer(
        bool Fits, IEnumerable<ConsignmentPart> Consignments, IEnumerable<InventoryPart> Inventories, IEnumerable<ExportInventoryPart> ExportInventories,
        IEnumerable<UnusedPart> Unused, Judgements Judged);

    /// <summary><see cref="EventBytes"/> of the inventories that are shown, in the same order.</summary>
    private sealed record Judgements(byte[] Inventories, byte[] ExportInventories);

    /// <summary>The members of <see cref="ConsignmentView"/> that do not speak of what happened.</summary>
    private sealed record ConsignmentPart(
        string EbpCode, string OrderNo, Direction Direction, SupervisionMode? TradeMode, ConsignmentState State, string? RulesVersion,
        IEnumerable<MissingView> Missing, IReadOnlyList<NearMissView> NearMisses, IEnumerable<DiscrepancyView> Discrepancies,
        IReadOnlyList<RiskView> Risks);

    private sealed record InventoryPart(
        string EbcCode, string OrderNo, string EbpCode, ConsignmentState State, IEnumerable<DiscrepancyView> Discrepancies);

    private sealed record ExportInventoryPart(
        string AgentCode, string CopNo, string EbpCode, string? EbcCode, string OrderNo, string LogisticsCode, string LogisticsNo, ConsignmentState State,
        IEnumerable<ExportMissingPart> Missing, IEnumerable<DiscrepancyView> Discrepancies);

    private sealed record ExportMissingPart(DocumentKind Document, string Code, Localized Text, Localized Fix);

    private sealed record UnusedPart(DocumentKind Document, string? OrderNo, string Number, string Code, Localized Text, Localized Fix);

    public static void MapCheck(this IEndpointRouteBuilder app) => app.MapPost("/internal/check", CheckAsync);

    private static async Task<IResult> CheckAsync(HttpContext context, Checking checking, ILogger<Checking> log, CancellationToken ct)
    {
        var asked = (await context.Request.ReadFromJsonAsync<Question>(Problems.Json, ct))!;
        var caller = context.GetCaller();
        var (imports, exports, company) = (asked.Imports, asked.Exports, caller.Company.ToUpperInvariant());
        if (await checking.CheckAsync(imports, asked.OrderNumbers, exports, company, ct) is not { } result)
        {
            return Problems.Busy(context);
        }

        // A document that is sent stays; who only asks what it would show of others' is to be found here.
        Checked(log, caller.Client, company, imports.Count + exports.Count, string.Join(' ', result.Consignments.Select(one => one.Judged.Consignment.OrderNo)
            .Concat(result.Inventories.Select(one => one.Inventory.OrderNo)).Concat(result.Exports.Inventories.Select(one => one.Inventory.OrderNo)).Distinct()));
        return Results.Json(
            new Answer(
                result.Fits,
                result.Consignments.Select(one => Of(one, company)),
                result.Inventories.Select(Of),
                result.Exports.Inventories.Select(Of),
                result.Unused.Select(one => Of(one, result.Ambiguous)).Concat(result.Exports.Unused.Select(Of)),
                new(EventBytes.Write(result.Inventories.ToArray()), EventBytes.Write(result.Exports.Inventories.ToArray()))),
            Problems.Json);
    }

    private static ConsignmentPart Of(CheckedConsignment one, string company)
    {
        var (row, mode, verdict) = (one.Judged.Consignment, one.Judged.Mode, one.Verdict);
        var summary = new ConsignmentSummary(
            row.PlatformCode, row.OrderNo, Direction.Import, mode, row.State, row.Revision, row.Missing, row.WaitingSince, row.Overdue, row.WaitingSince);
        return new(
            row.PlatformCode, row.OrderNo, Direction.Import, mode, row.State, verdict?.RulesVersion,
            row.Missing.Select(kind => ConsignmentEndpoints.MissingOf(kind, summary)),
            NearMissView.Of(one.Near, one.Judged.Joined, company),
            (verdict?.Discrepancies ?? []).Select(DiscrepancyView.Of),
            RiskView.Of(verdict?.Risks ?? [], everything: false));
    }

    private static InventoryPart Of(InventoryJudged one) => new(
        one.Inventory.SellerCode, one.Inventory.OrderNo, one.Inventory.PlatformCode, one.State, one.Discrepancies.Select(DiscrepancyView.Of));

    private static ExportInventoryPart Of(ExportInventoryJudged one)
    {
        var declared = one.Inventory;
        return new(
            declared.DeclarantCode, declared.DeclarantNo, declared.PlatformCode, declared.SellerCode, declared.OrderNo, declared.LogisticsCompanyCode,
            declared.WaybillNo, one.State, one.Missing.Select(MissingOf), one.Discrepancies.Select(DiscrepancyView.Of));

        static ExportMissingPart MissingOf(DocumentKind kind)
        {
            var entry = CodeDictionary.Get(MatchCodes.ExportMissing(kind));
            return new(kind, entry.Code, entry.Text, entry.Fix);
        }
    }

    private static UnusedPart Of(HeldDocument one, IReadOnlySet<string> ambiguous)
    {
        var code = one.Kind == DocumentKind.Waybill && ambiguous.Contains(one.OrderNo) ? MatchCodes.PlatformAmbiguous : MatchCodes.AnotherIsCompared;
        var entry = CodeDictionary.Get(code);
        return new(one.Kind, one.OrderNo, one.Number, code, entry.Text, entry.Fix);
    }

    private static UnusedPart Of(ExportDocument one)
    {
        var entry = CodeDictionary.Get(MatchCodes.ExportInventoryMissing);
        return one.Content switch
        {
            ExportOrderAccepted order => new(one.Kind, order.OrderNo, order.OrderNo, entry.Code, entry.Text, entry.Fix),
            ExportPaymentAccepted payment => new(one.Kind, payment.OrderNo, payment.PaymentNo ?? payment.OrderNo, entry.Code, entry.Text, entry.Fix),
            _ => new(one.Kind, null, ((ExportWaybillAccepted)one.Content).WaybillNo, entry.Code, entry.Text, entry.Fix),
        };
    }

    [LoggerMessage(LogLevel.Information, "{Client} of {Company} checked {Documents} documents and was shown {OrderNumbers}")]
    private static partial void Checked(ILogger log, string client, string company, int documents, string orderNumbers);
}
