using Sandan.Contracts;
using Sandan.Contracts.Events;

namespace Sandan.Downstream.IntegrationTests;

/// <summary>Random verdicts, late documents and decisions, the same for the same seed.</summary>
internal sealed class Traffic(int seed)
{
    private static readonly string[] Rules = ["AmountPaid", "BuyerId", "Consignee"];
    private static readonly string[] RiskRules = ["R05", "R06", "R07", "R15"];
    private static readonly string[] Countries = ["142", "502", "304", "us"];
    private static readonly string?[] HsCodes = ["3304990031", "3304990039", "2106909001", "6110200011", null];
    private static readonly int[] Statuses = [120, 300, 500, 100, 800, 800, 800, 800];
    private static readonly SupervisionMode?[] Modes =
        [SupervisionMode.B2CBonded, SupervisionMode.B2CDirect, SupervisionMode.B2CBondedA, null];

    private readonly Random random = new(seed);

    /// <summary>Three days from 2026-11-19 noon in Shanghai.</summary>
    private readonly DateTimeOffset begin = new(2026, 11, 19, 4, 0, 0, TimeSpan.Zero);

    public List<ConsignmentJudged> Judged { get; } = [];

    public List<ConsignmentOverdue> Overdue { get; } = [];

    public List<ClearanceDecided> Decided { get; } = [];

    /// <summary>Makes the events of so many consignments.</summary>
    public Traffic Make(int consignments)
    {
        for (var number = 0; number < consignments; number++)
        {
            var revisions = random.Next(10) < 6 ? 1 : random.Next(1, 5);
            for (var revision = 1; revision <= revisions; revision++)
            {
                Judged.Add(Verdict(number, revision));
            }

            var decisions = random.Next(10) < 6 ? 1 : random.Next(0, 5);
            for (var decision = 1; decision <= decisions; decision++)
            {
                Decided.Add(Decision(number, decision, decision == 5 ? 899 : Pick(Statuses)));
            }

            // Closed after a release, as customs does it: a later decision that must not move the hour.
            if (decisions > 0 && Decided[^1].Status == 800 && random.Next(4) == 0)
            {
                Decided.Add(Decision(number, decisions + 1, 899) with { Lines = [] });
            }

            if (random.Next(10) == 0)
            {
                Overdue.Add(new(
                    Platform(number), OrderNo(number), [(DocumentKind)random.Next(3)], begin, Moment(), Seller(number),
                    random.Next(2) == 0 ? null : Payment(number), null));
            }
        }

        return this;
    }

    /// <summary>Cuts the events into messages, in a random order, some of them sent several times.</summary>
    public async Task SendAsync(Installation installation, int batchMax)
    {
        var sends = new List<Func<Task>>();
        Add(Judged, batch => new ConsignmentsJudged(batch));
        Add(Overdue, batch => new ConsignmentsOverdue(batch));
        Add(Decided, batch => new ClearancesDecided(batch));
        foreach (var send in Shuffled(sends))
        {
            await send();
        }

        void Add<TItem, TEvent>(List<TItem> items, Func<TItem[], TEvent> message) where TEvent : class
        {
            foreach (var batch in Shuffled(items).Chunk(batchMax))
            {
                var id = Guid.CreateVersion7();
                for (var times = random.Next(3) == 0 ? 3 : 1; times > 0; times--)
                {
                    sends.Add(() => installation.PublishAsync(message(batch), id));
                }
            }
        }
    }

    private ConsignmentJudged Verdict(int number, int revision)
    {
        var state = random.Next(10) switch
        {
            < 6 => ConsignmentState.Matched,
            < 8 => ConsignmentState.Mismatched,
            8 => ConsignmentState.Waiting,
            _ => ConsignmentState.Ambiguous,
        };
        return new()
        {
            PlatformCode = Platform(number),
            OrderNo = OrderNo(number),
            Revision = revision,
            State = state,
            JudgedAt = Moment(),
            RulesVersion = "1",
            SellerCode = Seller(number),
            PaymentCompanyCode = Payment(number),
            LogisticsCompanyCode = Logistics(number),
            Discrepancies = state != ConsignmentState.Mismatched
                ? []
                : [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => new Discrepancy(
                    Pick(Rules), "1332", DiscrepancySeverity.Mismatch, [], null, null, (DocumentKind)random.Next(3)))],
            Risks = random.Next(8) != 0 ? [] : [new(Pick(RiskRules), (RiskSeverity)random.Next(3), 3, 3, [])],
        };
    }

    private ClearanceDecided Decision(int number, int decision, int status) => new()
    {
        PlatformCode = Platform(number),
        OrderNo = OrderNo(number),
        Decision = decision,
        Revision = 1,
        Status = status,
        Code = "2600",
        DecidedAt = Moment(),
        DecidedBy = random.Next(2) == 0 ? "rules" : "customs-01",
        Mode = Pick(Modes),
        SellerCode = Seller(number),
        PaymentCompanyCode = Payment(number),
        LogisticsCompanyCode = Logistics(number),
        Lines = [.. Enumerable.Range(1, random.Next(0, 4)).Select(line => new TaxedLine(
            line, Pick(HsCodes), Pick(Countries), Amount(), 0, Amount(), Amount()))],
    };

    // Few companies, so that they meet often; number 3 is platform and seller in one.
    private static string Platform(int number) => $"PLATFORM0{number % 4}";

    private static string Seller(int number) => number % 4 == 3 ? "PLATFORM03" : $"SELLER000{number % 5}";

    private static string Payment(int number) => $"PAYMENT00{number % 2}";

    private static string Logistics(int number) => $"LOGISTIC0{number % 3}";

    private string OrderNo(int number) => $"S{seed}-{number:d5}";

    private DateTimeOffset Moment() => begin.AddSeconds(random.Next(3 * 86_400));

    private decimal Amount() => random.Next(1, 50_000_000) / 100_000m;

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];

    private T[] Shuffled<T>(IEnumerable<T> items)
    {
        T[] all = [.. items];
        random.Shuffle(all);
        return all;
    }
}
