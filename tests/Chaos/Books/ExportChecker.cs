namespace Sandan.Chaos.Books;

/// <summary>Holds the exports that matcher and customs have against what follows from their documents.</summary>
internal sealed class ExportChecker(
    Databases databases, Faults faults, IReadOnlyDictionary<PaperName, SortedList<int, Version>> documents)
{
    /// <summary>A change, or a withdrawal, of a part of what is whole.</summary>
    private const string TooLate = "-621012";

    private static readonly SortedList<int, Version> None = [];

    /// <summary>Orders and receipts of payment of an order number.</summary>
    private readonly ILookup<(Kind, string?, string), PaperName> ofOrder = documents.Values.Select(one => one.Values[0].Paper)
        .Where(one => one.Name.Kind is Kind.ExportOrder or Kind.ExportPayment).OrderBy(one => one.Name.Key, StringComparer.Ordinal)
        .ToLookup(one => (one.Name.Kind, one.Platform, one.OrderNo), one => one.Name);

    /// <param name="declared">The declarations that customs have, without what was cancelled.</param>
    /// <param name="receipts">All that there are.</param>
    public async Task CheckAsync(IReadOnlyDictionary<PaperName, Declaration> declared, ILookup<Guid, Receipt> receipts, CancellationToken ct)
    {
        var departures = documents.Where(one => one.Key.Kind == Kind.Departure)
            .GroupBy(one => (one.Key.Company, one.Key.Number.Split(PaperName.Between)[0]))
            .ToDictionary(one => one.Key, one => (Left: ExportOracle.LeftOf([.. one.Select(part => part.Value.Values)]), Parts: one.ToArray()));
        var left = departures.SelectMany(one => one.Value.Parts, (list, part) => (list.Key.Company, list.Value.Left, part.Value.Values[^1].Paper.Parcels))
            .SelectMany(one => one.Parcels, (one, parcel) => (Parcel: (one.Company, parcel), one.Left)).ToDictionary(one => one.Parcel, one => one.Left);
        foreach (var (name, row) in declared.Where(one => one.Key.Kind == Kind.ExportInventory))
        {
            var paper = documents[name].Values[^1].Paper;
            var allowed = ExportOracle.Of(
                documents[name].Values, VersionsOf(OrderOf(paper)), VersionsOf(WaybillOf(paper)),
                left.GetValueOrDefault((paper.Facts["logisticsCode"], paper.Facts["logisticsNo"])));
            if (!allowed.Contains(row.Result))
            {
                faults.Add("wrong", $"{name} has {row.Result}; allowed: {string.Join(" or ", allowed)}.");
            }
        }

        await CheckMatcherAsync(ct);
        await CheckDeparturesAsync(departures.Values.SelectMany(one => one.Parts, (list, part) => (list.Left, part.Key, part.Value.Values)), receipts, ct);
    }

    /// <summary>The matcher has the last version of each document, and each inventory was compared with the last of the others; customs heard of it.</summary>
    private async Task CheckMatcherAsync(CancellationToken ct)
    {
        var sent = documents.Where(one => one.Key.Kind is >= Kind.ExportOrder and <= Kind.ExportInventory)
            .ToDictionary(one => (one.Key.Kind, one.Key.Key), one => one.Value.Count);
        await databases.ReadAsync("matcher", "SELECT kind, number, version FROM export_document", row =>
        {
            var (kind, key, version) = (Kind.ExportOrder + row.GetInt16(0), row.GetString(1), row.GetInt32(2));
            if (!sent.Remove((kind, key), out var last))
            {
                faults.Add("doubled", $"The matcher has {kind} {key.Replace(PaperName.Between, '/')}, of which no answer told.");
            }
            else if (last != version)
            {
                faults.Add("lost", $"The matcher has {kind} {key.Replace(PaperName.Between, '/')} in version {version} instead of {last}.");
            }
        }, ct);
        foreach (var (kind, key) in sent.Keys)
        {
            faults.Add("lost", $"{kind} {key.Replace(PaperName.Between, '/')} was accepted, and the matcher never heard of it.");
        }

        var inventories = documents.Where(one => one.Key.Kind == Kind.ExportInventory).ToDictionary(one => one.Key.Key, one => one.Value.Values[^1]);
        var revisions = new Dictionary<string, int>();
        await databases.ReadAsync("matcher", "SELECT number, revision, basis FROM export_inventory", row =>
        {
            revisions.Add(row.GetString(0), row.GetInt32(1));
            if (!inventories.Remove(row.GetString(0), out var last))
            {
                faults.Add("doubled", $"The matcher compared {row.GetString(0).Replace(PaperName.Between, '/')}, of which no answer told.");
            }
            else if (row.GetString(2) != BasisOf(last))
            {
                faults.Add("wrong", $"{last.Paper.Name} was last compared with {row.GetString(2)} instead of {BasisOf(last)}.".Replace(PaperName.Between, '/'));
            }
        }, ct);
        foreach (var last in inventories.Values)
        {
            faults.Add("lost", $"{last.Paper.Name} was never compared.");
        }

        await databases.ReadAsync("customs", "SELECT declarant_code, declarant_no, revision, status FROM export_inventory", row =>
        {
            var key = row.GetString(0) + PaperName.Between + row.GetString(1);
            var isReleased = !row.IsDBNull(3) && row.GetString(3) is "800" or "899"; // which stays as it was released
            var (has, given) = (row.GetInt32(2), revisions.GetValueOrDefault(key));
            if (isReleased ? has > given : has != given)
            {
                faults.Add("lost", $"{key.Replace(PaperName.Between, '/')}: customs have comparison {has}, the matcher made {given}.");
            }
        }, ct);
    }

    private async Task CheckDeparturesAsync(
        IEnumerable<(Left Left, PaperName Name, IList<Version> Versions)> parts, ILookup<Guid, Receipt> receipts, CancellationToken ct)
    {
        var sent = parts.ToDictionary(one => one.Name);
        await databases.ReadAsync("customs", "SELECT company_code, company_no, part, receipts, status FROM transport WHERE message = 'CEB509'", row =>
        {
            var name = new PaperName(Kind.Departure, row.GetString(0), $"{row.GetString(1)}{PaperName.Between}{row.GetInt32(2)}");
            if (!sent.Remove(name, out var part))
            {
                faults.Add("doubled", $"Customs have {name}, of which no answer told.");
                return;
            }

            var last = part.Versions[^1];
            var status = row.IsDBNull(4) ? Declaration.Nothing : row.GetString(4);
            var allowed = ExportOracle.OfPart(last, part.Left);
            if (!allowed.Contains(status))
            {
                faults.Add("wrong", $"{name} has {status}; allowed: {string.Join(" or ", allowed)}.");
            }

            // A later version of what is whole is refused, once.
            var isRefused = receipts[last.Id!.Value].Select(one => one.Status).SequenceEqual([TooLate]);
            var own = receipts[(isRefused ? part.Versions[^2] : last).Id!.Value].ToArray();
            if (!own.Select(one => one.No).SequenceEqual(Enumerable.Range(1, row.GetInt16(3))) || own[^1].Status != status)
            {
                faults.Add("lost", $"{name} has {row.GetInt16(3)} receipts, the last {status}; kept are {string.Join(", ", own.Select(one => one.Result))}.");
            }
        }, ct);
        foreach (var name in sent.Keys)
        {
            faults.Add("lost", $"{name} was accepted, and customs never heard of it.");
        }
    }

    /// <summary>The versions that a comparison rests on, as the matcher names them: of what is withdrawn none.</summary>
    private string BasisOf(Version inventory)
    {
        var order = StandingOf(OrderOf(inventory.Paper));
        var payments = order is null
            ? []
            : ofOrder[(Kind.ExportPayment, order.Paper.Platform, order.Paper.OrderNo)].Select(one => StandingOf(one)).OfType<Version>();
        return string.Join('|', new[] { inventory, order, StandingOf(WaybillOf(inventory.Paper)) }.Concat(payments)
            .Select(one => one is null ? "" : $"{one.Paper.Name.Key}@{one.Number}"));
    }

    private Version? StandingOf(PaperName? name) => VersionsOf(name) is [.., { Paper.AppType: not '3' } last] ? last : null;

    private IList<Version> VersionsOf(PaperName? name) => (name is { } known ? documents.GetValueOrDefault(known) ?? None : None).Values;

    private PaperName? OrderOf(Paper inventory) =>
        ofOrder[(Kind.ExportOrder, inventory.Platform, inventory.OrderNo)].Select(one => (PaperName?)one).SingleOrDefault();

    private static PaperName WaybillOf(Paper inventory) => new(Kind.ExportWaybill, inventory.Facts["logisticsCode"], inventory.Facts["logisticsNo"]);
}
