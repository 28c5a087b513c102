using System.Security.Cryptography;
using Npgsql;
using Sandan.Shared;
using Sandan.Shared.Security;

namespace Sandan.Intake.Storage;

/// <summary>The data key of this service, made at the first start and wrapped by the master key.</summary>
internal sealed class DataKeys(NpgsqlDataSource database, KeyRing keys, SandanSettings settings)
{
    private DataKey? current;

    /// <summary>Encrypts what comes in.</summary>
    public DataKey Current => current ?? throw new InvalidOperationException("The data key was not loaded before the port opened.");

    /// <summary>Loads the key; where there is none yet, one of the replicas that start now makes it for all.</summary>
    /// <exception cref="InvalidOperationException">The master key is not the one that wrapped it.</exception>
    public async Task LoadAsync(CancellationToken ct)
    {
        // The service's name: a database restored under another prefix is still its own.
        var owner = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database![settings.DatabasePrefix.Length..];
        await using (var make = database.CreateCommand("INSERT INTO data_key (id, wrapped) VALUES (1, $1) ON CONFLICT DO NOTHING"))
        {
            make.Parameters.Add(new() { Value = DataKey.Create(1).Wrap(keys, owner) });
            await make.ExecuteNonQueryAsync(ct);
        }

        await using var read = database.CreateCommand("SELECT wrapped FROM data_key ORDER BY id DESC LIMIT 1");
        var wrapped = (byte[])(await read.ExecuteScalarAsync(ct))!;
        try
        {
            current = DataKey.Unwrap(wrapped, keys, owner);
        }
        catch (CryptographicException trouble)
        {
            throw new InvalidOperationException(
                $"The data key of {owner} does not open: this is not the master key (master.key or {KeyRing.MasterVariable}) with which"
                + " it was made. Give back the old one; without it no stored document can be read.",
                trouble);
        }
    }
}
