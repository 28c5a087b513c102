namespace Sandan.Chaos.Books;

/// <summary>What must have become of a consignment.</summary>
/// <param name="Platform">Empty where only a waybill stands.</param>
/// <param name="State">Of the comparison: Waiting, Matched, Mismatched.</param>
/// <param name="Allowed">
/// Decisions of customs that may stand: more than one where the documents changed, because a change may come before or
/// behind the decision on what it changes. Null: none.
/// </param>
/// <param name="IsChanged">A document of it has more than one version, so that more than one verdict may be given.</param>
internal sealed record Outcome(
    string Platform, string OrderNo, string State, IReadOnlySet<(int Status, string Code)?> Allowed, bool IsChanged);

/// <summary>
/// Knows the right outcome of every consignment from the documents alone: small, obvious, one thread, and without a line
/// of the services' code.
/// </summary>
internal static class Oracle
{
    private const string Waiting = "Waiting";
    private const string Matched = "Matched";
    private const string Mismatched = "Mismatched";

    private static readonly (int, string)? Released = (800, "2600");
    private static readonly (int, string)? ChangedAfterRelease = (800, "S6003");
    private static readonly (int, string)? Withdrawn = (120, "S6001");

    /// <summary>The outcome for an order number.</summary>
    /// <param name="documents">All versions, oldest first, of each document that ever named it.</param>
    /// <returns>Null where no document names it any more.</returns>
    public static Outcome? Of(string orderNo, IReadOnlyList<IList<Version>> documents)
    {
        var last = Judge(orderNo, [.. documents.Select(versions => versions.Take(versions.Count).ToArray())]);
        if (last.Platform is null)
        {
            return null;
        }

        // What may have been judged before: every combination of earlier versions, or of documents not there yet.
        var before = Combinations(documents).Where(seen => seen.Zip(documents).Any(one => one.First.Length < one.Second.Count))
            .Select(seen => Judge(orderNo, seen)).ToArray();
        HashSet<(int, string)?> allowed = last switch
        {
            { Code: { } code } => [(100, code)],
            { State: Matched } => [Released],
            _ => [null, .. before.Where(one => one.Code is not null).Select(one => ((int, string)?)(100, one.Code!))],
        };
        if (before.Any(one => one is { State: Matched, Code: null }))
        {
            // It may have been released before; that stands, and the change is told.
            allowed.Add(ChangedAfterRelease);
            if (last.State == Waiting)
            {
                allowed.Add(Withdrawn);
            }
        }

        return new(last.Platform, orderNo, last.State, allowed, documents.Any(versions => versions.Count > 1));
    }

    /// <summary>Of each document the versions that may have been known at one time: none, the first, the first two …</summary>
    public static IEnumerable<Version[][]> Combinations(IReadOnlyList<IList<Version>> documents)
    {
        IEnumerable<Version[][]> all = [[]];
        foreach (var versions in documents)
        {
            all = all.SelectMany(known => Enumerable.Range(0, versions.Count + 1)
                .Select(count => (Version[][])[.. known, [.. versions.Take(count)]]));
        }

        return all;
    }

    /// <summary>The verdict where of each document these versions are known.</summary>
    private static (string? Platform, string State, string? Code) Judge(string orderNo, Version[][] documents)
    {
        var standing = documents
            .Where(versions => versions.Length > 0 && versions[^1].Paper is { AppType: not '3' } paper && paper.OrderNo == orderNo)
            .ToDictionary(versions => versions[^1].Paper.Name.Kind);
        var order = standing.GetValueOrDefault(Kind.Order)?[^1].Paper;
        var payment = standing.GetValueOrDefault(Kind.Payment)?[^1].Paper;
        var waybill = standing.GetValueOrDefault(Kind.Waybill)?[^1].Paper;
        var platform = order?.Platform ?? payment?.Platform ?? (waybill is null ? null : "");
        if (order is null || payment is null || waybill is null)
        {
            return (platform, Waiting, null);
        }

        var mismatch = Mismatch(order.Facts, payment.Facts, waybill.Facts);
        if (mismatch is not null)
        {
            return (platform, Mismatched, mismatch);
        }

        // A number that was used for another order before is refused though the documents agree.
        var code = WasElsewhere(Kind.Payment) ? "R06" : WasElsewhere(Kind.Waybill) ? "R07" : null;
        return (platform, Matched, code);

        bool WasElsewhere(Kind kind) => standing[kind].Any(version => version.Paper.OrderNo != orderNo);
    }

    /// <summary>The code of the first difference; null where there is none.</summary>
    private static string? Mismatch(
        IReadOnlyDictionary<string, string> order,
        IReadOnlyDictionary<string, string> payment,
        IReadOnlyDictionary<string, string> waybill)
    {
        (string Code, bool Differs)[] comparisons =
        [
            ("1332", order["acturalPaid"] != payment["amountPaid"]),
            ("1327", order["buyerName"] != payment["payerName"] || order["buyerIdNumber"] != payment["payerIdNumber"]),
            ("13035", order["payCode"] != payment["payCode"]),
            ("S4003", order["payTransactionId"] != payment["payTransactionId"]),
            ("S4004", order["ebpName"] != payment["ebpName"]),
            ("S4005", order["consignee"] != waybill["consignee"]),
            ("S4006", order["consigneeTelephone"] != waybill["consigneeTelephone"]),
            ("S4007", order["consigneeAddress"] != waybill["consigneeAddress"]),
        ];
        return Array.Find(comparisons, one => one.Differs).Code;
    }
}
