using Npgsql;
using Sandan.Shared;
using Sandan.Shared.Sandbox;
using Sandan.Shared.Security;

namespace Sandan.Intake.Storage;

/// <summary>
/// The data keys of this service: one for the documents of each month, so that what is old can be made unreadable by deleting a
/// key. The keys lie in files, see <see cref="DataKeyFiles"/>; the database knows which there are, and which are gone for good.
/// </summary>
internal sealed class DataKeys(NpgsqlDataSource database, DataKeyFiles files, SandanSettings settings) : IBeforeClock
{
    private volatile DataKey[] prepared = [];

    /// <summary>The service's name: a database restored under another prefix is still its own.</summary>
    public string Owner { get; } = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database![settings.DatabasePrefix.Length..];

    /// <summary>Encrypts what is received at that time.</summary>
    /// <exception cref="InvalidOperationException">Its month was not prepared: a defect, for the next one always is.</exception>
    public DataKey Of(DateTimeOffset received) => Array.Find(prepared, key => key.Id == Month.Of(received).Number)
        ?? throw new InvalidOperationException($"There is no data key for {Month.Of(received).Number} yet.");

    /// <summary>Makes sure of this month's key and the next one's, made by whichever replica comes first.</summary>
    /// <exception cref="InvalidOperationException">
    /// A key's file is missing or is another one than documents were encrypted under; or the master key is not its own.
    /// </exception>
    public async Task PrepareAsync(DateTimeOffset now, CancellationToken ct)
    {
        DataKey[] needed = [await PrepareAsync(Month.Of(now), ct), await PrepareAsync(Month.Of(now).Next, ct)];
        prepared = [.. needed.Concat(prepared).DistinctBy(key => key.Id).Take(2 * needed.Length)]; // those before it serve until the clock says now
    }

    /// <summary>The key of a number for reading; null where it was deleted.</summary>
    public DataKey? Find(int id) => files.Find(Owner, id);

    internal async Task<DataKey> PrepareAsync(Month month, CancellationToken ct)
    {
        if (await FingerprintAsync(month, ct) is { } known)
        {
            return files.Find(Owner, month.Number) is { } there && there.Fingerprint().AsSpan().SequenceEqual(known)
                ? there
                : throw new InvalidOperationException(
                    $"The data key {Owner}-{month.Number}, under which documents were encrypted, is missing or another one (SANDAN_DATA_KEYS)."
                    + " Give its file back; without it those documents cannot be read.");
        }

        var key = files.FindOrCreate(Owner, month.Number);
        await using var note = database.CreateCommand("INSERT INTO data_key (id, fingerprint) VALUES ($1, $2) ON CONFLICT DO NOTHING");
        note.Parameters.Add(new() { Value = key.Id });
        note.Parameters.Add(new() { Value = key.Fingerprint() });
        await note.ExecuteNonQueryAsync(ct);
        return (await FingerprintAsync(month, ct)).AsSpan().SequenceEqual(key.Fingerprint())
            ? key
            : throw new InvalidOperationException(
                $"Another replica has another data key {Owner}-{month.Number}: all replicas must share one folder (SANDAN_DATA_KEYS).");
    }

    private async Task<byte[]?> FingerprintAsync(Month month, CancellationToken ct)
    {
        await using var command = database.CreateCommand("SELECT fingerprint FROM data_key WHERE id = $1");
        command.Parameters.Add(new() { Value = month.Number });
        return (byte[]?)await command.ExecuteScalarAsync(ct);
    }
}
