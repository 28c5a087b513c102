using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Sandan.Deploy.Tests;

/// <summary>
/// As much of kustomize as our files use, so that tests see what a cluster would get. What it does not know it refuses.
/// Where kubectl is installed, a test compares the two.
/// </summary>
internal static partial class Kustomization
{
    public const string FileName = "kustomization.yaml";

    private static readonly string[] Known =
    [
        "apiVersion", "kind", "namespace", "resources", "components", "configMapGenerator", "secretGenerator", "patches",
        "labels", "replicas", "images",
    ];

    private static readonly string[] Workloads = ["Deployment", "StatefulSet"];

    /// <summary>The resources of a folder. Generated names come without the hash that kustomize adds.</summary>
    public static IReadOnlyList<JsonObject> Render(string folder)
    {
        var resources = new List<JsonObject>();
        Apply(folder, resources);
        return resources;
    }

    private static void Apply(string folder, List<JsonObject> resources)
    {
        var file = Yaml.File(Path.Combine(folder, FileName));
        if (file.Select(one => one.Key).Except(Known).ToArray() is { Length: > 0 } unknown)
        {
            throw new NotSupportedException($"{folder}: {string.Join(", ", unknown)}");
        }

        foreach (var path in file.Items("resources").Select(one => Path.Combine(folder, one.ToString())))
        {
            resources.AddRange(Directory.Exists(path)
                ? Render(path)
                : Yaml.Parse(File.ReadAllText(path)).Select(one => one.AsObject()));
        }

        foreach (var component in file.Items("components"))
        {
            Apply(Path.Combine(folder, component.ToString()), resources);
        }

        resources.AddRange(file.Items("configMapGenerator").Select(one => ConfigMap(folder, one)));
        resources.AddRange(file.Items("secretGenerator").Select(Secret));
        foreach (var patch in file.Items("patches"))
        {
            Patch(folder, patch, resources);
        }

        foreach (var resource in resources)
        {
            if (file.Text("namespace") is { } name)
            {
                resource["metadata"]![resource.Kind() == "Namespace" ? "name" : "namespace"] = name;
            }

            foreach (var labels in file.Items("labels"))
            {
                Label(resource, labels);
            }

            foreach (var replicas in file.Items("replicas").Where(one => one.Text("name") == resource.Name()))
            {
                if (Workloads.Contains(resource.Kind()))
                {
                    resource["spec"]!["replicas"] = replicas["count"]!.DeepClone();
                }
            }

            foreach (var container in resource.Items("spec/template/spec/containers"))
            {
                Image(container, file.Items("images"));
            }
        }
    }

    private static JsonObject ConfigMap(string folder, JsonNode generator)
    {
        var lines = generator.Items("envs")
            .SelectMany(env => File.ReadAllLines(Path.Combine(folder, env.ToString())))
            .Where(line => line.Length > 0 && line[0] != '#');
        return Generated("ConfigMap", generator, lines.Select(Pair));
    }

    private static JsonObject Secret(JsonNode generator)
    {
        var pairs = generator.Items("literals").Select(one => Pair(one.ToString()))
            .Select(one => (one.Key, System.Convert.ToBase64String(Encoding.UTF8.GetBytes(one.Value))));
        var secret = Generated("Secret", generator, pairs);
        secret["type"] = "Opaque";
        return secret;
    }

    private static JsonObject Generated(string kind, JsonNode generator, IEnumerable<(string Key, string Value)> data) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = generator["name"]!.DeepClone() },
        ["data"] = new JsonObject(data.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))),
    };

    private static (string Key, string Value) Pair(string line) =>
        line.Split('=', 2) is [var key, var value] ? (key, value) : throw new FormatException(line);

    private static void Patch(string folder, JsonNode patch, List<JsonObject> resources)
    {
        var text = patch.Text("patch") ?? File.ReadAllText(Path.Combine(folder, patch.Text("path")!));
        var body = Yaml.Parse(text).Single();
        var target = patch["target"] ?? new JsonObject { ["kind"] = body.Text("kind"), ["name"] = body.Text("metadata/name") };
        var targets = resources.Where(one => IsMeant(one, target)).ToArray();
        if (targets.Length == 0)
        {
            throw new InvalidOperationException($"{folder}: no resource is patched by {target.ToJsonString()}.");
        }

        foreach (var one in targets)
        {
            if (body is JsonArray operations)
            {
                foreach (var operation in operations)
                {
                    Replace(one, operation!);
                }
            }
            else if (body.Text("$patch") == "delete")
            {
                resources.Remove(one);
            }
            else
            {
                var name = one.Name();
                Merge(one, body.AsObject());
                one["metadata"]!["name"] = name;
            }
        }
    }

    private static bool IsMeant(JsonObject resource, JsonNode target) =>
        (target.Text("kind") is not { } kind || kind == resource.Kind())
        && (target.Text("name") is not { } name || name == resource.Name())
        && (target.Text("labelSelector") is not { } selector || HasLabel(resource.Map("metadata/labels"), selector));

    private static bool HasLabel(Dictionary<string, string> labels, string selector)
    {
        var parts = Selector().Match(selector);
        if (!parts.Success)
        {
            throw new NotSupportedException(selector);
        }

        return labels.TryGetValue(parts.Groups["key"].Value, out var value)
            && parts.Groups["values"].Value.Split(',', StringSplitOptions.TrimEntries).Contains(value);
    }

    private static void Replace(JsonObject resource, JsonNode operation)
    {
        var path = operation.Text("path")!.TrimStart('/');
        var parent = resource.At(path[..path.LastIndexOf('/')]);
        var last = path[(path.LastIndexOf('/') + 1)..];
        if (operation.Text("op") != "replace" || parent is not JsonObject map || !map.ContainsKey(last))
        {
            throw new NotSupportedException($"{resource.Name()}: {operation.ToJsonString()}");
        }

        map[last] = operation["value"]!.DeepClone();
    }

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (key, value) in patch)
        {
            switch (into[key], value)
            {
                case (JsonObject map, JsonObject more):
                    Merge(map, more);
                    break;
                case (JsonArray list, JsonArray more) when more.All(one => one is JsonObject named && named.ContainsKey("name")):
                    foreach (var (one, at) in more.Select((one, at) => (one!.AsObject(), at)))
                    {
                        if (list.OfType<JsonObject>().SingleOrDefault(old => old.Text("name") == one.Text("name")) is { } same)
                        {
                            Merge(same, one);
                        }
                        else
                        {
                            list.Insert(at, one.DeepClone()); // kustomize puts what is new before what is there
                        }
                    }

                    break;
                default:
                    into[key] = value?.DeepClone();
                    break;
            }
        }
    }

    private static void Label(JsonObject resource, JsonNode labels)
    {
        var selectors = labels.Text("includeSelectors") == "true";
        var templates = selectors || labels.Text("includeTemplates") == "true";
        var metadata = resource["metadata"]!.AsObject();
        metadata.TryAdd("labels", new JsonObject(), out _);
        List<JsonNode?> places = [metadata["labels"]];
        if (templates && Workloads.Contains(resource.Kind()))
        {
            places.Add(resource.At("spec/template/metadata/labels"));
        }

        if (selectors)
        {
            if (resource.Kind() == "NetworkPolicy")
            {
                throw new NotSupportedException("includeSelectors over a NetworkPolicy");
            }

            places.Add(resource.Kind() == "Service" ? resource.At("spec/selector") : resource.At("spec/selector/matchLabels"));
            places.AddRange(resource.Items("spec/template/spec/topologySpreadConstraints")
                .Select(one => one.At("labelSelector/matchLabels")));
        }

        foreach (var place in places.OfType<JsonObject>())
        {
            foreach (var (key, value) in labels.Map("pairs"))
            {
                place[key] = value;
            }
        }
    }

    private static void Image(JsonNode container, IEnumerable<JsonNode> images)
    {
        var (name, tag) = container.Text("image")!.Split(':') is [var first, var second] ? (first, second) : throw new FormatException();
        if (images.SingleOrDefault(one => one.Text("name") == name) is { } image)
        {
            container["image"] = string.Create(
                CultureInfo.InvariantCulture, $"{image.Text("newName") ?? name}:{image.Text("newTag") ?? tag}");
        }
    }

    [GeneratedRegex(@"^(?<key>\S+?)(=| in \()(?<values>[^()]+)\)?$")]
    private static partial Regex Selector();
}
