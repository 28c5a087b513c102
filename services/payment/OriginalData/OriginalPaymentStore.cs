using Npgsql;
using Sandan.Intake.Storage;
using Sandan.Shared.Security;
using Sandan.Shared.Storage;

namespace Sandan.Payment.OriginalData;

/// <summary>The data that platforms deposited, and the body log in which they lie encrypted until their month is shredded.</summary>
internal static class OriginalPaymentStore
{
    private const int LockClass = 179;
    private const int LockParts = 64;

    private const string OfOrder =
        """
        FROM original_payment_order asked JOIN original_payment paid ON paid.id = payment
        JOIN document_block block ON block.id = paid.id AND block.received_at = paid.received_at
        WHERE asked.ebp_code = $1 AND asked.order_no = $2
        """;

    /// <summary>
    /// Of an order: whoever deposits it and whoever asks for it see each other, so that no request waits for data that are there.
    /// </summary>
    private static readonly PartLocks Orders = new(LockClass, LockParts);

    /// <summary>Until commit, nobody else deposits these orders or asks for them.</summary>
    public static Task LockAsync(UnitOfWork unit, string ebpCode, IEnumerable<string> orders, CancellationToken ct) =>
        Orders.LockAsync(unit, orders.Select(order => $"{ebpCode}\u001F{order}"), ct);

    /// <summary>
    /// Adds a transaction. Where the platform deposited it before, nothing changes, and the hash of that is returned with its id.
    /// </summary>
    public static async Task<(Guid Id, byte[] ContentHash, bool IsNew)> AddAsync(
        UnitOfWork unit, DataKey key, Guid id, OriginalPayment payment, DateTimeOffset now, CancellationToken ct)
    {
        var head = payment.Head;
        var hash = PayExBody.HashOf(payment);
        if (await unit.ExecuteAsync(
            """
            INSERT INTO original_payment (id, ebp_code, pay_code, pay_transaction_id, content_hash, received_at) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (ebp_code, pay_code, pay_transaction_id) DO NOTHING
            """,
            ct, id, head.EbpCode, head.PayCode, head.PayTransactionId, hash, now) == 0)
        {
            await using var find = unit.Command(
                "SELECT id, content_hash FROM original_payment WHERE ebp_code = $1 AND pay_code = $2 AND pay_transaction_id = $3",
                head.EbpCode, head.PayCode, head.PayTransactionId);
            await using var row = await find.ExecuteReaderAsync(ct);
            await row.ReadAsync(ct);
            return (row.GetGuid(0), (byte[])row[1], false);
        }

        await unit.ExecuteAsync(
            "INSERT INTO original_payment_order (ebp_code, order_no, payment) SELECT $1, order_no, $3 FROM unnest($2) AS new (order_no)",
            ct, head.EbpCode, payment.Orders.Select(order => order.OrderNo).ToArray(), id);
        unit.BeforeCommit(Block(key, id, PayExBody.Of(payment).ToBytes(), now));
        return (id, hash, true);
    }

    /// <summary>A statement that puts some bytes into the body log, encrypted.</summary>
    public static NpgsqlBatchCommand Block(DataKey key, Guid id, byte[] bytes, DateTimeOffset now) => UnitOfWork.Statement(
        "INSERT INTO document_block (id, received_at, sealed) VALUES ($1, $2, $3)", id, now, key.Encrypt(bytes, id));

    /// <summary>The transaction with which an order was paid, of several the one deposited last; null where there is none to be read any more.</summary>
    public static async Task<PayExBody?> FindAsync(NpgsqlDataSource database, DataKeys keys, string ebpCode, string orderNo, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT paid.id, sealed {OfOrder} ORDER BY paid.id DESC LIMIT 1");
        command.Parameters.Add(new() { Value = ebpCode });
        command.Parameters.Add(new() { Value = orderNo });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            return null;
        }

        var (id, bytes) = (row.GetGuid(0), (byte[])row[1]);
        return keys.Find(DataKey.IdOf(bytes)) is { } key ? PayExBody.FromBytes(key.Decrypt(bytes, id)) : null;
    }

    /// <summary>Whether data of an order are there.</summary>
    public static async Task<bool> HasAsync(UnitOfWork unit, string ebpCode, string orderNo, CancellationToken ct)
    {
        await using var command = unit.Command($"SELECT EXISTS (SELECT {OfOrder})", ebpCode, orderNo);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
