using System.Globalization;
using Npgsql;

namespace Sandan.Chaos.Books;

/// <summary>Reads the databases of the services.</summary>
internal sealed class Databases(Installation sandan, Faults faults) : IAsyncDisposable
{
    private readonly Dictionary<string, NpgsqlDataSource> databases = [];

    /// <summary>Adds a fault where a count is not what it must be.</summary>
    public async Task HoldAsync(string of, string what, string service, string sql, long expected, CancellationToken ct)
    {
        var counted = await CountAsync(service, sql, ct);
        if (counted != expected)
        {
            faults.Add(of, string.Create(CultureInfo.InvariantCulture, $"{what}: {counted:N0} instead of {expected:N0}"));
        }
    }

    public async Task<long> CountAsync(string service, string sql, CancellationToken ct)
    {
        await using var command = Of(service).CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(ct), CultureInfo.InvariantCulture);
    }

    public async Task ReadAsync(string service, string sql, Action<NpgsqlDataReader> take, CancellationToken ct)
    {
        await using var command = Of(service).CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            take(row);
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var database in databases.Values)
        {
            await database.DisposeAsync();
        }
    }

    private NpgsqlDataSource Of(string service) =>
        databases.TryGetValue(service, out var known) ? known : databases[service] = sandan.Database(service);
}
