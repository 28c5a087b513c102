using System.Xml.Linq;

namespace Sandan.Docs.Tests;

/// <summary>docs/dependencies.md says of every package why it is here, in the version that is pinned.</summary>
public sealed class DependencyTests
{
    [Fact]
    public void Every_package_is_listed_and_no_other()
    {
        var pinned = ((string[])["Directory.Packages.props", "tests/Deploy.Tests/Deploy.Tests.csproj"])
            .SelectMany(file => XDocument.Load(Path.Combine(Text.Root, file)).Descendants("PackageVersion"))
            .ToDictionary(one => one.Attribute("Include")!.Value, one => one.Attribute("Version")!.Value);
        var cells = Text.Read("docs/dependencies.md").Rows.Select(row => row[0]).Where(cell => cell is not ("package" or "---")).ToArray();

        foreach (var (name, version) in pinned)
        {
            Assert.True(
                cells.Any(cell => cell.Contains($"{name} {version}", StringComparison.Ordinal)
                    || (name.StartsWith("OpenTelemetry", StringComparison.Ordinal) && cell.StartsWith($"OpenTelemetry {version}", StringComparison.Ordinal))),
                $"docs/dependencies.md does not list {name} {version}.");
        }

        var listed = cells.SelectMany(cell => cell.Split(", ")).Where(one => !one.StartsWith("exporter", StringComparison.Ordinal));
        Assert.All(listed, one => Assert.Contains(one.Split(' ')[0], pinned.Keys));
    }
}
