using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using Sandan.Contracts.Events;

namespace Sandan.Bench.Micro;

/// <summary>
/// An event with 500 items as bytes and back, against JSON by the source generator. Figures are for an item. What a
/// writer allocates is nearly all its result, so that it shows the length too.
/// </summary>
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[GenericTypeArguments(typeof(OrdersAccepted))]
[GenericTypeArguments(typeof(ConsignmentsJudged))]
[GenericTypeArguments(typeof(TaxesAssessed))]
public class EventSerialization<TEvent>
    where TEvent : class
{
    private const string Writing = "write";
    private const string Reading = "read";

    private static readonly JsonTypeInfo<TEvent> Json = (JsonTypeInfo<TEvent>)EventJson.Default.GetTypeInfo(typeof(TEvent))!;

    private TEvent message = null!;
    private byte[] json = [];
    private byte[] written = [];
    private byte[] packed = [];

    [GlobalSetup]
    public void Prepare()
    {
        message = (TEvent)Make();
        (json, written, packed) = (WriteJson(), Write(), Pack());
        foreach (var read in (TEvent[])[ReadJson(), Read(), Unpack()])
        {
            Check.That(json.AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(read, Json)), "what is read is not what was written");
        }
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Documents.InBatch), BenchmarkCategory(Writing)]
    public byte[] WriteJson() => JsonSerializer.SerializeToUtf8Bytes(message, Json);

    [Benchmark(OperationsPerInvoke = Documents.InBatch), BenchmarkCategory(Writing)]
    public byte[] Write() => EventBytes.Write(message);

    [Benchmark(OperationsPerInvoke = Documents.InBatch), BenchmarkCategory(Writing)]
    public byte[] Pack() => EventBytes.Pack(message);

    [Benchmark(Baseline = true, OperationsPerInvoke = Documents.InBatch), BenchmarkCategory(Reading)]
    public TEvent ReadJson() => JsonSerializer.Deserialize(json, Json)!;

    [Benchmark(OperationsPerInvoke = Documents.InBatch), BenchmarkCategory(Reading)]
    public TEvent Read() => EventBytes.Read<TEvent>(written);

    [Benchmark(OperationsPerInvoke = Documents.InBatch), BenchmarkCategory(Reading)]
    public TEvent Unpack() => EventBytes.Unpack<TEvent>(packed);

    private static object Make()
    {
        using var documents = new Documents();
        if (typeof(TEvent) == typeof(OrdersAccepted))
        {
            return new OrdersAccepted([.. documents.TellOrders(Documents.InBatch)]);
        }

        var verdicts = documents.Consignments(ConsignmentState.Matched, Documents.InBatch)
            .Select(one => Chain.Judge(Chain.Join(one).Single()));
        return typeof(TEvent) == typeof(ConsignmentsJudged)
            ? new ConsignmentsJudged([.. verdicts])
            : new TaxesAssessed([.. verdicts.Select(Chain.Assess)]);
    }
}
