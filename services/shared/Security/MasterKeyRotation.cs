using System.Security.Cryptography;

namespace Sandan.Shared.Security;

/// <summary>
/// A new master key while everything runs. The next one lies beside the present one until every data key is wrapped by it, and
/// then takes its place: who reads at any moment has one that opens. Whatever breaks it off, it is run again.
/// </summary>
public static class MasterKeyRotation
{
    /// <summary>
    /// Makes the next key and puts it into force. Where the keys are in the environment it has to be there already, in all
    /// processes: then it only wraps, and the next key becomes the present one with the next settings.
    /// </summary>
    /// <returns>How many data keys were wrapped anew.</returns>
    /// <exception cref="InvalidOperationException">There is no next key in the environment, or a data key does not open.</exception>
    public static int Run(KeyRing keys, DataKeyFiles files)
    {
        if (keys.IsMasterInEnvironment)
        {
            var given = keys.Masters();
            return given.Count == 2
                ? files.Rewrap(given)
                : throw new InvalidOperationException(
                    $"The master key is in {KeyRing.MasterVariable}: give all processes the next one in {KeyRing.NextMasterVariable} first.");
        }

        if (!File.Exists(keys.NextMasterPath))
        {
            var made = keys.NextMasterPath + ".new";
            File.Delete(made); // of a run that was broken off
            PrivateFile.Write(made, Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyRing.KeyBytes)));
            File.Move(made, keys.NextMasterPath);
        }

        var masters = keys.Masters();
        files.Rewrap(masters);
        File.Move(keys.NextMasterPath, keys.MasterPath, overwrite: true);
        return files.Rewrap(masters); // a key that somebody made meanwhile who had not seen the next one yet
    }
}
