using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Contracts.Events;
using Sandan.Intake.Domain;
using Sandan.Intake.Storage;
using Sandan.Shared.Security;

namespace Sandan.Bench.Micro;

/// <summary>What the intake does to a document that was read, before it is written to the database.</summary>
public class EncryptAndIndex : IDisposable
{
    private readonly Consumer consumer = new();
    private readonly DataKey key = DataKey.Create(1);
    private Documents documents = null!;
    private (DocumentVersion Version, DocumentItem Item)[] items = [];
    private (string Value, PersonalKind Kind)[] values = [];

    [ParamsAllValues]
    public Kind Document { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        documents = new();
        items = [.. documents.Read(Document, Documents.InBatch).Select(item => (Documents.VersionOf(Document, item.Document!), item))];
        var personal = PersonalFields.Select(name => Documents.MessageOf(Document).Head[name]).ToArray();
        values = [.. items.SelectMany(one => personal.Select(field => (one.Item.Document![field]!, field.Personal)))];
        CheckIndexes();
        CheckBlocks([.. items.Select(one => one.Version.Id)], EncryptAll());
        CheckBlocks([items[0].Version.Id], EncryptAlone());
        Check.That(
            items.Select(one => Convert.ToHexString(ContentHash.Of(one.Item.Document!))).Distinct().Count() == items.Length,
            "documents that differ have one fingerprint");
    }

    /// <inheritdoc />
    [GlobalCleanup]
    public void Dispose()
    {
        documents.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Of what a document says, by which a repeat is known.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public void Fingerprint()
    {
        foreach (var (_, item) in items)
        {
            consumer.Consume(ContentHash.Of(item.Document!));
        }
    }

    /// <summary>Blind indexes of all personal values.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public void Index()
    {
        foreach (var (value, kind) in values)
        {
            consumer.Consume(documents.Personal.Index(value, kind));
        }
    }

    /// <summary>Their masks.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public void Mask()
    {
        foreach (var (value, kind) in values)
        {
            consumer.Consume(Masking.Mask(kind, value));
        }
    }

    /// <summary>What the other services are told: both of these, and what is not personal.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public void Tell()
    {
        foreach (var (version, item) in items)
        {
            consumer.Consume(documents.Tell(Document, item.Document!, version));
        }
    }

    /// <summary>The raw bytes, together with those of the others in a transaction.</summary>
    [Benchmark(OperationsPerInvoke = Documents.InBatch)]
    public object Encrypt() => EncryptAll();

    /// <summary>The raw bytes of the only document in a transaction.</summary>
    [Benchmark]
    public object EncryptOne() => EncryptAlone();

    private IReadOnlyCollection<SealedBlock> EncryptAll()
    {
        var blocks = new BodyBlocks(key);
        foreach (var (version, item) in items)
        {
            blocks.Add(version.Id, item.Raw.Span);
        }

        return blocks.Seal();
    }

    private IReadOnlyCollection<SealedBlock> EncryptAlone()
    {
        var blocks = new BodyBlocks(key);
        blocks.Add(items[0].Version.Id, items[0].Item.Raw.Span);
        return blocks.Seal();
    }

    /// <summary>What <c>IntakeKind.Describe</c> protects; a buyer who is the consignee is indexed once.</summary>
    private string[] PersonalFields => Document switch
    {
        Kind.Order => ["buyerName", "buyerIdNumber", "consigneeTelephone", "consigneeAddress"],
        Kind.Payment => ["payerName", "payerIdNumber"],
        _ => ["consignee", "consigneeTelephone", "consigneeAddress"],
    };

    private void CheckIndexes()
    {
        for (var at = 0; at < values.Length; at++)
        {
            var (value, kind) = values[at];
            var (version, item) = items[at / PersonalFields.Length];
            var told = EventBytes.Write(documents.Tell(Document, item.Document!, version));
            Check.That(Holds(told, documents.Personal.Index(value, kind)), $"an index of {kind} is not told");
            Check.That(Holds(told, Masking.Mask(kind, value)), $"a mask of {kind} is not told");
            Check.That(!Holds(told, value), $"a value of {kind} is told in clear");
        }

        static bool Holds(ReadOnlySpan<byte> bytes, string text) => bytes.IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }

    private void CheckBlocks(Guid[] ids, IReadOnlyCollection<SealedBlock> blocks)
    {
        var found = 0;
        foreach (var block in blocks)
        {
            var clear = key.Decrypt(block.Sealed, block.Id);
            found += items.Count(one => ids.Contains(one.Version.Id) && clear.AsSpan().IndexOf(one.Item.Raw.Span) >= 0);
        }

        Check.That(found == ids.Length, $"{found} documents of {ids.Length} are in the blocks");
    }
}
