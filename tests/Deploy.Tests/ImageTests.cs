using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandan.Deploy.Tests;

public sealed partial class ImageTests
{
    private static readonly string[] Dockerfile = File.ReadAllLines(Path.Combine(Cluster.Folder, "images", "Dockerfile"));
    private static readonly JsonObject Compose = Yaml.File(Path.Combine(Cluster.Folder, "compose.yaml"));

    [Fact]
    public void Every_image_has_a_version()
    {
        var images = new[] { Cluster.Local, Cluster.Production }.SelectMany(overlay => Cluster.Get(overlay).Resources)
            .SelectMany(one => one.Items("spec/template/spec/containers").Select(container => container.Text("image"))
                .Append(one.Text("spec/image")).Append(one.Text("spec/imageName")))
            .Concat(Compose["services"]!.AsObject().Select(one => one.Value.Text("image")))
            .Concat(Dockerfile.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]))
            .OfType<string>().Distinct().ToArray();
        Assert.True(images.Length > 10);
        Assert.All(images, image => Assert.Matches(@"^[a-z0-9./-]+:\d[\w.-]*$", image));
    }

    [Fact]
    public void The_image_runs_on_port_8080_and_not_as_root()
    {
        var last = Array.FindLastIndex(Dockerfile, line => line.StartsWith("FROM ", StringComparison.Ordinal));
        Assert.StartsWith("FROM mcr.microsoft.com/dotnet/aspnet:10.0", Dockerfile[last], StringComparison.Ordinal);
        Assert.Contains("USER $APP_UID", Dockerfile[last..]);
        Assert.Contains("EXPOSE 8080", Dockerfile[last..]);
        Assert.Contains("ENV SANDAN_LISTEN=http://+:8080", Dockerfile[last..]);
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void Compose_has_the_service(string service)
    {
        var one = Compose["services"]![service];
        Assert.NotNull(one);
        Assert.Equal(Cluster.Get(Cluster.Production).Container(service).Text("image"), one.Text("image"));
        Assert.Equal(service == "gateway" ? "gateway" : $"services/{service}", one.Text("build/args/PROJECT"));
        Assert.Single(Directory.EnumerateFiles(
            Path.Combine(AppContext.BaseDirectory, "projects", one.Text("build/args/PROJECT")!), "*.csproj"));
        Assert.True(File.Exists(Path.Combine(Cluster.Folder, one.Text("build/context")!, one.Text("build/dockerfile")!)));

        var environment = one.Map("environment");
        Assert.Equal("http://+:8080", environment["SANDAN_LISTEN"]);
        Assert.Contains(one.Items("volumes"), volume => volume.ToString() == $"keys:{environment["SANDAN_KEYS"]}:ro");
        foreach (var (name, address) in Cluster.Settings(environment.Where(
            item => item.Key.StartsWith("SANDAN_URL_", StringComparison.Ordinal)).ToDictionary()).Addresses)
        {
            Assert.Equal((name, 8080), (address.Host, address.Port));
            Assert.NotNull(Compose["services"]![address.Host]);
        }

        Assert.Equal(["keys", "postgres", "rabbitmq"], one!["depends_on"]!.AsObject().Select(item => item.Key));
        Assert.Equal("true", one.Text("read_only"));
    }

    [Fact]
    public void Only_the_gateway_is_published_and_only_to_the_machine_itself()
    {
        var published = Compose["services"]!.AsObject().Where(one => one.Value!["ports"] is not null).ToArray();
        Assert.Equal("gateway", Assert.Single(published).Key);
        Assert.All(published[0].Value.Items("ports"), port => Assert.StartsWith("127.0.0.1:", port.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Every_volume_of_compose_is_declared()
    {
        var declared = Compose["volumes"]!.AsObject().Select(one => one.Key);
        var used = Compose["services"]!.AsObject().SelectMany(one => one.Value.Items("volumes")).Select(one => one.ToString().Split(':')[0]);
        Assert.Equal(declared.Order(StringComparer.Ordinal), used.Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_manual_explains_every_setting()
    {
        var manual = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "deploy.md"));
        var files = Directory.EnumerateFiles(Cluster.Folder, "*", SearchOption.AllDirectories).Select(File.ReadAllText);
        var names = files.SelectMany(text => Setting().Matches(text)).Select(one => one.Value).Distinct()
            .Where(name => !name.StartsWith("SANDAN_URL_", StringComparison.Ordinal));
        Assert.All(names, name => Assert.Contains($"`{name}`", manual, StringComparison.Ordinal));
    }

    public static TheoryData<string> EveryService() => [.. Cluster.Services];

    [GeneratedRegex("SANDAN_[A-Z]+(_[A-Z]+)*")]
    private static partial Regex Setting();
}
