namespace Sandan.Matcher.Tests;

/// <summary>The rules of a verdict are pure: the same documents give the same verdict, wherever and whenever.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Forbidden =
        ["Npgsql", "MassTransit", "ILogger", "TimeProvider", "Microsoft.Extensions", "System.Net.Http", "Sandan.Shared.", "async "];

    private static readonly string[] Names = [.. typeof(ArchitectureTests).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("domain/", StringComparison.Ordinal))];

    public static TheoryData<string> Sources => [.. Names];

    [Theory]
    [MemberData(nameof(Sources))]
    public void The_domain_knows_neither_storage_nor_bus_nor_log_nor_clock(string source)
    {
        using var reader = new StreamReader(typeof(ArchitectureTests).Assembly.GetManifestResourceStream(source)!);
        var text = reader.ReadToEnd();

        Assert.All(Forbidden, word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Both_domains_are_looked_at()
    {
        Assert.Contains("domain/matcher/MatchRules.cs", Names);
        Assert.Contains("domain/intake/IntakeDecision.cs", Names);
    }
}
