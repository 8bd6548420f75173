using System.Text.RegularExpressions;

namespace Im.Compose.Tests;

/// <summary>Who reaches whom, and what a container may do.</summary>
public sealed partial class ReachTests(Generated generated) : IClassFixture<Generated>
{
    private static readonly string[] Servers = ["rabbitmq", "redis", "postgres"];

    private ComposeFile Compose => generated.Compose;

    [Fact]
    public void The_world_reaches_the_edge_and_nothing_else()
    {
        var ports = Compose.Services.SelectMany(one => ComposeFile.Items(one.Value.Find("ports")).Select(port => (one.Key, Port: Compose.Fill(port)))).ToList();
        Assert.Equal([("edge", "0.0.0.0:443:8443")], ports.Where(port => !port.Port.StartsWith("127.0.0.1:", StringComparison.Ordinal)));
        Assert.Equal(["edge", "grafana"], ports.Select(port => port.Key).Distinct().Order());
        Assert.DoesNotContain(Compose.Services.Values, service => service.Find("network_mode") is not null);
    }

    [Fact]
    public void Networks_but_that_of_the_ports_have_no_way_out()
    {
        var open = ComposeFile.Keys(Compose.Find("networks")).Where(name => Compose.Find("networks", name, "internal") is not "true");
        Assert.Equal(["outside", "reports"], open.Order());
        Assert.Equal(["collector", "prometheus"], MembersOf("reports"));
        Assert.Equal(["edge", "grafana"], MembersOf("outside"));
        Assert.Equal(["admin", "edge", "gateway-1", "gateway-2"], MembersOf("doors"));
        Assert.All(Servers, server => Assert.Equal(["backbone"], Compose.Services[server].Networks));
        Assert.DoesNotContain("edge", MembersOf("backbone"));
    }

    [Fact]
    public void The_gateways_believe_the_edge_and_the_edge_knows_the_doors_by_their_addresses()
    {
        var edge = Compose.Services["edge"];
        string[] gateways = ["gateway-1", "gateway-2"];
        Assert.All(gateways, name => Assert.Equal(AddressOf("edge"), Compose.Services[name].Environment["Im__Gateway__TrustedProxies__0"]));
        Assert.Equal(gateways.Select(name => $"{AddressOf(name)}:8080"), Upstream().Matches(edge.Environment["IM_EDGE_GATEWAYS"]).Select(match => match.Groups[1].Value));
        Assert.Equal($"{AddressOf("admin")}:8081", edge.Environment["IM_EDGE_ADMIN"]);
        Assert.Equal(4, MembersOf("doors").Select(AddressOf).Distinct().Count());
    }

    [Fact]
    public void Our_containers_write_nothing_and_are_nobody()
    {
        Assert.All(Compose.Own, one =>
        {
            Assert.Equal("true", one.Service.Find("read_only"));
            Assert.Null(one.Service.Find("user"));
        });
        // The image says who they are.
        Assert.Matches(@"(?m)^USER [1-9]\d*$", Dockerfile.Text);
    }

    [Fact]
    public void No_container_has_rights_that_it_does_not_need()
    {
        Assert.All(Compose.Services.Values, service =>
        {
            Assert.Equal(["ALL"], ComposeFile.Items(service.Find("cap_drop")));
            Assert.Equal(["no-new-privileges:true"], ComposeFile.Items(service.Find("security_opt")));
            Assert.Null(service.Find("privileged"));
            Assert.Null(service.Find("cap_add"));
            Assert.DoesNotContain(ComposeFile.Items(service.Find("volumes")), volume => volume.Contains("docker.sock", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Every_container_has_a_limit_of_memory_and_of_its_log_and_comes_back()
    {
        Assert.All(Compose.Services.Values, service =>
        {
            Assert.Matches(@"^\d+[mg]$", service.Text("deploy", "resources", "limits", "memory"));
            Assert.NotNull(service.Find("logging", "options", "max-size"));
            Assert.Equal("unless-stopped", service.Find("restart"));
        });
    }

    [Fact]
    public void Telemetry_starts_only_where_it_is_asked_for() => Assert.Equal(
        ["collector", "grafana", "prometheus"],
        Compose.Services.Where(one => ComposeFile.Items(one.Value.Find("profiles")).Contains("telemetry")).Select(one => one.Key).Order());

    /// <summary>A number for every level that the project has: PostgreSQL has two.</summary>
    [Fact]
    public void Every_image_of_others_is_one_exact_version() => Assert.All(
        [.. Compose.Services.Values.Where(service => service.Find("build") is null).Select(service => service.Text("image")), .. Dockerfile.BaseImages],
        image => Assert.Matches(@"^[a-z][\w./-]*:v?\d+(\.\d+){1,2}(-[\w.-]+)?$", image));

    private IEnumerable<string> MembersOf(string network) =>
        Compose.Services.Where(one => one.Value.Networks.Contains(network)).Select(one => one.Key).Order(StringComparer.Ordinal);

    private string AddressOf(string service) => Compose.Services[service].Text("networks", "doors", "ipv4_address");

    [GeneratedRegex(@"server (\S+:\d+) ")]
    private static partial Regex Upstream();
}
