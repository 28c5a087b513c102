using System.Data;
using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Sandan.Contracts.Events;
using Sandan.Shared.Messaging;

namespace Sandan.Shared.Storage;

/// <summary>
/// One transaction and what it has to tell: the events go into the outbox with the effect they tell of, or not at all.
/// </summary>
public sealed class UnitOfWork : IAsyncDisposable
{
    private readonly OutboxSignal signal;
    private readonly List<(Guid Id, Type Event, byte[] Body)> events = [];
    private readonly List<NpgsqlBatchCommand> lasts = [];
    private readonly List<Action> nexts = [];
    private bool closing;

    private UnitOfWork(NpgsqlConnection connection, NpgsqlTransaction transaction, OutboxSignal signal)
    {
        Connection = connection;
        Transaction = transaction;
        this.signal = signal;
    }

    /// <summary>The open connection, inside the transaction.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>READ COMMITTED; of one that only looks, REPEATABLE READ.</summary>
    public NpgsqlTransaction Transaction { get; }

    /// <summary>It only looks: see <see cref="LookAsync"/>.</summary>
    public bool IsReadOnly { get; private init; }

    /// <summary>It comes to nothing: see <see cref="TryOutAsync"/>.</summary>
    private bool IsTrial { get; init; }

    /// <summary>Opens a connection and begins.</summary>
    public static Task<UnitOfWork> BeginAsync(NpgsqlDataSource database, OutboxSignal signal, CancellationToken ct) =>
        OpenAsync(database, IsolationLevel.ReadCommitted, "", (connection, transaction) => new(connection, transaction, signal), ct);

    /// <summary>
    /// Opens a connection to look at one moment of the database. The server itself refuses whatever would write, locks rows or draws from a
    /// sequence; there is nothing to commit.
    /// </summary>
    public static Task<UnitOfWork> LookAsync(NpgsqlDataSource database, OutboxSignal signal, CancellationToken ct) => OpenAsync(
        database, IsolationLevel.RepeatableRead, "SET TRANSACTION READ ONLY",
        (connection, transaction) => new(connection, transaction, signal) { IsReadOnly = true }, ct);

    /// <summary>
    /// Opens a connection to see what work would come to: it is done as ever, and rolled back. What it notes to be told is told to nobody.
    /// Of all it does, only numbers drawn from sequences stay drawn. Where it meets a lock, it gives way soon.
    /// </summary>
    public static Task<UnitOfWork> TryOutAsync(NpgsqlDataSource database, OutboxSignal signal, CancellationToken ct) => OpenAsync(
        database, IsolationLevel.ReadCommitted, "SET LOCAL lock_timeout = '500ms'",
        (connection, transaction) => new(connection, transaction, signal) { IsTrial = true }, ct);

    private static async Task<UnitOfWork> OpenAsync(
        NpgsqlDataSource database, IsolationLevel isolation, string first, Func<NpgsqlConnection, NpgsqlTransaction, UnitOfWork> open, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            var unit = open(connection, await connection.BeginTransactionAsync(isolation, ct));
            if (first.Length > 0)
            {
                await unit.ExecuteAsync(first, ct);
            }

            return unit;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Notes an event; it is written at <see cref="CommitAsync"/>. Each is a message of its own: few and fat, but within
    /// the broker's limit.
    /// </summary>
    /// <exception cref="InvalidOperationException">The events were written already: this one would be lost.</exception>
    public void Publish<TEvent>(TEvent message) where TEvent : class
    {
        ThrowIfClosing();
        events.Add((Guid.CreateVersion7(), typeof(TEvent), EventBytes.Pack(message)));
    }

    /// <summary>
    /// Notes a statement that goes with the commit, behind the writing of the events and in one round trip with both: for
    /// rows that nobody looks at before, and for a lock that all writers share, which is then held for the commit only. What
    /// it fails with, the commit fails with.
    /// </summary>
    public void BeforeCommit(NpgsqlBatchCommand last)
    {
        ThrowIfClosing();
        lasts.Add(last);
    }

    /// <summary>Notes what is to be done when the commit is through: to wake somebody, nothing that may fail.</summary>
    public void AfterCommit(Action next)
    {
        ThrowIfClosing();
        nexts.Add(next);
    }

    /// <summary>True where the connection broke: whatever was thrown, the work is not to blame.</summary>
    internal bool IsBroken => !Connection.FullState.HasFlag(ConnectionState.Open) || Connection.FullState.HasFlag(ConnectionState.Broken);

    /// <summary>A point to come back to: what was noted since is forgotten with <see cref="RollBackToAsync"/>.</summary>
    internal async Task<(int Events, int Lasts, int Nexts)> SaveAsync(string name, CancellationToken ct)
    {
        await Transaction.SaveAsync(name, ct);
        return (events.Count, lasts.Count, nexts.Count);
    }

    internal async Task RollBackToAsync(string name, (int Events, int Lasts, int Nexts) noted, CancellationToken ct)
    {
        await Transaction.RollbackAsync(name, ct);
        events.RemoveRange(noted.Events, events.Count - noted.Events);
        lasts.RemoveRange(noted.Lasts, lasts.Count - noted.Lasts);
        nexts.RemoveRange(noted.Nexts, nexts.Count - noted.Nexts);
    }

    /// <summary>Gives a point up, so that a long transaction does not pile them up.</summary>
    internal Task ReleaseAsync(string name, CancellationToken ct) => Transaction.ReleaseAsync(name, ct);

    /// <summary>A command in this transaction with positional parameters ($1 …).</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object> parameters)
    {
        var command = new NpgsqlCommand(sql, Connection, Transaction);
        Add(command.Parameters, parameters);
        return command;
    }

    /// <summary>A statement for <see cref="BeforeCommit"/> with positional parameters.</summary>
    public static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<object> parameters)
    {
        var statement = new NpgsqlBatchCommand(sql);
        Add(statement.Parameters, parameters);
        return statement;
    }

    /// <summary>Runs a command with positional parameters; returns the rows it changed.</summary>
    public async Task<int> ExecuteAsync(string sql, CancellationToken ct, params object[] parameters)
    {
        await using var command = Command(sql, parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>
    /// Adds rows by COPY, which costs about half of an INSERT. A row that exists already fails the transaction with a
    /// unique violation.
    /// </summary>
    /// <param name="into">Table and columns: <c>document (kind, key)</c>.</param>
    /// <param name="write">Writes the columns of a row, in that order.</param>
    public async Task CopyAsync<T>(
        string into, IReadOnlyCollection<T> rows, Action<NpgsqlBinaryImporter, T> write, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var copy = await Connection.BeginBinaryImportAsync($"COPY {into} FROM STDIN (FORMAT BINARY)", ct);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(ct);
            write(copy, row);
        }

        await copy.CompleteAsync(ct);
    }

    /// <summary>Writes the events and commits: after this returns, effect and events are durable.</summary>
    /// <exception cref="InvalidOperationException">It only looks or tries out, or is being committed already.</exception>
    public async Task CommitAsync(CancellationToken ct)
    {
        ThrowIfClosing();
        if (IsTrial)
        {
            throw new InvalidOperationException("This unit of work only tries out: it comes to nothing.");
        }

        closing = true;
        await using (var batch = new NpgsqlBatch(Connection, Transaction))
        {
            if (events.Count > 0)
            {
                batch.BatchCommands.Add(Statement(
                    """
                    INSERT INTO outbox (message_id, event, body, traceparent)
                    SELECT id, event, body, $4 FROM unnest($1, $2, $3) AS new (id, event, body)
                    """,
                    events.ConvertAll(one => one.Id).ToArray(),
                    events.ConvertAll(one => one.Event.Name).ToArray(),
                    events.ConvertAll(one => one.Body).ToArray(),
                    new NpgsqlParameter { Value = (object?)Activity.Current?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text }));
            }

            lasts.ForEach(batch.BatchCommands.Add);
            batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT")); // not reached where one before it fails
            await batch.ExecuteNonQueryAsync(ct);
        }

        if (events.Count > 0)
        {
            signal.Set();
        }

        nexts.ForEach(next => next());
    }

    /// <summary>Rolls back what was not committed.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Transaction.DisposeAsync();
        }
        finally
        {
            await Connection.DisposeAsync();
        }
    }

    /// <summary>Behind the transaction's end the connection would write at once, and outside of it.</summary>
    private void ThrowIfClosing()
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException("This unit of work only looks: it has nothing to write or to tell.");
        }

        if (closing)
        {
            throw new InvalidOperationException("This unit of work is being committed already.");
        }
    }

    private static void Add(NpgsqlParameterCollection to, ReadOnlySpan<object> parameters)
    {
        foreach (var value in parameters)
        {
            to.Add(value as NpgsqlParameter ?? new NpgsqlParameter { Value = value });
        }
    }
}
