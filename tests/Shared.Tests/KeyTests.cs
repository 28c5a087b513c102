using Sandan.Shared.Security;

namespace Sandan.Shared.Tests;

public sealed class KeyTests : IDisposable
{
    private readonly Keys keys = new();

    public void Dispose() => keys.Dispose();

    [Theory]
    [InlineData("master.key")]
    [InlineData("index.key")]
    [InlineData("identity.key")]
    public void A_missing_key_is_named_and_how_to_make_it(string name)
    {
        File.Delete(Path.Combine(keys.Folder, name));
        var error = Assert.Throws<InvalidOperationException>(() => new DataKeyFiles(keys.Ring, Path.Combine(keys.Folder, "data")).FindOrCreate("order", 202611));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains("head -c 32", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2hvcnQ=")]
    [InlineData("not base64!")]
    public void A_bad_key_is_refused_and_not_shown(string text)
    {
        keys.Write("index.key", text);
        var error = Assert.Throws<InvalidOperationException>(() => keys.Ring);
        Assert.Contains("index.key", error.Message, StringComparison.Ordinal);
        Assert.True(text.Length == 0 || !error.ToString().Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_folder_is_named() =>
        Assert.Contains("nowhere", Assert.Throws<InvalidOperationException>(() => new KeyRing("/nowhere")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_new_api_key_can_be_taken_apart_again()
    {
        for (var turn = 0; turn < 1000; turn++)
        {
            var key = ApiKey.Create(turn % 2 == 0 ? ApiKey.Live : ApiKey.Test);
            Assert.Equal(key, ApiKey.Parse(key.Reveal()));
            Assert.Equal(12, key.Id.Length);
            Assert.Equal(43, key.Secret.Length);
        }
    }

    [Fact]
    public void An_api_key_in_a_log_has_no_secret()
    {
        var key = ApiKey.Create(ApiKey.Live);
        Assert.DoesNotContain(key.Secret, $"{key}", StringComparison.Ordinal);
        Assert.Contains(key.Id, $"{key}", StringComparison.Ordinal);
        Assert.Equal(32, key.Hash().Length);
        Assert.NotEqual(key.Hash(), ApiKey.Create(ApiKey.Live).Hash());
    }

    [Theory]
    [InlineData("")]
    [InlineData("sdn")]
    [InlineData("sdn_live")]
    [InlineData("sdn_live_abcdefghijkl_")]
    [InlineData("sdn_prod_abcdefghijkl_0123456789012345678901234567890123456789012")]
    [InlineData("SDN_live_abcdefghijkl_0123456789012345678901234567890123456789012")]
    [InlineData("sdn_live_abcdefghijk_0123456789012345678901234567890123456789012")]
    [InlineData("sdn_live_abcdefghijkl_012345678901234567890123456789012345678901")]
    [InlineData("sdn_live_abcdefghijk-_0123456789012345678901234567890123456789012")]
    [InlineData("sdn_live_abcdefghijkl_012345678901234567890123456789012345678901２")]
    [InlineData("sdn_live_abcdefghijkl_0123456789012345678901234567890123456789012_")]
    [InlineData(" sdn_live_abcdefghijkl_0123456789012345678901234567890123456789012")]
    public void What_is_no_api_key_is_none(string text) => Assert.Null(ApiKey.Parse(text));
}
