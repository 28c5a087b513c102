using MassTransit;
using Microsoft.Extensions.Options;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Customs.Domain;
using Sandan.Customs.Feed;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>Works requests to sum inventories up in, part by part; what is whole is summed up, once all that it lists may be.</summary>
internal sealed class SummaryDesk(IOptions<CustomsOptions> options, TimeProvider time)
{
    /// <summary>Parts. An older or a repeated version does nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<SummaryPart> accepted, CancellationToken ct)
    {
        await ExportStore.LockAsync(unit, ct);
        var known = (await SummaryStore.FindAsync(unit, [.. accepted.Select(SummaryKey.Of).Distinct()], ct))
            .ToDictionary(one => (SummaryKey.Of(one.Part), one.Part.Part));
        // Whoever is summed up takes no part any more, be it another one.
        var final = known.Where(one => one.Value.IsFinal).Select(one => one.Key.Item1).ToHashSet();
        var (changed, told, now) = (new List<SummaryRow>(), new List<(DeclarationReceipt, FeedEvent?)>(), time.GetUtcNow());
        foreach (var part in accepted.OrderBy(one => one.Document.Version))
        {
            var place = (SummaryKey.Of(part), part.Part);
            var before = known.GetValueOrDefault(place);
            if (part.Document.Version <= before?.Part.Document.Version)
            {
                continue;
            }

            var row = new SummaryRow(part, 0, null, null);
            if (final.Contains(place.Item1))
            {
                told.Add((row.With(SummaryRules.TooLate, null, now).Receipt, null));
                continue;
            }

            if (part.Document.Deleted)
            {
                (row, var receipt) = row.With(SummaryRules.Concluded, null, now);
                told.Add((receipt, null));
            }

            known[place] = row;
            changed.Add(row);
        }

        SummaryRow[] newest = [.. changed.GroupBy(one => (SummaryKey.Of(one.Part), one.Part.Part)).Select(some => some.Last())];
        await SummaryStore.PutAsync(unit, newest, ct);
        await SummaryStore.PutLinesAsync(unit, [.. newest.Select(one => one.Part)], ct);
        await ReceiptStore.TellAsync(unit, told, ct);
        await DecideAsync(unit, newest.Select(one => SummaryKey.Of(one.Part)).Distinct(), known.Values, now, ct);
    }

    /// <summary>Requests that wait for these inventories.</summary>
    /// <param name="inventoryNos">Of those that have a result that lasts, or that are not there any more; under the lock of exports.</param>
    public async Task DecideWaitingAsync(UnitOfWork unit, IReadOnlyCollection<string> inventoryNos, CancellationToken ct)
    {
        if (inventoryNos.Count > 0 && await SummaryStore.WaitingAsync(unit, inventoryNos, ct) is { Count: > 0 } waiting)
        {
            await DecideAsync(unit, waiting, await SummaryStore.FindAsync(unit, waiting, ct), time.GetUtcNow(), ct);
        }
    }

    /// <param name="rows">All parts of the requests.</param>
    private async Task DecideAsync(UnitOfWork unit, IEnumerable<SummaryKey> keys, IEnumerable<SummaryRow> rows, DateTimeOffset now, CancellationToken ct)
    {
        var parts = rows.Where(one => !one.Part.Document.Deleted).ToLookup(one => SummaryKey.Of(one.Part));
        foreach (var key in keys)
        {
            SummaryRow[] standing = [.. parts[key].OrderBy(one => one.Part.Part)];
            if (TransportRules.IsWhole(standing.Select(one => one.Part))
                && await VerdictOfAsync(unit, [.. standing.Select(one => one.Part)], ct) is { } verdict)
            {
                await KeepAsync(unit, standing, verdict, now, ct);
            }
        }
    }

    /// <summary>Null while an inventory is waited for.</summary>
    private async Task<SummaryVerdict?> VerdictOfAsync(UnitOfWork unit, SummaryPart[] parts, CancellationToken ct)
    {
        var (first, afterDeparture, most) = (parts[0], options.Value.SummaryAfterDeparture, options.Value.SummaryInventoriesMax);
        if (SummaryRules.FaultOf(parts) is { } fault)
        {
            return new(fault, []);
        }

        if (first.Terms.From is not null)
        {
            return SummaryRules.DecidePeriod(
                first.Terms,
                await ExportStore.OfPeriodAsync(unit, first.DeclarantCode, first.Terms, SummaryRules.Statuses(afterDeparture), most + 1, ct),
                most);
        }

        string[] listed = [.. parts.SelectMany(one => one.InventoryNos).Distinct()];
        return SummaryRules.DecideList(
            first, listed, await ExportStore.OfNumbersAsync(unit, listed, ct), await SummaryStore.SummedAsync(unit, listed, ct), afterDeparture, most);
    }

    private static async Task KeepAsync(UnitOfWork unit, SummaryRow[] standing, SummaryVerdict verdict, DateTimeOffset now, CancellationToken ct)
    {
        var (first, summary) = (standing[0].Part, (Summary?)null);
        if (verdict.Inventories.Count > 0)
        {
            var declarations = SummaryGrouping.Of(verdict.Inventories, first.Terms.ByProducer, first.Terms.ByItemName);
            summary = Summary.Of(first, declarations, await SummaryStore.DeclarationNumbersAsync(unit, declarations.Count, ct), now);
            await SummaryStore.AddAsync(unit, SummaryKey.Of(first), summary, ct);
        }

        var (rows, told) = (new List<SummaryRow>(), new List<(DeclarationReceipt, FeedEvent?)>());
        foreach (var one in standing.Where(one => one.Last != verdict.Result.Result))
        {
            var (row, receipt) = one.With(verdict.Result, summary?.SumNo, now);
            told.Add((receipt, rows.Count == 0 ? EventOf(row, receipt, summary) : null)); // of the whole, once
            rows.Add(row);
        }

        await SummaryStore.PutAsync(unit, rows, ct);
        await ReceiptStore.TellAsync(unit, told, ct);
    }

    private static FeedEvent EventOf(SummaryRow row, DeclarationReceipt receipt, Summary? summary)
    {
        var (part, code) = (row.Part, receipt.Result.Code);
        return FeedEvent.Make(
            summary is null ? FeedTypes.SummaryRejected : FeedTypes.SummaryMade,
            receipt.At,
            row.Parties,
            new()
            {
                EbpCode = null,
                OrderNo = null,
                AgentCode = part.DeclarantCode,
                CopNo = part.DeclarantNo,
                SumNo = summary?.SumNo,
                DeclSeqNos = summary?.Declarations.Select(one => one.DeclSeqNo).ToArray(),
                ReturnStatus = int.Parse(receipt.Result.Status, System.Globalization.CultureInfo.InvariantCulture),
                Code = code,
                Text = Explained.TextOf(code),
                Fix = Explained.FixOf(code),
                ReturnInfo = receipt.Info,
                Companies = new(null, part.Terms.SellerCode, null, null) { Declarant = part.DeclarantCode },
            });
    }
}

/// <summary>Requests to sum inventories up.</summary>
internal sealed class SummariesAcceptedConsumer(Inbox inbox, SummaryDesk desk) : IConsumer<SummariesAccepted>
{
    public Task Consume(ConsumeContext<SummariesAccepted> context) => inbox.OnceAsync(context, context.Message.Parts, desk.WorkInAsync);
}
