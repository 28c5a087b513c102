using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Customs;
using Sandan.Customs.Domain;
using Sandan.Demo;
using Sandan.Matcher;
using Sandan.Matcher.Domain;
using Sandan.Tax;
using Sandan.Tax.Domain;
using Sandan.Tax.Storage;

namespace Sandan.Bench.Micro;

/// <summary>
/// What matcher, tax and customs decide on a consignment: the calls that they make themselves, with the values that
/// their databases would give for a consignment that is seen for the first time.
/// </summary>
internal static class Chain
{
    private static readonly MatcherOptions Options = new();
    private static readonly Dictionary<string, SupervisionMode> Modes = Filed(
        [SupervisionMode.B2CDirect, SupervisionMode.B2CBonded, SupervisionMode.B2CBondedA]);

    private static readonly Assessing Assessing = Filed();

    /// <summary>Puts the three documents together.</summary>
    public static IReadOnlyList<JoinedConsignment> Join(Told told) => ConsignmentJoin.Join(
        told.Order.OrderNo,
        [
            HeldDocument.Of(told.Order),
            HeldDocument.Of(told.Payment),
            HeldDocument.Of(told.Waybill),
        ]);

    /// <summary>All rules of match and risk.</summary>
    public static ConsignmentJudged Judge(JoinedConsignment joined)
    {
        var order = joined.Order!.Order;
        var sum = order.GoodsValue + order.Freight;
        var counts = new SightingCounts(
            OrdersOfPayment: 1, BuyersOfTelephone: 1, NamesOfAddress: 1, OrdersOfBuyer: 1, SumOfBuyer: sum, LargestOfBuyer: sum);
        return Judging.Judge(joined, stored: null, Modes[order.SellerCode], counts, ForcedOutcome.None, Options, Documents.Now).Verdict!;
    }

    /// <summary>The tax of a matched consignment.</summary>
    public static TaxAssessed Assess(ConsignmentJudged judged)
    {
        var taxable = new TaxableGoods((int?)judged.Mode, judged.Goods!);
        var step = new Step(StepKind.Assess, new(0, new(judged.PlatformCode, judged.OrderNo), judged.SellerCode, judged.Revision))
        {
            Taxable = taxable, Revision = judged.Revision, Attempt = 1, FirstVerdict = judged,
        };
        return TaxAssessment.Tell(step, Assessing.Assess(judged.SellerCode, taxable, PersonYear.Empty), Documents.Now);
    }

    /// <summary>The decisions of customs.</summary>
    /// <param name="items">Each a verdict or an assessment.</param>
    public static List<ClearanceChange> Decide(IReadOnlyList<object> items)
    {
        var changes = new List<ClearanceChange>(items.Count);
        foreach (var arrival in Arrival.Gather(items))
        {
            changes.Add(ClearanceChange.Of(arrival, known: null, number: 1, ForcedOutcome.None, Documents.Now)!);
        }

        return changes;
    }

    /// <summary>Each seller filed another mode.</summary>
    private static Dictionary<string, SupervisionMode> Filed(SupervisionMode[] modes) =>
        Documents.World.Sellers.Zip(modes).ToDictionary(one => one.First.Code, one => one.Second);

    /// <summary>Each seller filed all goods.</summary>
    private static Assessing Filed()
    {
        var filings = new Filings();
        foreach (var seller in Documents.World.Sellers)
        {
            foreach (var article in Goods.Shop)
            {
                filings.Put(new(seller.Code, article.ItemNo), new(
                    article.HsCode, article.LegalUnit, article.LegalQuantity, article.WeightKg, article.Name, article.Country,
                    Unit: article.Unit));
            }
        }

        var today = DateOnly.FromDateTime(Documents.Now.ToOffset(ShanghaiTime.Offset).Date);
        return new(Documents.Now, today, PositiveListFile.Load().At(today), new(), filings);
    }
}
