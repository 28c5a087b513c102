using Sandan.Contracts;
using Sandan.Contracts.Ceb;
using Sandan.Shared.Security;

namespace Sandan.Shared.Tests;

public sealed class PersonalDataTests : IDisposable
{
    private readonly Keys keys = new();
    private readonly PersonalData personal;

    public PersonalDataTests() => personal = new(keys.Ring);

    public void Dispose() => keys.Dispose();

    [Theory]
    [InlineData(PersonalKind.Name, "王 小明", "王 小明")]
    [InlineData(PersonalKind.Name, "  王　 小明\t", "王 小明")]
    [InlineData(PersonalKind.Name, "Ｗａｎｇ　Ｘｉａｏ", "WANG XIAO")]
    [InlineData(PersonalKind.Name, "wang\u200b xiao\ufeff", "WANG XIAO")]
    [InlineData(PersonalKind.Name, "wang\u0000", "WANG")]
    [InlineData(PersonalKind.Id, "11010519491231002x", "11010519491231002X")]
    [InlineData(PersonalKind.Id, " 110105 19491231 002X ", "11010519491231002X")]
    [InlineData(PersonalKind.Id, "１１０１０５１９４９１２３１００２ｘ", "11010519491231002X")]
    [InlineData(PersonalKind.Phone, "13800138000", "13800138000")]
    [InlineData(PersonalKind.Phone, "+86 138-0013-8000", "13800138000")]
    [InlineData(PersonalKind.Phone, "8613800138000", "13800138000")]
    [InlineData(PersonalKind.Phone, "008613800138000", "13800138000")]
    [InlineData(PersonalKind.Phone, "（＋８６）１３８００１３８０００", "13800138000")]
    [InlineData(PersonalKind.Phone, "86138001380", "86138001380")] // eleven digits: no prefix
    [InlineData(PersonalKind.Phone, "0571-88886666", "057188886666")]
    [InlineData(PersonalKind.Address, "浙江省 杭州市　ａ座１０１室", "浙江省杭州市A座101室")]
    [InlineData(PersonalKind.Address, "浙江省（下沙）１－２号", "浙江省(下沙)1-2号")]
    [InlineData(PersonalKind.Account, " 6222 0202 ", "62220202")]
    [InlineData(PersonalKind.Name, "", "")]
    [InlineData(PersonalKind.Name, " 　 ", "")]
    public void Values_are_normalised(PersonalKind kind, string value, string expected)
    {
        Assert.Equal(expected, PersonalData.Normalise(value, kind));
        Assert.Equal(expected, PersonalData.Normalise(expected, kind)); // once is enough
        Assert.Equal(personal.Index(expected, kind), personal.Index(value, kind));
    }

    [Fact]
    public void Every_full_width_character_has_its_half()
    {
        for (var ascii = '!'; ascii <= '~'; ascii++)
        {
            Assert.Equal(ascii, FullWidth.ToHalf($"{(char)(ascii - '!' + '\uff01')}")[0]);
            Assert.Equal(ascii, FullWidth.ToHalf($"{ascii}")[0]);
        }

        Assert.Equal("王 1", FullWidth.ToHalf("王　１"));
    }

    [Fact]
    public void Equal_values_of_different_kinds_are_not_equal()
    {
        var kinds = Enum.GetValues<PersonalKind>();
        Assert.Equal(kinds.Length, kinds.Select(kind => personal.Index("13800138000", kind)).Distinct().Count());
    }

    [Fact]
    public void An_index_is_128_bits_of_this_key_and_shows_nothing()
    {
        var index = personal.Index("王小明", PersonalKind.Name);
        Assert.Equal(16, Convert.FromBase64String(index).Length);
        using var others = new Keys();
        Assert.NotEqual(index, new PersonalData(others.Ring).Index("王小明", PersonalKind.Name));
        Assert.DoesNotContain("王小明", personal.Protect("王小明", PersonalKind.Name).ToString(), StringComparison.Ordinal);
    }

    [Theory] // 511 and 512 bytes stand at the edge between stack and heap
    [InlineData(510)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(100_000)]
    public void Long_values_have_an_index_too(int length)
    {
        var value = new string('A', length);
        Assert.Equal(personal.Index(value, PersonalKind.Address), personal.Index(value.ToLowerInvariant(), PersonalKind.Address));
        Assert.NotEqual(personal.Index(value, PersonalKind.Address), personal.Index(value + "B", PersonalKind.Address));
    }

    [Fact]
    public void Half_a_surrogate_pair_and_characters_beyond_the_first_plane_do_no_harm()
    {
        Assert.NotEmpty(personal.Index("a\ud800", PersonalKind.Name));
        Assert.NotEqual(personal.Index("𠮷田", PersonalKind.Name), personal.Index("𠮸田", PersonalKind.Name));
    }
}
