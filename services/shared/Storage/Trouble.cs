using System.Net.Sockets;
using Npgsql;

namespace Sandan.Shared.Storage;

/// <summary>Tells trouble that will be over some time from what is wrong with the work itself.</summary>
internal static class Trouble
{
    /// <summary>
    /// True where the same work may succeed later: the server is away, starts, stops, is full, is read-only during a
    /// failover, or chose us as the victim of a deadlock.
    /// </summary>
    public static bool Passes(Exception trouble) => trouble switch
    {
        PassingTroubleException or RacedException => true,
        PostgresException postgres => postgres.IsTransient || postgres.SqlState
            is PostgresErrorCodes.ReadOnlySqlTransaction
            or "25P03" // idle_in_transaction_session_timeout
            or PostgresErrorCodes.QueryCanceled
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure
            // A session that the server ends for trouble of its own: so it refuses a new one whose files it has no room for.
            || postgres is { SqlState: PostgresErrorCodes.InternalError, InvariantSeverity: "FATAL" or "PANIC" },
        NpgsqlException npgsql => npgsql.IsTransient || (npgsql.InnerException is { } inner && Passes(inner)),
        OperationCanceledException { InnerException: TimeoutException } => true, // how HttpClient says that it waited long enough
        TimeoutException or IOException or SocketException => true,
        ObjectDisposedException => true, // Npgsql, where a connection broke between two statements
        _ => false,
    };
}

/// <summary>Trouble known to pass by where it came from, whatever it is: the connection broke, or never was one.</summary>
internal sealed class PassingTroubleException(Exception cause) : Exception(cause.Message, cause);

/// <summary>Another transaction wrote first what this one was about to write: working it in again finds what it wrote.</summary>
public sealed class RacedException() : Exception("Another transaction wrote first.");
