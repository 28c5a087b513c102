using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;
using Sandan.Shared.Storage;

namespace Sandan.Matcher.Storage;

/// <summary>The dossiers. Every method is one statement for a whole group.</summary>
internal static class DossierStore
{
    /// <summary>The dossiers of order numbers, in their order; empty where nothing is known.</summary>
    public static async Task<List<Dossier>> OpenAsync(
        UnitOfWork unit, IReadOnlyCollection<string> orderNumbers, CancellationToken ct)
    {
        var dossiers = orderNumbers.Order(StringComparer.Ordinal).Select(number => new Dossier(number)).ToList();
        var byNumber = dossiers.ToDictionary(one => one.OrderNo);
        await using var command = unit.Command(
            "SELECT order_no, notes FROM dossier WHERE order_no = ANY($1)", [orderNumbers.ToArray()]);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            byNumber[row.GetString(0)].Read(NotesIn(row, 1));
        }

        return dossiers;
    }

    /// <summary>The dossier of an order number, to look at.</summary>
    public static async Task<Dossier> FindAsync(NpgsqlDataSource database, string orderNo, CancellationToken ct)
    {
        var dossier = new Dossier(orderNo);
        await using var command = database.CreateCommand("SELECT notes FROM dossier WHERE order_no = $1");
        command.Parameters.Add(new() { Value = orderNo });
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            dossier.Read(NotesIn(row, 0));
        }

        return dossier;
    }

    /// <summary>Payments that stand, by <see cref="RiskRules.PaymentOf"/>.</summary>
    /// <param name="open">Dossiers that are open already: what they say counts.</param>
    public static async Task<List<PaymentAccepted>> PaymentsAsync(
        UnitOfWork unit, long[] payments, IReadOnlyCollection<Dossier> open, CancellationToken ct)
    {
        var numbers = new HashSet<string>();
        await using (var command = unit.Command("SELECT DISTINCT order_no FROM dossier WHERE payment = ANY($1)", [payments]))
        await using (var row = await command.ExecuteReaderAsync(ct))
        {
            while (await row.ReadAsync(ct))
            {
                numbers.Add(row.GetString(0));
            }
        }

        numbers.ExceptWith(open.Select(one => one.OrderNo));
        return
        [
            .. open.Concat(await OpenAsync(unit, numbers, ct)).SelectMany(one => one.Documents).Select(one => one.Content)
                .OfType<PaymentAccepted>().Where(one => payments.Contains(RiskRules.PaymentOf(one))),
        ];
    }

    /// <summary>Keeps what is new in them.</summary>
    public static Task AddAsync(UnitOfWork unit, IReadOnlyCollection<Dossier> changed, CancellationToken ct) =>
        unit.CopyAsync(
            "dossier (order_no, payment, notes)",
            [.. changed.SelectMany(one => Rows(one.News()), (dossier, notes) => (dossier.OrderNo, Notes: notes))],
            (row, one) =>
            {
                row.Write(one.OrderNo, NpgsqlDbType.Text);
                row.Write(one.Notes.Payments is [var payment] ? RiskRules.PaymentOf(payment) : (long?)null, NpgsqlDbType.Bigint);
                row.Write(EventBytes.Write(one.Notes), NpgsqlDbType.Bytea);
            },
            ct);

    /// <summary>A payment is found by its number too: so at most one in a row.</summary>
    private static IEnumerable<Notes> Rows(Notes news) => news.Payments.Count <= 1
        ? [news]
        : [news with { Payments = [] }, .. news.Payments.Select(one => new Notes([], [one], [], []))];

    /// <summary>What a column holds.</summary>
    internal static Notes NotesIn(NpgsqlDataReader row, int column) => EventBytes.Read<Notes>((byte[])row[column]);
}
