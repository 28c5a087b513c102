namespace Sandan.Deploy.Tests;

public sealed class NetworkTests
{
    [Theory]
    [InlineData(Cluster.Local)]
    [InlineData(Cluster.Production)]
    [InlineData(Cluster.Sandbox)]
    public void Every_policy_names_labels_that_pods_carry(string overlay)
    {
        var cluster = Cluster.Get(overlay);
        foreach (var policy in cluster.Of("NetworkPolicy"))
        {
            var peers = policy.Items("spec/ingress").SelectMany(one => one.Items("from"))
                .Concat(policy.Items("spec/egress").SelectMany(one => one.Items("to")))
                .Where(one => one["namespaceSelector"] is null && one["ipBlock"] is null)
                .Select(one => one["podSelector"]);
            Assert.All(peers.Append(policy.At("spec/podSelector")), selector => Assert.NotEmpty(cluster.Select(selector)));
        }
    }

    [Theory]
    [InlineData(Cluster.Local)]
    [InlineData(Cluster.Production)]
    public void Nothing_is_allowed_unless_a_policy_says_so(string overlay)
    {
        var deny = Cluster.Get(overlay).The("NetworkPolicy", "default-deny");
        Assert.Equal("{}", deny.At("spec/podSelector")!.ToJsonString());
        Assert.Equal(["Ingress", "Egress"], deny.Items("spec/policyTypes").Select(one => one.ToString()));
        Assert.Null(deny.At("spec/ingress") ?? deny.At("spec/egress"));
    }

    [Theory]
    [InlineData("gateway", "registry", 8080, true)]
    [InlineData("gateway", "order", 8080, true)]
    [InlineData("gateway", "statistics", 8080, true)]
    [InlineData("gateway", "postgres", 5432, false)]
    [InlineData("gateway", "rabbitmq", 5672, false)]
    [InlineData("order", "postgres", 5432, true)]
    [InlineData("order", "rabbitmq", 5672, true)]
    [InlineData("order", "rabbitmq", 15672, false)]
    [InlineData("order", "payment", 8080, false)]
    [InlineData("order", "gateway", 8080, false)]
    [InlineData("matcher", "tax", 8080, true)]
    [InlineData("matcher", "customs", 8080, true)]
    [InlineData("matcher", "credit", 8080, false)]
    [InlineData("customs", "matcher", 8080, false)]
    [InlineData("tax", "customs", 8080, false)]
    [InlineData("postgres", "order", 8080, false)]
    [InlineData("rabbitmq", "postgres", 5432, false)]
    public void Who_may_talk_to_whom(string from, string to, int port, bool allowed)
    {
        Assert.Equal(allowed, Cluster.Get(Cluster.Local).Allows(from, to, port));
        Assert.Equal(allowed, Cluster.Get(Cluster.Production).Allows(from, to, port));
    }

    [Fact]
    public void In_a_sandbox_the_services_ask_the_registry_for_the_clock_and_nothing_is_behind_its_gateway()
    {
        var cluster = Cluster.Get(Cluster.Sandbox);
        Assert.All(Cluster.Services.Except(["gateway", "registry"]), service =>
        {
            Assert.True(cluster.Allows(service, "registry", 8080), service);
            Assert.False(Cluster.Get(Cluster.Local).Allows(service, "registry", 8080), service);
            Assert.Contains(cluster.Container(service).Items("env"), one => one.Text("name") == "SANDAN_ENVIRONMENT" && one.Text("value") == "sandbox");
        });
        Assert.Contains(cluster.Container("gateway").Items("env"), one => one.Text("name") == "SANDAN_SANDBOX" && one.Text("value") is "");
        Assert.DoesNotContain(cluster.Of("NetworkPolicy"), one => one.Name() == "gateway-to-sandbox");
        Assert.All(cluster.Resources.Where(one => one.Kind() != "Namespace"), one => Assert.Equal("sandan-sandbox", one.Text("metadata/namespace")));
    }

    [Fact]
    public void The_servers_of_production_reach_each_other()
    {
        var cluster = Cluster.Get(Cluster.Production);
        Assert.True(cluster.Allows("postgres", "postgres", 5432));
        Assert.True(cluster.Allows("rabbitmq", "rabbitmq", 4369));
        Assert.True(cluster.Allows("rabbitmq", "rabbitmq", 25672));
    }

    [Fact]
    public void The_gateway_alone_is_open_to_everybody()
    {
        foreach (var overlay in new[] { Cluster.Local, Cluster.Production })
        {
            var cluster = Cluster.Get(overlay);
            var open = cluster.Of("NetworkPolicy").Where(one => one.Items("spec/ingress").Any(rule => rule["from"] is null));
            Assert.Equal("gateway", Assert.Single(cluster.Select(Assert.Single(open).At("spec/podSelector"))).Name);
        }
    }
}
