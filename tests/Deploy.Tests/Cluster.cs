using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Sandan.Shared;

namespace Sandan.Deploy.Tests;

/// <summary>What an overlay puts into a cluster.</summary>
internal sealed class Cluster
{
    public const string Local = "local";
    public const string Production = "production";
    public const string Sandbox = "sandbox";

    /// <summary>The folder deploy/, as it was when the tests were built.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "deploy");

    private static readonly Dictionary<string, Cluster> Overlays = new[] { Local, Production, Sandbox }
        .ToDictionary(name => name, name => new Cluster(Kustomization.Render(Path.Combine(Folder, "k8s", "overlays", name))));

    private Cluster(IReadOnlyList<JsonObject> resources)
    {
        Resources = resources;
        Pods =
        [
            .. resources.Where(one => one.Kind() is "Deployment" or "StatefulSet")
                .Select(one => new Pod(one.Name(), one.Map("spec/template/metadata/labels"), one["spec"]!["template"]!["spec"])),
            // The pods of the operators carry what we ask for; CloudNativePG adds the name of the cluster.
            .. Of("Cluster").Select(one => new Pod(
                one.Name(),
                new(one.Map("spec/inheritedMetadata/labels")) { ["cnpg.io/cluster"] = one.Name() },
                null)),
            .. Of("RabbitmqCluster").Select(one => new Pod(
                one.Name(),
                one.Map("spec/override/statefulSet/spec/template/metadata/labels"),
                null)),
        ];
    }

    /// <summary>Every service, as the settings know it.</summary>
    public static IReadOnlyList<string> Services { get; } = [.. Settings([]).Addresses.Keys.Order(StringComparer.Ordinal)];

    public IReadOnlyList<JsonObject> Resources { get; }

    public IReadOnlyList<Pod> Pods { get; }

    public static Cluster Get(string overlay) => Overlays[overlay];

    /// <summary>The settings that a process reads out of this environment.</summary>
    public static SandanSettings Settings(Dictionary<string, string> environment)
    {
        var all = new Dictionary<string, string?>
        {
            ["SANDAN_POSTGRES"] = "Host=postgres", ["SANDAN_RABBITMQ"] = "amqp://rabbitmq", ["SANDAN_KEYS"] = "/keys",
        };
        foreach (var (name, value) in environment)
        {
            all[name] = value;
        }

        return SandanSettings.From(new ConfigurationBuilder().AddInMemoryCollection(all).Build());
    }

    public IEnumerable<JsonObject> Of(string kind) => Resources.Where(one => one.Kind() == kind);

    public JsonObject The(string kind, string name) => Of(kind).Single(one => one.Name() == name);

    /// <summary>The one container of a service.</summary>
    public JsonNode Container(string service) =>
        The("Deployment", service).Items("spec/template/spec/containers").Single();

    /// <summary>The pods that a label selector selects.</summary>
    public IEnumerable<Pod> Select(JsonNode? selector) => Pods.Where(pod =>
        selector.Map("matchLabels").All(one => pod.Labels.GetValueOrDefault(one.Key) == one.Value)
        && selector.Items("matchExpressions").All(one =>
            one.Text("operator") == "In"
                ? one.Items("values").Any(value => value.ToString() == pod.Labels.GetValueOrDefault(one.Text("key")!))
                : throw new NotSupportedException(one.ToJsonString())));

    /// <summary>Whether policies let one pod open a connection to another.</summary>
    public bool Allows(string from, string to, int port)
    {
        return Passes("Egress", "egress", "to", from, to) && Passes("Ingress", "ingress", "from", to, from);

        bool Passes(string type, string rules, string peers, string guarded, string other)
        {
            var policies = Of("NetworkPolicy")
                .Where(one => one.Items("spec/policyTypes").Any(item => item.ToString() == type)
                    && Select(one.At("spec/podSelector")).Any(pod => pod.Name == guarded))
                .ToArray();
            return policies.Length == 0 || policies.SelectMany(one => one.Items($"spec/{rules}")).Any(rule =>
                rule.Items("ports").Any(one => one.Text("port") == $"{port}")
                && (rule[peers] is null || rule.Items(peers).Any(peer =>
                    peer["namespaceSelector"] is null && peer["ipBlock"] is null && Select(peer["podSelector"]).Any(pod => pod.Name == other))));
        }
    }
}

/// <summary>The pods of one workload. <paramref name="Spec"/> is null where an operator makes them.</summary>
internal sealed record Pod(string Name, Dictionary<string, string> Labels, JsonNode? Spec);

internal static class ResourceExtensions
{
    public static string Kind(this JsonObject resource) => resource.Text("kind")!;

    public static string Name(this JsonObject resource) => resource.Text("metadata/name")!;
}
