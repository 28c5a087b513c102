namespace Sandan.Contracts.Tests;

public sealed class ForcedOutcomeTests
{
    [Theory]
    [InlineData("SD20261120000001")]
    [InlineData("SBX")]
    [InlineData("sbx-ACCEPT-1")]
    [InlineData(null)]
    public void Other_numbers_ask_for_nothing(string? number) => Assert.Same(ForcedOutcome.None, ForcedOutcome.Parse(number));

    [Fact]
    public void Directives_are_read_up_to_the_first_word_that_is_none()
    {
        var asked = ForcedOutcome.Parse("SBX-DELAY-30-REJECT-1332-TWICE-MIXED-7-ACCEPT");
        Assert.Equal(
            (TimeSpan.FromSeconds(30), ForcedDecision.Reject, "1332", true, true, false, null),
            (asked.Delay, asked.Decision, asked.RejectCode, asked.Twice, asked.Mixed, asked.Silent, asked.Fault));
        Assert.False(asked.Agrees);
    }

    [Theory]
    [InlineData("SBX-ACCEPT-1", ForcedDecision.Accept)]
    [InlineData("SBX-HOLD-1", ForcedDecision.Hold)]
    [InlineData("SBX-INSPECT", ForcedDecision.Inspect)]
    public void Documents_agree_where_they_are_not_to_be_rejected(string number, ForcedDecision decision)
    {
        Assert.Equal(decision, ForcedOutcome.Parse(number).Decision);
        Assert.True(ForcedOutcome.Parse(number).Agrees);
    }

    [Fact]
    public void A_refusal_has_the_code_with_its_sign() => Assert.Equal("-301020", ForcedOutcome.Parse("SBX-REFUSE-301020-1").RefuseCode);

    [Theory]
    [InlineData("SBX-", "")]
    [InlineData("SBX-accept-1", "accept")]
    [InlineData("SBX-REJECT", "REJECT-")]
    [InlineData("SBX-REJECT-0-1", "REJECT-0")]
    [InlineData("SBX-REFUSE-1332-1", "REFUSE-1332")]
    [InlineData("SBX-DELAY-0-1", "DELAY-0")]
    [InlineData("SBX-DELAY-31622401-1", "DELAY-31622401")]
    [InlineData("SBX-ACCEPT-DELAY-x", "DELAY-x")]
    public void What_cannot_be_understood_is_named_and_nothing_else_is_done(string number, string fault)
    {
        var asked = ForcedOutcome.Parse(number);
        Assert.Equal((fault, ForcedDecision.None, TimeSpan.Zero), (asked.Fault, asked.Decision, asked.Delay));
    }

    [Fact]
    public void Every_directive_that_is_listed_is_understood() => Assert.All(
        ForcedOutcome.Directives.Select(one => one.Replace("REFUSE-{code}", "REFUSE-301020", StringComparison.Ordinal)
            .Replace("{code}", "1332", StringComparison.Ordinal).Replace("{seconds}", "1", StringComparison.Ordinal)),
        one => Assert.True(ForcedOutcome.Parse($"{ForcedOutcome.Prefix}{one}") is { Fault: null } asked && asked != ForcedOutcome.None));

    [Theory]
    [InlineData("SBX-ACCEPT-1", "abc")]
    [InlineData("SBX-TWICE-1", "aabbcc")]
    [InlineData("SBX-MIXED-1", "cba")]
    [InlineData("SBX-TWICE-MIXED-1", "ccbbaa")]
    public void What_was_told_is_delivered_as_asked(string number, string delivered) =>
        Assert.Equal(delivered, string.Concat(ForcedOutcome.Parse(number).Deliver("abc".ToCharArray())));
}
