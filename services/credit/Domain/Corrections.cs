namespace Sandan.Credit.Domain;

/// <summary>
/// Tells a match from a correction: a Matched revision whose latest known predecessor was Mismatched through the same
/// company. Which of two revisions arrives first makes no difference: what was recorded otherwise is taken back.
/// </summary>
internal static class Corrections
{
    /// <summary>
    /// What to append for the consignments that <paramref name="arrived"/> speaks of.
    /// </summary>
    /// <param name="known">Matched, corrected and mismatched entries recorded, net of what was taken back.</param>
    /// <param name="arrived">Matched and mismatched entries just come in.</param>
    public static IEnumerable<Entry> Settle(IEnumerable<Entry> known, IEnumerable<Entry> arrived)
    {
        var groups = known.Select(entry => (entry, isNew: false))
            .Concat(arrived.Select(entry => (entry, isNew: true)))
            .GroupBy(one => (one.entry.Company, one.entry.Of!.Value.PlatformCode, one.entry.Of.Value.OrderNo));
        foreach (var group in groups)
        {
            var afterMismatch = false;
            foreach (var (entry, isNew) in group.OrderBy(one => one.entry.Of!.Value.Revision))
            {
                if (entry.Kind == EntryKind.Mismatched)
                {
                    afterMismatch = true;
                    if (isNew)
                    {
                        yield return entry;
                    }

                    continue;
                }

                var kind = afterMismatch ? EntryKind.Corrected : EntryKind.Matched;
                afterMismatch = false;
                if (!isNew && entry.Kind != kind)
                {
                    yield return entry with { Count = -1 };
                }

                if (isNew || entry.Kind != kind)
                {
                    yield return entry with { Kind = kind };
                }
            }
        }
    }
}
