using System.Buffers;
using System.Buffers.Binary;
using Npgsql;

namespace Sandan.Twin;

/// <summary>The tables, and COPY into them.</summary>
internal static class Database
{
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly byte[] Trailer = [0xFF, 0xFF];

    /// <summary>Makes the database anew.</summary>
    public static async Task<NpgsqlDataSource> CreateAsync(string server, string name)
    {
        await using (var postgres = NpgsqlDataSource.Create($"{server};Database=postgres;Pooling=false"))
        {
            await postgres.CreateCommand($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)").ExecuteNonQueryAsync();
            await postgres.CreateCommand($"CREATE DATABASE \"{name}\"").ExecuteNonQueryAsync();
        }

        var database = NpgsqlDataSource.Create($"{server};Database={name}");
        foreach (var table in DocumentKind.All.Select(kind => kind.Table))
        {
            await database.CreateCommand(
                $"""
                CREATE TABLE {table} (
                  company_code text  NOT NULL,
                  document_no  text  NOT NULL,
                  content      bytea NOT NULL,
                  PRIMARY KEY (company_code, document_no)
                )
                """).ExecuteNonQueryAsync();
        }

        foreach (var table in (string[])["verdict", "tax", "outcome", "credit", "statistics"])
        {
            await database.CreateCommand(
                $"""
                CREATE TABLE {table} (
                  platform_code text NOT NULL,
                  order_no      text NOT NULL,
                  status        int  NOT NULL,
                  code          text NOT NULL,
                  PRIMARY KEY (platform_code, order_no)
                )
                """).ExecuteNonQueryAsync();
        }

        return database;
    }

    /// <summary>Adds rows in COPY's binary format; they are durable when this is done.</summary>
    public static async Task CopyAsync(
        NpgsqlConnection database, string table, IEnumerable<ReadOnlyMemory<byte>> rows, CancellationToken ct)
    {
        await using var copy = await database.BeginRawBinaryCopyAsync($"COPY {table} FROM STDIN (FORMAT binary)", ct);
        await copy.WriteAsync(Header, ct);
        foreach (var some in rows)
        {
            await copy.WriteAsync(some, ct);
        }

        await copy.WriteAsync(Trailer, ct); // the end of the block commits
    }

    /// <summary>Begins a row of so many fields.</summary>
    public static void BeginRow(this ArrayBufferWriter<byte> rows, short fields)
    {
        BinaryPrimitives.WriteInt16BigEndian(rows.GetSpan(sizeof(short)), fields);
        rows.Advance(sizeof(short));
    }

    /// <summary>A field of type text or bytea.</summary>
    public static void Field(this ArrayBufferWriter<byte> rows, ReadOnlySpan<byte> value)
    {
        rows.Int(value.Length);
        rows.Write(value);
    }

    /// <summary>A field of type int.</summary>
    public static void Field(this ArrayBufferWriter<byte> rows, int value)
    {
        rows.Int(sizeof(int));
        rows.Int(value);
    }

    private static void Int(this ArrayBufferWriter<byte> rows, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(rows.GetSpan(sizeof(int)), value);
        rows.Advance(sizeof(int));
    }
}
