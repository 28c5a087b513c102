using MassTransit;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Codes;
using Sandan.Contracts.Events;
using Sandan.Customs.Declarations;
using Sandan.Shared.Messaging;
using Sandan.Shared.Storage;

namespace Sandan.Customs.Exports;

/// <summary>
/// Works lists of parcels in, part by part; a departure that is whole closes the inventories of its parcels, and what a tally says to be back
/// goes before an officer.
/// </summary>
internal sealed class TransportDesk(ExportDesk exports, ExportReturnDesk returns, TimeProvider time)
{
    /// <summary>Parts. An older or a repeated version does nothing.</summary>
    public async Task WorkInAsync(UnitOfWork unit, IReadOnlyList<TransportPart> accepted, CancellationToken ct)
    {
        await ExportStore.LockAsync(unit, ct);
        var known = (await TransportStore.FindAsync(unit, [.. accepted.Select(TransportKey.Of).Distinct()], ct))
            .ToDictionary(one => (TransportKey.Of(one.Part), one.Part.Part));
        // A list that is whole takes no part any more, be it another one.
        var final = known.Where(one => one.Value.IsFinal).Select(one => one.Key.Item1).ToHashSet();
        var (changed, receipts, now) = (new List<TransportPart>(), new List<DeclarationReceipt>(), time.GetUtcNow());
        foreach (var part in accepted.OrderBy(one => one.Document.Version))
        {
            var before = known.GetValueOrDefault((TransportKey.Of(part), part.Part));
            if (part.Document.Version <= before?.Part.Document.Version)
            {
                continue;
            }

            if (final.Contains(TransportKey.Of(part)))
            {
                receipts.Add(ReceiptOf(part, 1, TransportRules.TooLate(part), now));
            }
            else
            {
                known[(TransportKey.Of(part), part.Part)] = new(part, 0, null);
                changed.Add(part);
            }
        }

        var (touched, wholes) = (changed.Select(part => (TransportKey.Of(part), part.Part)).ToHashSet(), new List<TransportRow>());
        foreach (var list in known.Values.GroupBy(one => TransportKey.Of(one.Part)).ToArray())
        {
            var isWhole = TransportRules.IsWhole(list.Select(one => one.Part));
            foreach (var row in list)
            {
                if (TransportRules.Decide(row, isWhole) is not { } result)
                {
                    continue;
                }

                receipts.Add(ReceiptOf(row.Part, row.Receipts + 1, result, now));
                var decided = row with { Receipts = row.Receipts + 1, Status = result.Status };
                known[(list.Key, row.Part.Part)] = decided;
                touched.Add((list.Key, row.Part.Part));
                if (decided.IsFinal)
                {
                    wholes.Add(decided);
                }
            }
        }

        await TransportStore.PutAsync(unit, [.. touched.Select(one => known[one])], ct);
        await TransportStore.PutLinesAsync(unit, [.. changed.GroupBy(one => (TransportKey.Of(one), one.Part)).Select(some => some.Last())], ct);
        await ReceiptStore.AddAsync(unit, receipts, ct);
        await exports.CloseAsync(
            unit,
            [
                .. wholes.Where(one => one.Part.Message == CebMessage.Departure.Type)
                    .SelectMany(one => one.Part.WaybillNos, (row, waybill) => new Parcel(row.Part.LogisticsCompanyCode, waybill)).Distinct(),
            ],
            now,
            ct);
        await returns.BackAsync(unit, [.. wholes.Where(one => one.Part.Message == CebMessage.ReturnTally.Type).Select(one => one.Part)], ct);
    }

    private static DeclarationReceipt ReceiptOf(TransportPart part, int no, DeclarationResult result, DateTimeOffset now) =>
        new(part.Document.Id, no, result, result.Status.StartsWith('-') ? CodeDictionary.Get(result.Code).Text.Zh : ReturnInfo.Of(result.Code), null, now);
}

/// <summary>Lists of parcels.</summary>
internal sealed class TransportsAcceptedConsumer(Inbox inbox, TransportDesk desk) : IConsumer<TransportsAccepted>
{
    public Task Consume(ConsumeContext<TransportsAccepted> context) => inbox.OnceAsync(context, context.Message.Parts, desk.WorkInAsync);
}
