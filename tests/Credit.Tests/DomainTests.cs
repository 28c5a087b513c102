using System.Reflection;

namespace Sandan.Credit.Tests;

public sealed class DomainTests
{
    [Fact]
    public void The_domain_knows_no_database_bus_clock_or_logger()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var sources = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith("domain/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(sources);
        foreach (var name in sources)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var text = reader.ReadToEnd();
            Assert.All(
                new[] { "Npgsql", "MassTransit", "RabbitMQ", "TimeProvider", "ILogger", "AspNetCore" },
                forbidden => Assert.DoesNotContain(forbidden, text, StringComparison.Ordinal));
        }
    }
}
