using System.Globalization;
using Npgsql;
using Sandan.Chaos.Load;

namespace Sandan.Chaos.Books;

/// <summary>Holds the stock book against the inventories: what each has is what its result says, and the sums are those of the movements.</summary>
internal sealed class StockChecker(Databases databases, Faults faults)
{
    /// <param name="documents">The stored versions of each document by the answers, oldest first.</param>
    /// <param name="declared">The declarations that customs have.</param>
    public async Task CheckAsync(
        IReadOnlyDictionary<PaperName, SortedList<int, Version>> documents, IReadOnlyDictionary<PaperName, Declaration> declared, CancellationToken ct)
    {
        var bonded = declared.Where(one => one.Key.Kind == Kind.Inventory)
            .Select(one => (one.Key, one.Value, documents[one.Key].Values[^1].Paper)).Where(one => one.Paper.RecordNo is not null)
            .Select(one => (
                Name: one.Key, one.Value.Document, Article: (one.Paper.Facts["emsNo"], one.Paper.RecordNo!), one.Paper.Pieces, one.Value.Result))
            .ToArray();
        var ofArticle = bonded.ToLookup(one => one.Article);
        var unmoved = bonded.ToDictionary(one => one.Document);
        var givenBack = new Dictionary<(string, string), decimal>();
        await databases.ReadAsync(
            "customs",
            """
            SELECT m.ems_no, m.record_no, i.document, sum(m.entered), sum(m.reserved), sum(m.released), sum(m.returned),
              coalesce(-sum(m.reserved) FILTER (WHERE kind = 'givenBack'), 0)
            FROM stock_movement m LEFT JOIN inventory i ON i.invt_no = m.document_no WHERE m.pre_no IS NOT NULL GROUP BY 1, 2, 3
            """,
            row =>
            {
                var article = ArticleOf(row);
                givenBack[article] = givenBack.GetValueOrDefault(article) + row.GetDecimal(7);
                if (row.IsDBNull(2) || !unmoved.Remove(row.GetGuid(2), out var one) || one.Article != article)
                {
                    faults.Add("doubled", $"Of {article} goods moved for no inventory that asks for them.");
                }
                else if (SumsOf(row) != SumsOf(0, StockOracle.HeldWith(one.Result, one.Pieces)))
                {
                    faults.Add("wrong", $"{one.Name} has {one.Result}, asks for {one.Pieces} of {article}, and holds {SumsOf(row)}.");
                }
            },
            ct);
        foreach (var one in unmoved.Values.Where(one => StockOracle.HeldWith(one.Result, one.Pieces) != (0, 0)))
        {
            faults.Add("lost", $"{one.Name} has {one.Result}, and nothing of {one.Article}.");
        }

        await databases.ReadAsync("customs", "SELECT ems_no, record_no, NULL, entered, reserved, released, returned FROM stock_item", row =>
        {
            var article = ArticleOf(row);
            var all = ofArticle[article].ToArray();
            var held = all.Select(one => StockOracle.HeldWith(one.Result, one.Pieces)).ToArray();
            var sums = SumsOf(Accounts.Pieces, (held.Sum(one => one.Reserved), held.Sum(one => one.Released)));
            if (SumsOf(row) != sums)
            {
                faults.Add("wrong", $"{article} has {SumsOf(row)} instead of {sums}.");
            }

            foreach (var wrong in StockOracle.Check(Accounts.Pieces, givenBack.GetValueOrDefault(article), [.. all.Select(one => (one.Pieces, one.Result))]))
            {
                faults.Add("wrong", $"{article}: {wrong}.");
            }
        }, ct);
        await databases.HoldAsync(
            "wrong", "articles whose sums are not those of their movements", "customs",
            """
            SELECT count(*) FROM stock_item FULL JOIN (
              SELECT ems_no, record_no, sum(entered) AS e, sum(reserved) AS h, sum(released) AS r, sum(returned) AS b FROM stock_movement GROUP BY 1, 2) AS moved
            USING (ems_no, record_no) WHERE (entered, reserved, released, returned) IS DISTINCT FROM (e, h, r, b)
            """,
            0,
            ct);
    }

    private static (string, string) ArticleOf(NpgsqlDataReader row) => (row.GetString(0), row.GetString(1));

    /// <summary>Nothing comes back: no officer releases a return.</summary>
    private static string SumsOf(decimal entered, (decimal Reserved, decimal Released) held) => Text(entered, held.Reserved, held.Released, 0);

    private static string SumsOf(NpgsqlDataReader row) => Text(row.GetDecimal(3), row.GetDecimal(4), row.GetDecimal(5), row.GetDecimal(6));

    private static string Text(decimal entered, decimal reserved, decimal released, decimal returned) => string.Create(
        CultureInfo.InvariantCulture, $"{entered:0.#} entered, {reserved:0.#} reserved, {released:0.#} released, {returned:0.#} returned");
}
