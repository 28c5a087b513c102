using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sandan.Contracts.Events;

namespace Sandan.Deploy.Tests;

public sealed partial class ServiceTests
{
    /// <summary>Connections of one process: its pool (Database.Open) and the relay's own.</summary>
    private const int ConnectionsPerReplica = 20 + 1;

    private static readonly string[] Autoscaled = ["gateway", "matcher", "order", "payment", "waybill"];

    public static TheoryData<string, string> EveryService()
    {
        var all = new TheoryData<string, string>();
        foreach (var service in Cluster.Services)
        {
            all.Add(Cluster.Local, service);
            all.Add(Cluster.Production, service);
        }

        return all;
    }

    [Theory]
    [InlineData(Cluster.Local)]
    [InlineData(Cluster.Production)]
    public void The_services_are_those_that_the_settings_know(string overlay)
    {
        Assert.Equal(10, Cluster.Services.Count);
        Assert.Equal(Cluster.Services, Cluster.Get(overlay).Of("Deployment").Select(one => one.Name()).Order(StringComparer.Ordinal));
        Assert.Empty(Topology.Subscriptions.SelectMany(one => one.Consumers).Except(Cluster.Services));
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void Its_selectors_select_its_own_pods_only(string overlay, string service)
    {
        var cluster = Cluster.Get(overlay);
        var address = cluster.The("Service", service);
        var selector = new JsonObject { ["matchLabels"] = address["spec"]!["selector"]!.DeepClone() };
        Assert.Equal(service, Assert.Single(cluster.Select(selector)).Name);
        Assert.Equal(service, Assert.Single(cluster.Select(cluster.The("Deployment", service).At("spec/selector"))).Name);

        var budget = cluster.The("PodDisruptionBudget", service);
        Assert.Equal(service, Assert.Single(cluster.Select(budget.At("spec/selector"))).Name);
        Assert.Equal("1", budget.Text("spec/maxUnavailable"));

        var spread = cluster.The("Deployment", service).Items("spec/template/spec/topologySpreadConstraints").ToArray();
        Assert.Equal(["topology.kubernetes.io/zone", "kubernetes.io/hostname"], spread.Select(one => one.Text("topologyKey")));
        Assert.All(spread, one => Assert.Equal(service, Assert.Single(cluster.Select(one["labelSelector"])).Name));
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void It_has_probes_on_its_port(string overlay, string service)
    {
        var container = Cluster.Get(overlay).Container(service);
        Assert.Equal("8080", container.Items("ports").Single(one => one.Text("name") == "http").Text("containerPort"));
        Assert.All(
            new[] { "startupProbe", "livenessProbe", "readinessProbe" },
            probe => Assert.Equal("http", container.Text($"{probe}/httpGet/port")));
        Assert.Equal("/health/live", container.Text("startupProbe/httpGet/path"));
        Assert.Equal("/health/live", container.Text("livenessProbe/httpGet/path"));
        // The gateway's own readiness speaks of all services: one that is away must not close the door to the others.
        Assert.Equal(
            service == "gateway" ? "/health/live" : "/health/ready",
            container.Text("readinessProbe/httpGet/path"));
        Assert.True(Number(container, "startupProbe/periodSeconds") * Number(container, "startupProbe/failureThreshold") >= 300);
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void It_has_time_to_drain(string overlay, string service)
    {
        const int HostShutdownSeconds = 30; // HostOptions.ShutdownTimeout
        var cluster = Cluster.Get(overlay);
        var grace = Number(cluster.The("Deployment", service), "spec/template/spec/terminationGracePeriodSeconds");
        var sleep = Number(cluster.Container(service), "lifecycle/preStop/sleep/seconds");
        Assert.True(sleep > 0 && grace > sleep + HostShutdownSeconds);
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void Its_memory_is_requested_as_it_is_limited(string overlay, string service)
    {
        var container = Cluster.Get(overlay).Container(service);
        Assert.NotNull(container.Text("resources/requests/cpu"));
        Assert.NotNull(container.Text("resources/limits/memory"));
        Assert.Equal(container.Text("resources/limits/memory"), container.Text("resources/requests/memory"));
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void It_writes_nowhere_but_to_tmp_and_the_data_keys_that_it_makes(string overlay, string service)
    {
        var cluster = Cluster.Get(overlay);
        var container = cluster.Container(service);
        Assert.Equal("true", container.Text("securityContext/readOnlyRootFilesystem"));
        var volumes = cluster.The("Deployment", service).Items("spec/template/spec/volumes").ToDictionary(one => one.Text("name")!);
        foreach (var mount in container.Items("volumeMounts"))
        {
            var volume = volumes[mount.Text("name")!];
            Assert.True(mount.Text("readOnly") == "true"
                || (mount.Text("mountPath") == "/tmp" && volume["emptyDir"] is not null)
                || mount.Text("mountPath") == Environment(cluster, service)["SANDAN_DATA_KEYS"]);
        }

        Assert.Equal(
            service is "order" or "payment" or "waybill" or "customs" ? [cluster.Of("PersistentVolumeClaim").Single().Name()] : [],
            volumes.Values.Select(one => one.Text("persistentVolumeClaim/claimName")).OfType<string>());
    }

    [Theory]
    [InlineData(Cluster.Local)]
    [InlineData(Cluster.Production)]
    public void Pods_keep_to_the_restricted_standard(string overlay)
    {
        var cluster = Cluster.Get(overlay);
        Assert.Equal("restricted", cluster.Of("Namespace").Single().Map("metadata/labels")["pod-security.kubernetes.io/enforce"]);
        foreach (var pod in cluster.Pods.Where(one => one.Spec is not null))
        {
            var spec = pod.Spec;
            Assert.Equal("true", spec.Text("securityContext/runAsNonRoot"));
            Assert.True(Number(spec!, "securityContext/runAsUser") > 0);
            Assert.Equal("RuntimeDefault", spec.Text("securityContext/seccompProfile/type"));
            Assert.Equal("false", spec.Text("automountServiceAccountToken"));
            Assert.Equal("false", spec.Text("enableServiceLinks"));
            Assert.All(spec.Items("containers").Concat(spec.Items("initContainers")), container =>
            {
                Assert.Equal("false", container.Text("securityContext/allowPrivilegeEscalation"));
                Assert.Equal(["ALL"], container.Items("securityContext/capabilities/drop").Select(one => one.ToString()));
                Assert.Null(container.At("securityContext/capabilities/add"));
            });
        }
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void Its_environment_is_one_that_the_settings_understand(string overlay, string service)
    {
        var cluster = Cluster.Get(overlay);
        var environment = Environment(cluster, service);
        string[] elsewhere = ["SANDAN_LISTEN", "SANDAN_DEVELOPMENT_ENV", "SANDAN_SANDBOX"];
        string[] settings =
        [
            "SANDAN_POSTGRES", "SANDAN_RABBITMQ", "SANDAN_KEYS", "SANDAN_DATA_KEYS", "SANDAN_DATABASE_PREFIX", "SANDAN_BUS_PREFIX", "SANDAN_ZONE",
            .. Cluster.Services.Select(one => $"SANDAN_URL_{one.ToUpperInvariant()}"),
        ];
        Assert.Empty(environment.Keys.Where(one => one.StartsWith("SANDAN_", StringComparison.Ordinal)).Except(settings).Except(elsewhere));
        Assert.Equal("http://+:8080", environment["SANDAN_LISTEN"]);

        foreach (var (name, address) in Cluster.Settings(environment).Addresses)
        {
            Assert.Equal(name, address.Host);
            var port = cluster.The("Service", address.Host).Items("spec/ports").Single(one => one.Text("port") == $"{address.Port}");
            Assert.Contains(cluster.Container(name).Items("ports"), one => one.Text("name") == port.Text("targetPort"));
        }
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void It_finds_its_keys_and_only_services_have_passwords(string overlay, string service)
    {
        var cluster = Cluster.Get(overlay);
        var container = cluster.Container(service);
        var folder = Environment(cluster, service)["SANDAN_KEYS"];
        var mount = container.Items("volumeMounts").Single(one => one.Text("mountPath") == folder);
        var volume = cluster.The("Deployment", service).Items("spec/template/spec/volumes")
            .Single(one => one.Text("name") == mount.Text("name"));
        Assert.Equal("sandan-keys", volume.Text("secret/secretName"));

        var names = container.Items("env").Select(one => one.Text("name")).ToArray();
        Assert.Equal(service != "gateway", names.Contains("SANDAN_POSTGRES"));
        Assert.Equal(service != "gateway", names.Contains("SANDAN_RABBITMQ"));
        Assert.Equal(service == "gateway", !container.Items("env").Any(one => one["valueFrom"] is not null));
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void Every_secret_it_names_is_made_by_somebody(string overlay, string service)
    {
        var cluster = Cluster.Get(overlay);
        var made = cluster.Of("Secret").SelectMany(one => one.Map("data").Keys.Select(key => (one.Name(), key)))
            .Concat(cluster.Of("Cluster").SelectMany(one => Account($"{one.Name()}-app")))
            .Concat(cluster.Of("RabbitmqCluster").SelectMany(one => Account($"{one.Name()}-default-user")));
        var named = cluster.Container(service).Items("env").Select(one => one.At("valueFrom/secretKeyRef")).OfType<JsonNode>()
            .Select(one => (one.Text("name")!, one.Text("key")!));
        Assert.Empty(named.Except(made));

        static (string, string)[] Account(string secret) => [(secret, "username"), (secret, "password")];
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void A_variable_is_set_before_it_is_used(string overlay, string service)
    {
        var set = new HashSet<string>();
        foreach (var variable in Cluster.Get(overlay).Container(service).Items("env"))
        {
            Assert.Empty(Reference().Matches(variable.Text("value") ?? "").Select(one => one.Groups[1].Value).Except(set));
            set.Add(variable.Text("name")!);
        }
    }

    [Theory]
    [MemberData(nameof(EveryService))]
    public void Its_servers_are_there(string overlay, string service)
    {
        var cluster = Cluster.Get(overlay);
        if (service == "gateway")
        {
            return;
        }

        var hosts = cluster.Container(service).Items("env").Select(one => Value(cluster, one))
            .SelectMany(value => Server().Matches(value)).Select(one => one.Groups["host"].Value).ToArray();
        string[] known =
        [
            .. cluster.Of("Service").Select(one => one.Name()),
            .. cluster.Of("Cluster").Select(one => $"{one.Name()}-rw"),
            .. cluster.Of("RabbitmqCluster").Select(one => one.Name()),
        ];
        Assert.Equal(2, hosts.Length);
        Assert.Empty(hosts.Except(known));
    }

    [Fact]
    public void The_keys_for_trying_out_have_the_right_length()
    {
        var keys = Cluster.Get(Cluster.Local).The("Secret", "sandan-keys").Map("data");
        Assert.Equal(["identity.key", "index.key", "master.key"], keys.Keys.Order(StringComparer.Ordinal));
        Assert.All(keys.Values, one => Assert.Equal(32, Convert.FromBase64String(Decode(one)).Length));
        Assert.Empty(Cluster.Get(Cluster.Production).Of("Secret"));
    }

    [Fact]
    public void What_carries_every_document_scales_by_itself()
    {
        var cluster = Cluster.Get(Cluster.Production);
        Assert.Equal(Autoscaled, cluster.Of("HorizontalPodAutoscaler").Select(one => one.Name()).Order(StringComparer.Ordinal));
        foreach (var scaler in cluster.Of("HorizontalPodAutoscaler"))
        {
            Assert.Equal("Deployment", scaler.Text("spec/scaleTargetRef/kind"));
            Assert.Equal(scaler.Name(), scaler.Text("spec/scaleTargetRef/name"));
            Assert.Equal("cpu", scaler.Text("spec/metrics/0/resource/name"));
            Assert.True(Number(scaler, "spec/minReplicas") >= 2);
            Assert.Null(cluster.The("Deployment", scaler.Name()).At("spec/replicas"));
        }

        Assert.All(Cluster.Services.Except(Autoscaled), one => Assert.Equal("2", cluster.The("Deployment", one).Text("spec/replicas")));
    }

    [Fact]
    public void For_trying_out_there_is_one_of_each()
    {
        var cluster = Cluster.Get(Cluster.Local);
        Assert.Empty(cluster.Of("HorizontalPodAutoscaler"));
        Assert.All(cluster.Pods, pod => Assert.NotNull(pod.Spec));
        Assert.All(
            cluster.Of("Deployment").Concat(cluster.Of("StatefulSet")),
            one => Assert.Equal("1", one.Text("spec/replicas") ?? "1"));
    }

    [Theory]
    [InlineData(Cluster.Local)]
    [InlineData(Cluster.Production)]
    public void The_database_takes_the_connections_of_all_replicas_during_an_upgrade(string overlay)
    {
        var cluster = Cluster.Get(overlay);
        var most = Cluster.Services.Where(one => one != "gateway").Sum(service =>
        {
            var deployment = cluster.The("Deployment", service);
            var scaler = cluster.Of("HorizontalPodAutoscaler").SingleOrDefault(one => one.Name() == service);
            var replicas = scaler is null ? Number(deployment, "spec/replicas", 1) : Number(scaler, "spec/maxReplicas");
            return (replicas + Number(deployment, "spec/strategy/rollingUpdate/maxSurge")) * ConnectionsPerReplica;
        });
        var taken = overlay == Cluster.Production
            ? Number(cluster.The("Cluster", "postgres"), "spec/postgresql/parameters/max_connections")
            : cluster.The("StatefulSet", "postgres").Items("spec/template/spec/containers/0/args").Select(one => one.ToString())
                .Where(one => one.StartsWith("max_connections=", StringComparison.Ordinal))
                .Select(one => int.Parse(one.Split('=')[1], CultureInfo.InvariantCulture)).Single();
        Assert.True(most < taken, $"{most} of {taken}");
    }

    [Fact]
    public void In_production_a_node_may_be_lost()
    {
        var cluster = Cluster.Get(Cluster.Production);
        var postgres = cluster.The("Cluster", "postgres");
        Assert.Equal("postgresql.cnpg.io/v1", postgres.Text("apiVersion"));
        Assert.Equal("3", postgres.Text("spec/instances"));
        Assert.Equal("1", postgres.Text("spec/postgresql/synchronous/number"));
        Assert.Equal("required", postgres.Text("spec/affinity/podAntiAffinityType"));

        var rabbit = cluster.The("RabbitmqCluster", "rabbitmq");
        Assert.Equal("rabbitmq.com/v1beta1", rabbit.Text("apiVersion"));
        Assert.Equal("3", rabbit.Text("spec/replicas"));
        Assert.Contains("cluster_partition_handling = pause_minority", rabbit.Text("spec/rabbitmq/additionalConfig"), StringComparison.Ordinal);
        var apart = rabbit.Items("spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution").Single();
        Assert.Equal("rabbitmq", Assert.Single(cluster.Select(apart["labelSelector"])).Name);
    }

    private static Dictionary<string, string> Environment(Cluster cluster, string service)
    {
        var container = cluster.Container(service);
        var all = container.Items("envFrom").SelectMany(one => cluster.The("ConfigMap", one.Text("configMapRef/name")!).Map("data"))
            .ToDictionary();
        foreach (var variable in container.Items("env").Where(one => one["value"] is not null))
        {
            all[variable.Text("name")!] = variable.Text("value")!;
        }

        return all;
    }

    private static string Value(Cluster cluster, JsonNode variable) =>
        variable.Text("value") is { } value ? value
        : cluster.Of("Secret").SingleOrDefault(one => one.Name() == variable.Text("valueFrom/secretKeyRef/name")) is { } secret
            ? Decode(secret.Map("data")[variable.Text("valueFrom/secretKeyRef/key")!])
            : "";

    private static string Decode(string base64) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private static int Number(JsonNode node, string path, int? otherwise = null) =>
        node.Text(path) is { } text ? int.Parse(text, CultureInfo.InvariantCulture)
        : otherwise ?? throw new InvalidOperationException($"There is no {path}.");

    [GeneratedRegex(@"\$\((\w+)\)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"(Host=(?<host>[^;]+))|(amqp://[^@]+@(?<host>[^:/]+))")]
    private static partial Regex Server();
}
