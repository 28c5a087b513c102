using System.Security.Cryptography;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Demo;
using Sandan.Intake;
using Sandan.Order;
using Sandan.Payment;
using Sandan.Shared.Security;
using Sandan.Waybill;

namespace Sandan.Bench.Micro;

/// <summary>The three documents of a consignment, as the intake tells the matcher of them.</summary>
internal sealed record Told(OrderAccepted Order, PaymentAccepted Payment, WaybillAccepted Waybill);

/// <summary>What the micro-benchmarks work on: the documents of the load test, byte for byte.</summary>
internal sealed class Documents : IDisposable
{
    /// <summary>Documents in a body of NDJSON, as the load test sends them, and items in an event that is full.</summary>
    public const int InBatch = 500;

    /// <summary>Documents in an official message, at most.</summary>
    public const int InMessage = 100;

    /// <summary>The time of everything: fixed, so that every run measures the same bytes.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

    private const string Run = "000001";

    /// <summary>The documents of a group of requests have one sender of each kind.</summary>
    private const int Group = 0;

    private static readonly OrderKind Orders = new();
    private static readonly PaymentKind Payments = new();
    private static readonly WaybillKind Waybills = new();

    private readonly Traffic traffic = new(World, Run, Now);
    private readonly DocumentWriter writer = new();

    /// <summary>The companies as the load test registers them, in the same number.</summary>
    public static World World { get; } = new(
        Companies(1, 3, "platform", "示范跨境平台"),
        Companies(4, 3, "seller", "示范跨境商家"),
        Companies(7, 2, "payment", "示范支付公司"),
        Companies(9, 3, "logistics", "示范物流公司"),
        Companies(12, 1, "declarant", "示范报关公司"),
        CustomsKey: "",
        OperatorKey: "");

    /// <summary>The limits of the intake, and how it checks fields, unless configured otherwise.</summary>
    public static IntakeOptions Intake { get; } = new();
    public static CebValidator Validator { get; } = new() { IdNumbers = Intake.IdNumberCheck };

    /// <summary>Under keys that are made for it.</summary>
    public PersonalData Personal { get; } = new(MakeKeys());

    /// <inheritdoc />
    public void Dispose() => Personal.Dispose();

    /// <summary>The official message of a kind.</summary>
    public static CebMessage MessageOf(Kind kind) => kind switch
    {
        Kind.Order => Orders.Message,
        Kind.Payment => Payments.Message,
        _ => Waybills.Message,
    };

    /// <summary>The body of a request with so many documents.</summary>
    public byte[] Body(Kind kind, Format format, int count)
    {
        // Of some consignments one document is left out on purpose.
        var consignments = count;
        while (traffic.Write(writer, format, kind, Group, 0, consignments) < count)
        {
            consignments++;
        }

        return writer.Written.ToArray();
    }

    /// <summary>So many documents, read and checked.</summary>
    public IReadOnlyList<DocumentItem> Read(Kind kind, int count) => Accepted(
        new DocumentJsonReader(MessageOf(kind), Validator).Read(Body(kind, Format.Ndjson, count), JsonFraming.Ndjson, Now).Items,
        count);

    /// <summary>The items of a body, which must all be there and right.</summary>
    public static IReadOnlyList<DocumentItem> Accepted(IReadOnlyList<DocumentItem> items, int count)
    {
        Check.That(items.Count == count, $"{items.Count} documents were read instead of {count}");
        foreach (var item in items)
        {
            Check.That(item.IsValid && item.Warnings.Count == 0, $"a document is refused: {string.Join(", ", item.Errors.Concat(item.Warnings))}");
        }

        return items;
    }

    /// <summary>The version that a new document becomes.</summary>
    public static DocumentVersion VersionOf(Kind kind, CebDocument document) =>
        new(Guid.CreateVersion7(Now), 1, document.Time(MessageOf(kind).Head["appTime"])!.Value, AppTimeStated: true, Now);

    /// <summary>What the other services are told of a document.</summary>
    public object Tell(Kind kind, CebDocument document, DocumentVersion version) => kind switch
    {
        Kind.Order => Orders.Describe(document, Personal, version, null),
        Kind.Payment => Payments.Describe(document, Personal, version, null),
        _ => Waybills.Describe(document, Personal, version, null),
    };

    /// <summary>What the other services are told of so many orders.</summary>
    public IEnumerable<OrderAccepted> TellOrders(int count) =>
        Read(Kind.Order, count).Select(item => (OrderAccepted)Tell(Kind.Order, item.Document!));

    /// <summary>The first consignments that have three documents and this verdict to expect.</summary>
    public IReadOnlyList<Told> Consignments(ConsignmentState verdict, int count) =>
    [
        .. Enumerable.Range(0, int.MaxValue)
            .Where(number => Traffic.DefectOf(number).State == $"{verdict}")
            .Take(count)
            .Select(number => new Told(
                (OrderAccepted)Tell(Kind.Order, number),
                (PaymentAccepted)Tell(Kind.Payment, number),
                (WaybillAccepted)Tell(Kind.Waybill, number))),
    ];

    private object Tell(Kind kind, int number)
    {
        traffic.Write(writer, Format.Json, kind, Group, number, 1);
        var item = new DocumentJsonReader(MessageOf(kind), Validator).ReadOne(writer.Written.ToArray(), Now);
        return Tell(kind, Accepted([item], 1)[0].Document!);
    }

    private object Tell(Kind kind, CebDocument document) => Tell(kind, document, VersionOf(kind, document));

    private static Company[] Companies(int first, int count, string role, string name) =>
        [.. Enumerable.Range(0, count).Select(at => new Company($"D{Run}{first + at:000}", $"{name}{at + 1}", role, Key: ""))];

    private static KeyRing MakeKeys()
    {
        var folder = Directory.CreateTempSubdirectory("sandan-micro-");
        try
        {
            foreach (var name in (string[])["index.key", "identity.key"])
            {
                File.WriteAllText(Path.Combine(folder.FullName, name), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
            }

            return new(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
