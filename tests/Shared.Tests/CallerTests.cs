using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Sandan.Shared.Security;

namespace Sandan.Shared.Tests;

public sealed class CallerTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 11, 0, 0, 0, TimeSpan.Zero);
    private static readonly Caller Sender = new("client-1", "3302960007", Roles.Platform);

    private readonly Keys keys = new();

    public void Dispose() => keys.Dispose();

    [Fact]
    public void A_signed_caller_is_read_for_five_minutes()
    {
        var header = Sender.Sign(keys.Ring, Now);
        Assert.Equal(Sender, Caller.Read(header, keys.Ring, Now));
        Assert.Equal(Sender, Caller.Read(header, keys.Ring, Now.AddMinutes(5)));
        Assert.Null(Caller.Read(header, keys.Ring, Now.AddMinutes(5).AddSeconds(1)));
    }

    [Fact]
    public void A_header_goes_over_the_wire_as_it_is() =>
        Assert.All(new Caller("客户", "公司", "角色").Sign(keys.Ring, Now), letter => Assert.True(char.IsAscii(letter) && letter > ' '));

    [Fact]
    public void Another_installation_signs_for_nobody()
    {
        using var others = new Keys();
        Assert.Null(Caller.Read(Sender.Sign(others.Ring, Now), keys.Ring, Now));
    }

    [Fact]
    public void Each_changed_character_is_noticed()
    {
        var header = Sender.Sign(keys.Ring, Now);
        for (var at = 0; at < header.Length - 1; at++) // the last character's low bits carry nothing
        {
            var changed = header[..at] + (header[at] == 'A' ? 'B' : 'A') + header[(at + 1)..];
            Assert.Null(Caller.Read(changed, keys.Ring, Now));
        }
    }

    [Fact]
    public void Claims_of_one_and_signature_of_another_are_refused()
    {
        var boss = new Caller("client-1", "3302960007", Roles.Operator).Sign(keys.Ring, Now);
        Assert.Null(Caller.Read($"{boss.Split('.')[0]}.{Sender.Sign(keys.Ring, Now).Split('.')[1]}", keys.Ring, Now));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("a")]
    [InlineData("!.!")]
    [InlineData("AAAA.AAAA")]
    [InlineData("AAAA.")]
    [InlineData(" . ")]
    [InlineData("=.=")]
    [InlineData("王.王")]
    [InlineData("AAA\0.AAAA")]
    [InlineData("Bearer sdn_live_x")]
    public void Garbage_is_nobody(string? header) => Assert.Null(Caller.Read(header, keys.Ring, Now));

    [Fact]
    public void Random_garbage_is_nobody()
    {
        var random = new Random(1);
        for (var turn = 0; turn < 20_000; turn++)
        {
            var text = string.Create(random.Next(80), random, static (letters, random) =>
            {
                foreach (ref var letter in letters)
                {
                    letter = random.Next(4) == 0 ? '.' : (char)random.Next(32, random.Next(4) == 0 ? 0xffff : 127);
                }
            });
            Assert.Null(Caller.Read(text, keys.Ring, Now));
        }
    }

    [Theory] // whoever has the key can sign anything; it must not throw all the same
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Client":null,"Company":"a","Role":"b","Until":99999999999}""")]
    [InlineData("""{"Client":"a","Company":"a","Until":99999999999}""")]
    [InlineData("""{"Client":"a","Company":"a","Role":"b","Until":"soon"}""")]
    [InlineData("""{"Client":"a","Company":"a","Role":"b","Until":1e40}""")]
    public void What_is_signed_and_no_claim_is_nobody(string claims) => Assert.Null(Caller.Read(Signed(claims), keys.Ring, Now));

    [Fact]
    public void What_is_signed_and_a_claim_is_read() => Assert.Equal(
        new("a", "b", "c"),
        Caller.Read(Signed("""{"Client":"a","Company":"b","Role":"c","Until":99999999999,"More":1}"""), keys.Ring, Now));

    [Theory]
    [InlineData(Roles.Customs, true)]
    [InlineData(Roles.Operator, true)]
    [InlineData(Roles.Platform, false)]
    [InlineData(Roles.Declarant, false)]
    public void Authorities_see_everything(string role, bool everything) =>
        Assert.Equal(everything, new Caller("", "", role).SeesEverything);

    private string Signed(string claims)
    {
        var identity = Convert.FromBase64String(File.ReadAllText(Path.Combine(keys.Folder, "identity.key")));
        var bytes = Encoding.UTF8.GetBytes(claims);
        return $"{Base64Url.EncodeToString(bytes)}.{Base64Url.EncodeToString(HMACSHA256.HashData(identity, bytes))}";
    }
}
