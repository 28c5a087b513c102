using System.Security.Cryptography;
using System.Text;
using Sandan.Shared.Security;

namespace Sandan.Shared.Tests;

public sealed class DataKeyTests
{
    private readonly DataKey key = DataKey.Create(7);
    private readonly byte[] master = RandomNumberGenerator.GetBytes(32);
    private readonly Guid id = Guid.CreateVersion7();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100_000)]
    public void What_was_encrypted_opens_again(int length)
    {
        var document = RandomNumberGenerator.GetBytes(length);
        Assert.Equal(document, key.Decrypt(key.Encrypt(document, id), id));
    }

    [Fact]
    public void The_same_document_never_looks_the_same_and_never_shows()
    {
        var document = Encoding.UTF8.GetBytes("""{"buyerName":"王小明"}""");
        var first = key.Encrypt(document, id);
        Assert.NotEqual(first, key.Encrypt(document, id));
        Assert.True(first.AsSpan().IndexOf("buyerName"u8) < 0);
    }

    [Fact]
    public void It_opens_under_no_other_id_and_no_other_key()
    {
        var closed = key.Encrypt("text"u8, id);
        Assert.ThrowsAny<CryptographicException>(() => key.Decrypt(closed, Guid.CreateVersion7()));
        Assert.ThrowsAny<CryptographicException>(() => DataKey.Create(7).Decrypt(closed, id));
    }

    [Fact]
    public void Each_changed_byte_and_each_cut_is_noticed()
    {
        var document = key.Encrypt("a document"u8, id);
        var wrapped = key.Wrap(master, "order");
        foreach (var (closed, open) in new (byte[], Action<byte[]>)[]
        {
            (document, bytes => key.Decrypt(bytes, id)), (wrapped, bytes => DataKey.Unwrap(bytes, master, "order")),
        })
        {
            for (var at = 0; at < closed.Length; at++)
            {
                var changed = closed.ToArray();
                changed[at] ^= 1;
                Assert.ThrowsAny<CryptographicException>(() => open(changed));
                Assert.ThrowsAny<CryptographicException>(() => open(closed[..at]));
            }
        }
    }

    [Fact]
    public void A_wrapped_key_opens_for_its_owner_under_its_master_key_alone()
    {
        var wrapped = key.Wrap(master, "order");
        var opened = DataKey.Unwrap(wrapped, master, "order");
        Assert.Equal(7, opened.Id);
        Assert.Equal("text", Encoding.UTF8.GetString(opened.Decrypt(key.Encrypt("text"u8, id), id)));
        Assert.ThrowsAny<CryptographicException>(() => DataKey.Unwrap(wrapped, master, "payment"));
        Assert.ThrowsAny<CryptographicException>(() => DataKey.Unwrap(wrapped, RandomNumberGenerator.GetBytes(32), "order"));
        Assert.ThrowsAny<CryptographicException>(() => key.Decrypt(wrapped, id)); // a key is no document
    }

    [Fact]
    public void The_fingerprint_tells_keys_apart_and_says_nothing_of_the_id()
    {
        Assert.Equal(key.Fingerprint(), DataKey.Unwrap(key.Wrap(master, "order"), master, "order").Fingerprint());
        Assert.NotEqual(key.Fingerprint(), DataKey.Create(7).Fingerprint());
    }
}
