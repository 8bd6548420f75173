using System.Text.RegularExpressions;
using Im.Local;

namespace Im.Compose.Tests;

/// <summary>The edge's configuration, filled in as compose does it.</summary>
public sealed partial class EdgeTests(Generated generated) : IClassFixture<Generated>
{
    private static readonly string Template = File.ReadAllText(Path.Combine(SolutionBinaries.Root, "deploy", "edge", "nginx.conf.template"));

    private IReadOnlyDictionary<string, string> Settings => generated.Compose.Services["edge"].Environment;

    [Fact]
    public void Every_name_in_it_is_filled_in_and_every_setting_of_it_is_used()
    {
        var names = Name().Matches(Template).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(names, Settings.Keys.Where(key => Regex.IsMatch(key, Settings["NGINX_ENVSUBST_FILTER"])).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nginx_takes_it()
    {
        // The certificate and the directory are those of here, everything else is as in compose.
        var values = new Dictionary<string, string>(Settings)
        {
            ["IM_EDGE_CERTIFICATE"] = Path.Combine(generated.Directory, ".secrets", "edge.crt"),
            ["IM_EDGE_KEY"] = Path.Combine(generated.Directory, ".secrets", "edge.key"),
            ["IM_EDGE_DIRECTORY"] = generated.Directory,
        };
        var path = Path.Combine(generated.Directory, "nginx.conf");
        await File.WriteAllTextAsync(path, Name().Replace(Template, match => values[match.Groups[1].Value]), TestContext.Current.CancellationToken);
        await Tool.RunAsync("/", Programs.Require("nginx", "nginx"), "-t", "-e", "stderr", "-c", path);
    }

    [Fact]
    public void It_listens_where_the_ports_lead_and_where_its_health_is_asked()
    {
        var edge = generated.Compose.Services["edge"];
        var inside = ComposeFile.Items(edge.Find("ports")).Select(port => port[(port.LastIndexOf(':') + 1)..]);
        Assert.Equal([Settings["IM_EDGE_ADMIN_LISTEN"], Settings["IM_EDGE_LISTEN"]], inside);
        Assert.Equal(Settings["IM_EDGE_HEALTH_LISTEN"], edge.Health!.Authority);
        Assert.Contains($"location = {edge.Health.AbsolutePath} ", Template, StringComparison.Ordinal);
    }

    [Fact]
    public void It_finds_its_files_where_they_are_mounted()
    {
        var edge = generated.Compose.Services["edge"];
        Assert.Equal(["/run/secrets/edge.crt", "/run/secrets/edge.key"], ComposeFile.Items(edge.Find("secrets")).Select(name => $"/run/secrets/{name}"));
        Assert.Equal(("/run/secrets/edge.crt", "/run/secrets/edge.key"), (Settings["IM_EDGE_CERTIFICATE"], Settings["IM_EDGE_KEY"]));
        Assert.Contains($"{Settings["NGINX_ENVSUBST_OUTPUT_DIR"]}/nginx.conf", ComposeFile.Items(edge.Find("command")));
        Assert.Contains(Settings["IM_EDGE_DIRECTORY"], ComposeFile.Items(edge.Find("tmpfs")));
    }

    [Fact]
    public void What_clients_say_of_where_they_come_from_is_thrown_away()
    {
        // A location that sets one header of its own has none of those above it: then all of them stand there.
        Assert.All(
            Location().Matches(Template).Select(match => match.Value).Append(Template).Where(block => block.Contains("proxy_set_header", StringComparison.Ordinal)),
            block => Assert.Contains("proxy_set_header X-Forwarded-For $remote_addr;", block, StringComparison.Ordinal));
        Assert.DoesNotContain("$proxy_add_x_forwarded_for", Template, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\$\{(\w+)\}")]
    private static partial Regex Name();

    [GeneratedRegex(@"location [^{]*\{[^}]*\}")]
    private static partial Regex Location();
}
