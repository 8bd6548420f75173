using System.Text.RegularExpressions;
using Im.Local;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>The containers find rules and dashboards where compose puts them.</summary>
public sealed partial class ProvisioningTests
{
    /// <summary>By the path in the repository, where it is in the container.</summary>
    private static readonly Dictionary<string, string> Mounts = Mount().Matches(Read("docker-compose.yml"))
        .ToDictionary(mount => mount.Groups["here"].Value, mount => mount.Groups["there"].Value);

    [Fact]
    public void What_is_mounted_exists() => Assert.All(Mounts.Keys, path => Assert.True(Path.Exists(Path.Combine(SolutionBinaries.Root, path)), path));

    [Fact]
    public void Prometheus_reads_the_rules_where_they_are() =>
        Assert.Contains($"rule_files:\n  - {Mounts["deploy/telemetry/alerts.yml"]}\n", Read("deploy/telemetry/prometheus.yml"), StringComparison.Ordinal);

    [Fact]
    public void Grafana_reads_the_dashboards_where_they_are() =>
        Assert.Contains($"path: {Mounts["deploy/telemetry/dashboards"]}\n", Read("deploy/telemetry/grafana-dashboards.yaml"), StringComparison.Ordinal);

    [Fact]
    public void The_collector_makes_names_by_the_rules_that_are_tried_here()
    {
        var collector = Read("deploy/telemetry/collector.yaml");
        Assert.Contains("    translation_strategy: UnderscoreEscapingWithSuffixes\n", collector, StringComparison.Ordinal);
        Assert.Contains("    resource_to_telemetry_conversion:\n      enabled: true\n", collector, StringComparison.Ordinal);
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(SolutionBinaries.Root, path));

    [GeneratedRegex(@"- \./(?<here>deploy/telemetry/[\w./-]+):(?<there>[\w./-]+):ro$", RegexOptions.Multiline)]
    private static partial Regex Mount();
}
