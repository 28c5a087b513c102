using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Sandan.Contracts.Events;
using Sandan.Credit.Domain;
using Sandan.Customs;
using Sandan.Customs.Domain;
using Sandan.Matcher.Domain;

namespace Sandan.Bench.Micro;

/// <summary>What is decided on a consignment of three documents. Figures are for a consignment.</summary>
public class Rules
{
    private readonly Consumer consumer = new();
    private Told[] told = [];
    private JoinedConsignment[] matched = [];
    private JoinedConsignment[] mismatched = [];
    private ConsignmentJudged[] verdicts = [];
    private object[] assessed = [];
    private object[] credited = [];

    [GlobalSetup]
    public void Prepare()
    {
        using var documents = new Documents();
        told = [.. documents.Consignments(ConsignmentState.Matched, Documents.InBatch)];
        matched = [.. told.Select(one => Chain.Join(one).Single())];
        mismatched = [.. documents.Consignments(ConsignmentState.Mismatched, Documents.InBatch).Select(one => Chain.Join(one).Single())];
        verdicts = [.. matched.Select(Chain.Judge)];
        assessed = [.. verdicts.Select(Chain.Assess)];
        var decided = Chain.Decide(assessed);
        credited = [.. verdicts, .. decided.Select(one => ClearanceDesk.Message(one.After, one.Decision!))];

        Check.That(verdicts.All(one => one is { State: ConsignmentState.Matched, Risks: [] }), "what agrees is not matched");
        Check.That(
            mismatched.Select(Chain.Judge).All(one => one is { State: ConsignmentState.Mismatched, Discrepancies: [_, ..] }),
            "what differs is not mismatched");
        Check.That(assessed.All(one => one is TaxAssessed { Route: TaxRoute.Preferential, Total: > 0 }), "what is allowed is not taxed");
        Check.That(
            decided.Count == assessed.Length && decided.All(one => one.Decision?.Status == ReturnStatus.Released),
            "what is taxed is not released");
        Check.That(Credit() > 0, "nobody is credited");
    }

    /// <summary>Puts order, payment and waybill together.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public void Join()
    {
        foreach (var one in told)
        {
            consumer.Consume(Chain.Join(one));
        }
    }

    /// <summary>What the risk rules count a consignment by.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public void Sight()
    {
        foreach (var one in told)
        {
            consumer.Consume(RiskRules.SightingOf(one.Order, one.Payment));
        }
    }

    /// <summary>All rules of match and risk, and the verdict.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public void JudgeMatched()
    {
        foreach (var one in matched)
        {
            consumer.Consume(Chain.Judge(one));
        }
    }

    /// <summary>The same where documents differ.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public void JudgeMismatched()
    {
        foreach (var one in mismatched)
        {
            consumer.Consume(Chain.Judge(one));
        }
    }

    /// <summary>The tax of its goods.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public void AssessTax()
    {
        foreach (var one in verdicts)
        {
            consumer.Consume(Chain.Assess(one));
        }
    }

    /// <summary>The decision of customs.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public object Decide() => Chain.Decide(assessed);

    /// <summary>Who is to be credited with verdict and decision.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public int Credit()
    {
        var ledger = new Ledger();
        foreach (var one in credited)
        {
            ledger.Take(one);
        }

        return ledger.Others.Sum(one => one.Count);
    }
}
