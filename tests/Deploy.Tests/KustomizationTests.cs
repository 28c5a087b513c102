using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandan.Deploy.Tests;

public sealed partial class KustomizationTests
{
    private static readonly string Manifests = Path.Combine(Cluster.Folder, "k8s");

    [KubectlTheory]
    [InlineData("overlays/local")]
    [InlineData("overlays/production")]
    [InlineData("overlays/sandbox")]
    public async Task Ours_renders_what_kubectl_renders(string folder)
    {
        var path = Path.Combine(Manifests, folder);
        using var kubectl = Process.Start(new ProcessStartInfo("kubectl", ["kustomize", path]) { RedirectStandardOutput = true })!;
        var text = await kubectl.StandardOutput.ReadToEndAsync();
        await kubectl.WaitForExitAsync();
        Assert.Equal(0, kubectl.ExitCode);

        var theirs = Yaml.Parse(Hash().Replace(text, "${name}")).Select(one => one.AsObject()).ToDictionary(Id);
        var ours = Kustomization.Render(path).ToDictionary(Id);
        Assert.Equal(theirs.Keys.Order(), ours.Keys.Order());
        foreach (var secret in theirs.Values.Where(one => one.Kind() == "Secret"))
        {
            foreach (var (key, value) in secret.Map("data"))
            {
                secret["data"]![key] = value.ReplaceLineEndings(""); // long ones are broken into lines
            }
        }

        foreach (var (id, resource) in ours)
        {
            Assert.True(
                JsonNode.DeepEquals(resource, theirs[id]),
                $"{id}\nours   {resource.ToJsonString()}\ntheirs {theirs[id].ToJsonString()}");
        }
    }

    [Fact]
    public void Every_listed_file_exists_and_every_file_is_listed()
    {
        var listed = new HashSet<string>();
        foreach (var file in Directory.EnumerateFiles(Manifests, Kustomization.FileName, SearchOption.AllDirectories))
        {
            var kustomization = Yaml.File(file);
            var names = kustomization.Items("resources").Concat(kustomization.Items("components"))
                .Concat(kustomization.Items("configMapGenerator").SelectMany(one => one.Items("envs")))
                .Select(one => one.ToString())
                .Concat(kustomization.Items("patches").Select(one => one.Text("path")).OfType<string>());
            foreach (var name in names)
            {
                var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, name));
                var target = Directory.Exists(path) ? Path.Combine(path, Kustomization.FileName) : path;
                Assert.True(File.Exists(target), $"{file} lists {name}.");
                listed.Add(target);
            }
        }

        string[] entries =
        [
            .. new[] { Cluster.Local, Cluster.Production, Cluster.Sandbox }
                .Select(overlay => Path.Combine(Manifests, "overlays", overlay, Kustomization.FileName)),
        ];
        var all = Directory.EnumerateFiles(Manifests, "*", SearchOption.AllDirectories);
        Assert.Empty(all.Except(listed).Except(entries));
    }

    [Theory]
    [InlineData(Cluster.Local)]
    [InlineData(Cluster.Production)]
    public void Nothing_is_there_twice_and_the_template_is_gone(string overlay)
    {
        var resources = Cluster.Get(overlay).Resources;
        Assert.Equal(resources.Count, resources.Select(Id).Distinct().Count());
        Assert.DoesNotContain(resources, one => one.Name() == "service" || one.ToJsonString().Contains("sandan/service", StringComparison.Ordinal));
        Assert.All(resources.Where(one => one.Kind() != "Namespace"), one => Assert.Equal("sandan", one.Text("metadata/namespace")));
    }

    private static string Id(JsonObject resource) => $"{resource.Kind()} {resource.Name()}";

    [GeneratedRegex(@"(?<name>sandan-(settings|servers|keys))-[a-z0-9]{10}\b")]
    private static partial Regex Hash();
}

/// <summary>Runs only where kubectl is installed; it needs no cluster.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, "kubectl"))))
        {
            Skip = "kubectl is not installed.";
        }
    }
}
