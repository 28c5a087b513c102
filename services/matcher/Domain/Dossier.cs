using MessagePack;
using Sandan.Contracts.Events;

namespace Sandan.Matcher.Domain;

/// <summary>
/// What is known of the documents of one order number: of each the newest version, and whether that one still names this
/// order number. The same whatever the order and however often versions come.
/// </summary>
internal sealed class Dossier(string orderNo)
{
    /// <summary>Three of them in nearly every dossier: a list is searched faster than a dictionary.</summary>
    private readonly List<Entry> entries = new(3);

    public string OrderNo { get; } = orderNo;

    /// <summary>The documents that stand: not withdrawn, not gone to another order number.</summary>
    public IEnumerable<HeldDocument> Documents => entries.Select(one => one.Document).OfType<HeldDocument>().Where(one => !one.Document.Deleted);

    /// <summary>The inventories that name this order number, the withdrawn ones too.</summary>
    public IEnumerable<HeldDocument> Inventories => entries.Select(one => one.Document).OfType<HeldDocument>().Where(one => one.Kind == DocumentKind.Inventory);

    /// <summary>Something came since it was opened that is newer than what it held.</summary>
    public bool HasNews => entries.Exists(one => one.IsNew);

    /// <summary>Opens it with what is kept of it.</summary>
    public void Read(Notes notes)
    {
        foreach (var document in notes.Orders.Concat<object>(notes.Payments).Concat(notes.Waybills).Concat(notes.Inventories ?? []))
        {
            Take(HeldDocument.Of(document), isNew: false);
        }

        foreach (var left in notes.Left)
        {
            Put(new(left, null, IsNew: false));
        }
    }

    /// <summary>Takes a version that names this order number; one that is not newer than what is there changes nothing.</summary>
    public void Take(HeldDocument document) => Take(document, isNew: true);

    /// <summary>Notes that a version names another order number, where one before it named this.</summary>
    public void Leave(HeldDocument document) => Put(new(NamedVersion.Of(document), null, IsNew: true));

    /// <summary>What is to be kept of what came.</summary>
    public Notes News()
    {
        var news = entries.FindAll(one => one.IsNew);
        return new(
            [.. Contents<OrderAccepted>()], [.. Contents<PaymentAccepted>()], [.. Contents<WaybillAccepted>()],
            [.. news.Where(one => one.Document is null).Select(one => one.Name)],
            Contents<InventoryAccepted>().ToArray() is { Length: > 0 } inventories ? inventories : null);

        IEnumerable<T> Contents<T>() => news.Select(one => one.Document?.Content).OfType<T>();
    }

    private void Take(HeldDocument document, bool isNew) => Put(new(NamedVersion.Of(document), document, isNew));

    private void Put(Entry entry)
    {
        var at = entries.FindIndex(one => one.Name with { Version = entry.Name.Version } == entry.Name);
        if (at < 0)
        {
            entries.Add(entry);
        }
        else if (entries[at].Name.Version < entry.Name.Version)
        {
            entries[at] = entry;
        }
    }

    /// <param name="Name">Of document and version.</param>
    /// <param name="Document">Null where that version names another order number.</param>
    private readonly record struct Entry(NamedVersion Name, HeldDocument? Document, bool IsNew);
}

/// <summary>What was told of the documents of an order number at one time: the bytes of a row.</summary>
/// <param name="Left">Versions that name another order number now.</param>
/// <param name="Inventories">Null where none came, which is nearly always.</param>
[MessagePackObject]
internal sealed record Notes(
    [property: Key(0)] IReadOnlyList<OrderAccepted> Orders,
    [property: Key(1)] IReadOnlyList<PaymentAccepted> Payments,
    [property: Key(2)] IReadOnlyList<WaybillAccepted> Waybills,
    [property: Key(3)] IReadOnlyList<NamedVersion> Left,
    [property: Key(4)] IReadOnlyList<InventoryAccepted>? Inventories = null);

/// <summary>A version of a document, by name.</summary>
[MessagePackObject]
internal readonly record struct NamedVersion(
    [property: Key(0)] DocumentKind Kind,
    [property: Key(1)] string CompanyCode,
    [property: Key(2)] string Number,
    [property: Key(3)] int Version)
{
    public static NamedVersion Of(HeldDocument document) =>
        new(document.Kind, document.CompanyCode, document.Number, document.Document.Version);
}
