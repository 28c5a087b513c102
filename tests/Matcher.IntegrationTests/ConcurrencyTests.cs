using Sandan.Contracts.Events;
using Sandan.IntegrationTests;

namespace Sandan.Matcher.IntegrationTests;

/// <summary>Several matchers on the same queues and the same database.</summary>
public sealed class ThreeMatchers : MatcherInstallation
{
    protected override async Task StartAsync()
    {
        await base.StartAsync();
        await StartAsync(Program.Build);
        await StartAsync(Program.Build);
    }
}

/// <summary>Transactions that bring the last documents of a consignment at the same moment see each other.</summary>
public sealed class ConcurrencyTests(ThreeMatchers matcher) : IClassFixture<ThreeMatchers>
{
    [ServersFact]
    public async Task No_complete_consignment_stays_unjudged_however_its_documents_are_spread()
    {
        const int Consignments = 500;
        var random = new Random(20261120);
        var numbers = Enumerable.Range(0, Consignments).Select(at => $"CON-{at:D4}").ToArray();
        var expected = numbers.ToDictionary(no => no, no => Oracle.StateOf(Documents(no)));

        // Every kind shuffled by itself, in messages of 1 to 12 documents, all published at once.
        Task Spread<TDocument, TEvent>(Func<TDocument[], TEvent> toEvent) where TDocument : class where TEvent : class
        {
            var shuffled = numbers.SelectMany(Documents).OfType<TDocument>().ToArray();
            random.Shuffle(shuffled);
            var messages = new List<TDocument[]>();
            for (var at = 0; at < shuffled.Length;)
            {
                var size = Math.Min(random.Next(1, 13), shuffled.Length - at);
                messages.Add(shuffled[at..(at + size)]);
                at += size;
            }

            return Task.WhenAll(messages.Select(one => matcher.PublishBatchAsync(one, toEvent)));
        }

        await Task.WhenAll(
            Spread<OrderAccepted, OrdersAccepted>(all => new(all)),
            Spread<PaymentAccepted, PaymentsAccepted>(all => new(all)),
            Spread<WaybillAccepted, WaybillsAccepted>(all => new(all)));
        await matcher.AllWorkedAsync();

        var stored = await matcher.Database.ListAsync("SELECT order_no || '=' || state FROM consignment WHERE order_no LIKE 'CON-%'");
        Assert.Equal(
            expected.Select(one => $"{one.Key}={(int)one.Value}").Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
        foreach (var no in numbers)
        {
            var verdicts = matcher.VerdictsOn(no).OrderBy(one => one.Revision).ToArray();
            Assert.Equal(Enumerable.Range(1, verdicts.Length), verdicts.Select(one => one.Revision));
            Assert.Equal(expected[no] == ConsignmentState.Waiting ? null : expected[no], verdicts.LastOrDefault()?.State);
        }

        Assert.Empty(await matcher.Database.ListAsync("SELECT reason FROM parked"));
    }

    [ServersFact]
    public async Task Orders_split_at_the_same_moment_do_not_slip_past_each_other()
    {
        // Twenty orders of 3,000 of one buyer: whichever is judged second sees the first, whatever matcher it is.
        var numbers = Enumerable.Range(0, 20).Select(at => $"SPLIT-{at}").ToArray();
        var buyer = Make.Person("the buyer's id");
        await matcher.TakeAsync([
            .. numbers.Select(no => Make.Order(no) with { BuyerId = buyer, GoodsValue = 3_000, TaxTotal = 0, ActualPaid = 3_000 }),
            .. numbers.Select(no => Make.Payment(no) with { PayerId = buyer, AmountPaid = 3_000 })]);

        await Task.WhenAll(numbers.Select(no => matcher.PublishBatchAsync([Make.Waybill(no)], all => new WaybillsAccepted(all))));
        await matcher.AllWorkedAsync();

        var sums = numbers.Select(no => Assert.Single(matcher.VerdictsOn(no)))
            .Select(one => one.Risks.SingleOrDefault(risk => risk.Rule == "R15")?.Observed ?? 3_000).Order().ToArray();

        // Those that are judged together see each other: the one that is judged as number n sees n at least.
        Assert.All(sums.Select((sum, at) => (sum, least: 3_000m * (at + 1))), one => Assert.True(one.sum >= one.least));
        Assert.Equal(60_000m, sums[^1]);
    }

    [ServersFact]
    public async Task A_mode_filed_while_orders_are_judged_reaches_all_of_them()
    {
        var numbers = Enumerable.Range(0, 200).Select(at => $"MODE-{at}").ToArray();
        var seller = "SELLER-MODE";
        await matcher.TakeAsync([.. numbers.Select(no => Make.Payment(no)), .. numbers.Select(no => Make.Waybill(no))]);

        var orders = numbers.Select(no => matcher.PublishBatchAsync([Make.Order(no, seller: seller)], all => new OrdersAccepted(all))).ToArray();
        await matcher.PublishAsync(new CompanyRegistered(seller, "卖家", ["seller"], Contracts.SupervisionMode.B2CBonded, 1));
        await Task.WhenAll(orders);
        await matcher.AllWorkedAsync();

        Assert.Equal(["1210"], await matcher.Database.ListAsync("SELECT DISTINCT mode::text FROM consignment WHERE seller_code = $1", seller));
    }

    /// <summary>Some consignments differ, some lack a document, some are changed; which ones follows from the number.</summary>
    private static IEnumerable<object> Documents(string no)
    {
        var seed = int.Parse(no[4..], System.Globalization.CultureInfo.InvariantCulture);
        yield return Make.Order(no);
        yield return Make.Payment(no) with { AmountPaid = seed % 5 == 0 ? 1 : 109.1m };
        if (seed % 7 != 0)
        {
            yield return Make.Waybill(no);
        }

        if (seed % 10 == 0)
        {
            yield return Make.Payment(no, 2);
        }
    }

    /// <summary>What the final state must be, said as simply as it can be said.</summary>
    private static class Oracle
    {
        public static ConsignmentState StateOf(IEnumerable<object> documents)
        {
            var all = documents.ToArray();
            var order = all.OfType<OrderAccepted>().MaxBy(one => one.Document.Version);
            var payment = all.OfType<PaymentAccepted>().MaxBy(one => one.Document.Version);
            var waybill = all.OfType<WaybillAccepted>().MaxBy(one => one.Document.Version);
            return order is null || payment is null || waybill is null ? ConsignmentState.Waiting
                : order.ActualPaid == payment.AmountPaid ? ConsignmentState.Matched
                : ConsignmentState.Mismatched;
        }
    }
}
