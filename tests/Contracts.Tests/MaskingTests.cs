using Sandan.Contracts.Ceb;

namespace Sandan.Contracts.Tests;

public sealed class MaskingTests
{
    [Theory]
    [InlineData(PersonalKind.Name, "王小明", "王**")]
    [InlineData(PersonalKind.Name, "王", "*")]
    [InlineData(PersonalKind.Name, "𠮷野家", "𠮷**")]
    [InlineData(PersonalKind.Id, "11010519491231002X", "110********002X")]
    [InlineData(PersonalKind.Id, "E12345678", "E12*****8")]
    [InlineData(PersonalKind.Phone, "13812345678", "138******78")]
    [InlineData(PersonalKind.Phone, "1234567", "*******")]
    [InlineData(PersonalKind.Address, "浙江省杭州市西湖区文三路1号", "浙江省杭州市********")]
    [InlineData(PersonalKind.Note, "call 13812345678", "********")]
    [InlineData(PersonalKind.None, "order-1", "order-1")]
    public void A_mask_keeps_what_its_kind_allows(PersonalKind kind, string value, string mask) =>
        Assert.Equal(mask, Masking.Mask(kind, value));

    [Fact]
    public void A_mask_hides_at_least_half_and_is_never_the_value()
    {
        string[] tails = ["", "*", "**", "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳", "𠮷𠮷𠮷", "138****5678"];
        foreach (var kind in Enum.GetValues<PersonalKind>().Where(kind => kind != PersonalKind.None))
        {
            foreach (var value in tails.SelectMany(tail =>
                Enumerable.Range(0, 30).Select(n => new string('*', n % 3) + tail + new string('a', n))))
            {
                var mask = Masking.Mask(kind, value);
                var kept = mask.EnumerateRunes().Count(rune => rune.Value != '*');

                Assert.NotEqual(value, mask);
                Assert.True(kept * 2 <= value.EnumerateRunes().Count(), $"{kind}: {value} became {mask}");
            }
        }
    }

    [Theory]
    [InlineData("2026-11-28", "2026-11-28")]
    [InlineData("USD", "USD")]
    [InlineData("91330100MA27XXXX1A", "91330100MA27XXXX1A")]
    [InlineData("11010519491231002X", "110********002X")]
    [InlineData("id:11010519491231002X", "id:********002X")]
    [InlineData("+86 13812345678", "+86********5678")]
    [InlineData("北京市朝阳区幸福路1号", "北********")]
    public void A_stray_value_is_shown_only_where_it_is_like_a_code(string value, string shown) => Assert.Equal(shown, Masking.Stray(value));
}
