using System.Text.RegularExpressions;

namespace Sandan.Shared.Tests;

/// <summary>
/// T-OUT-4: only the relay publishes. Whatever else tells others goes through the outbox, with its effect or not at all.
/// </summary>
public sealed partial class PublishingTests
{
    [Fact]
    public void Nothing_but_the_relay_reaches_the_broker()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Sandan.slnx")))
        {
            root = root.Parent!;
        }

        var publishing = ((string[])["services", "gateway", "contracts"])
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(root.FullName, folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && Publishes().IsMatch(File.ReadAllText(file)))
            .Select(Path.GetFileName);
        Assert.Equal(["OutboxRelay.cs"], publishing);
    }

    [GeneratedRegex(@"BasicPublish|IPublishEndpoint|ISendEndpoint|IMessageScheduler|\bIBus\b|[cC]ontext\.(Publish|Send|Respond)")]
    private static partial Regex Publishes();
}
