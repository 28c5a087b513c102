using System.Security.Cryptography;
using System.Text;
using Sandan.Shared.Security;

namespace Sandan.Shared.Tests;

public sealed class DataKeyFilesTests : IDisposable
{
    private const int Month = 202611;
    private readonly Keys keys = new();
    private readonly Guid id = Guid.CreateVersion7();

    private string Folder => Path.Combine(keys.Folder, "data");

    private string MasterPath => Path.Combine(keys.Folder, "master.key");

    private string NextPath => Path.Combine(keys.Folder, "master.next.key");

    public void Dispose() => keys.Dispose();

    [Fact]
    public void A_key_is_made_once_and_is_its_owners_alone()
    {
        var files = new DataKeyFiles(keys.Ring, Folder);
        Assert.Null(files.Find("order", Month));
        var made = files.FindOrCreate("order", Month);
        Assert.Equal(made.Fingerprint(), files.FindOrCreate("order", Month).Fingerprint());
        Assert.Equal(made.Fingerprint(), new DataKeyFiles(keys.Ring, Folder).Find("order", Month)!.Fingerprint());
        Assert.NotEqual(made.Fingerprint(), files.FindOrCreate("payment", Month).Fingerprint());
        Assert.NotEqual(made.Fingerprint(), files.FindOrCreate("order", 202612).Fingerprint());
        if (!OperatingSystem.IsWindows())
        {
            foreach (var path in Directory.GetFiles(Folder))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            }
        }

        File.Copy(Path.Combine(Folder, "order-202611.key"), Path.Combine(Folder, "waybill-202611.key"));
        Assert.Throws<InvalidOperationException>(() => files.Find("waybill", Month)); // another owner's
        File.Copy(Path.Combine(Folder, "order-202611.key"), Path.Combine(Folder, "order-202701.key"));
        Assert.Throws<InvalidOperationException>(() => files.Find("order", 202701)); // another month's
    }

    [Fact]
    public async Task Of_many_who_make_it_at_once_all_get_the_same()
    {
        for (var month = 202601; month <= 202612; month++)
        {
            var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => new DataKeyFiles(keys.Ring, Folder).FindOrCreate("order", month))));
            Assert.Single(made.Select(key => Convert.ToHexString(key.Fingerprint())).Distinct());
        }

        Assert.Equal(12, Directory.GetFiles(Folder).Length); // and nothing half made is left
    }

    [Fact]
    public void A_deleted_key_is_gone_and_a_damaged_one_is_named()
    {
        var files = new DataKeyFiles(keys.Ring, Folder);
        files.FindOrCreate("order", Month);
        files.Delete("order", Month);
        files.Delete("order", Month);
        Assert.Null(files.Find("order", Month));

        files.FindOrCreate("order", Month);
        File.WriteAllText(Path.Combine(Folder, "order-202611.key"), "AAAA");
        Assert.Contains("order-202611.key", Assert.Throws<InvalidOperationException>(() => files.Find("order", Month)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(Folder, "order-202611.key"), "not base64!");
        Assert.Contains("order-202611.key", Assert.Throws<InvalidOperationException>(() => files.Find("order", Month)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_master_key_opens_everything_and_the_old_one_nothing_more()
    {
        var running = new DataKeyFiles(keys.Ring, Folder); // of a process that is not told
        var before = running.FindOrCreate("order", Month);
        var old = File.ReadAllText(MasterPath);

        Assert.Equal(1, MasterKeyRotation.Run(keys.Ring, new(keys.Ring, Folder)));

        Assert.NotEqual(old, File.ReadAllText(MasterPath));
        Assert.False(File.Exists(NextPath));
        Assert.Equal(before.Fingerprint(), running.Find("order", Month)!.Fingerprint());
        Assert.Equal("text", Encoding.UTF8.GetString(running.Find("order", Month)!.Decrypt(before.Encrypt("text"u8, id), id)));
        File.WriteAllText(MasterPath, old);
        Assert.Throws<InvalidOperationException>(() => running.Find("order", Month));
    }

    [Fact]
    public void A_rotation_that_was_broken_off_anywhere_is_ended_by_the_next()
    {
        var files = new DataKeyFiles(keys.Ring, Folder);
        var keep = files.FindOrCreate("order", Month).Fingerprint();
        var next = RandomNumberGenerator.GetBytes(32);

        // The next key was being written, and was written, and one data key of two was wrapped.
        File.WriteAllText(NextPath + ".new", "half");
        Assert.Equal(keep, files.Find("order", Month)!.Fingerprint());
        keys.Write("master.next.key", Convert.ToBase64String(next));
        Assert.Equal(keep, files.Find("order", Month)!.Fingerprint());
        var later = files.FindOrCreate("payment", Month).Fingerprint(); // by the next one
        var wrapped = Convert.FromBase64String(File.ReadAllText(Path.Combine(Folder, "payment-202611.key")));
        Assert.Equal(later, DataKey.Unwrap(wrapped, next, "payment").Fingerprint());

        Assert.Equal(2, MasterKeyRotation.Run(keys.Ring, files));
        Assert.Equal(Convert.ToBase64String(next), File.ReadAllText(MasterPath));
        Assert.Equal(keep, files.Find("order", Month)!.Fingerprint());
        Assert.Equal(later, files.Find("payment", Month)!.Fingerprint());
    }

    [Fact]
    public async Task Who_reads_while_it_rotates_always_finds_a_key_that_opens()
    {
        var files = new DataKeyFiles(keys.Ring, Folder);
        var keep = files.FindOrCreate("order", Month).Fingerprint();
        using var end = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                Assert.Equal(keep, files.Find("order", Month)!.Fingerprint());
                begun.TrySetResult();
            }
        });
        await Task.WhenAny(begun.Task, reading); // on few cores the rotations would else be over before it begins
        for (var turn = 0; turn < 50; turn++)
        {
            MasterKeyRotation.Run(keys.Ring, new(keys.Ring, Folder));
        }

        await end.CancelAsync();
        await reading;
        Assert.True(begun.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public void With_the_master_key_in_the_environment_the_next_one_has_to_be_there_too()
    {
        File.Delete(MasterPath);
        var (present, next) = (Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        var before = new KeyRing(keys.Folder, present);
        var keep = new DataKeyFiles(before, Folder).FindOrCreate("order", Month).Fingerprint();
        Assert.Contains(
            KeyRing.NextMasterVariable, Assert.Throws<InvalidOperationException>(() => MasterKeyRotation.Run(before, new(before, Folder))).Message,
            StringComparison.Ordinal);

        var meanwhile = new KeyRing(keys.Folder, present, next);
        Assert.Equal(1, MasterKeyRotation.Run(meanwhile, new(meanwhile, Folder)));
        Assert.Equal(keep, new DataKeyFiles(new(keys.Folder, next), Folder).Find("order", Month)!.Fingerprint());
        Assert.Contains(
            KeyRing.MasterVariable,
            Assert.Throws<InvalidOperationException>(() => new DataKeyFiles(new(keys.Folder, "short"), Folder).Find("order", Month)).Message,
            StringComparison.Ordinal);
    }
}
