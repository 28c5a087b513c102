using System.Net.Sockets;
using Npgsql;
using Sandan.Shared.Storage;

namespace Sandan.Shared.Tests;

public sealed class TroubleTests
{
    [Theory]
    [InlineData("40001", true)] // serialization_failure
    [InlineData("40P01", true)] // deadlock_detected
    [InlineData("55P03", true)] // lock_not_available
    [InlineData("53300", true)] // too_many_connections
    [InlineData("53100", true)] // disk_full
    [InlineData("57P01", true)] // admin_shutdown
    [InlineData("57P02", true)] // crash_shutdown
    [InlineData("57P03", true)] // cannot_connect_now
    [InlineData("57014", true)] // query_canceled
    [InlineData("58030", true)] // io_error
    [InlineData("08006", true)] // connection_failure
    [InlineData("25006", true)] // read_only_sql_transaction: a failover
    [InlineData("23505", false)] // unique_violation
    [InlineData("22P05", false)] // untranslatable_character
    [InlineData("42P01", false)] // undefined_table
    [InlineData("22003", false)] // numeric_value_out_of_range
    public void What_postgres_says_passes_or_not(string sqlState, bool passes) =>
        Assert.Equal(passes, Trouble.Passes(new PostgresException("", "ERROR", "ERROR", sqlState)));

    [Theory]
    [InlineData("FATAL", "XX000", true)] // could not write init file: a connection while the disk is full
    [InlineData("ERROR", "XX000", false)]
    [InlineData("FATAL", "28P01", false)] // invalid_password
    [InlineData("FATAL", "3D000", false)] // invalid_catalog_name
    public void What_ends_a_session_passes_where_it_is_trouble_of_the_server(string severity, string sqlState, bool passes) =>
        Assert.Equal(passes, Trouble.Passes(new PostgresException("", severity, severity, sqlState)));

    [Fact]
    public void What_the_network_says_passes_and_what_the_work_says_does_not()
    {
        Assert.All(
            new Exception[]
            {
                new SocketException(), new IOException(), new TimeoutException(), new NpgsqlException("", new SocketException()),
                new NpgsqlException("", new NpgsqlException("", new IOException())),
                new TaskCanceledException("", new TimeoutException()), new PassingTroubleException(new InvalidOperationException()),
            },
            one => Assert.True(Trouble.Passes(one)));
        Assert.All(
            new Exception[]
            {
                new InvalidOperationException(), new FormatException(), new OperationCanceledException(), new NpgsqlException(),
                new ArgumentException("", new IOException()),
            },
            one => Assert.False(Trouble.Passes(one)));
    }
}
