using System.Text.Json;
using Im.Local;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>A query of a panel, with what Grafana puts in for its variables.</summary>
public sealed record PanelQuery(string Dashboard, string Panel, string Expression)
{
    public override string ToString() => $"{Dashboard}, {Panel}: {Expression}";
}

/// <summary>The dashboards of deploy/telemetry, by the names of their files.</summary>
public static class Dashboards
{
    public static string Folder { get; } = Path.Combine(SolutionBinaries.Root, "deploy", "telemetry", "dashboards");

    public static IReadOnlyDictionary<string, JsonElement> All { get; } = Directory.EnumerateFiles(Folder, "*.json").ToDictionary(
        file => Path.GetFileNameWithoutExtension(file), file => JsonDocument.Parse(File.ReadAllText(file)).RootElement);

    public static IReadOnlyList<PanelQuery> Queries { get; } =
    [
        .. from dashboard in All
           from panel in PanelsOf(dashboard.Value)
           from target in panel.TryGetProperty("targets", out var targets) ? [.. targets.EnumerateArray()] : (JsonElement[])[]
           select new PanelQuery(dashboard.Key, panel.GetProperty("title").GetString()!, Filled(target.GetProperty("expr").GetString()!)),
    ];

    public static IEnumerable<JsonElement> PanelsOf(JsonElement dashboard) => dashboard.GetProperty("panels").EnumerateArray();

    /// <summary>With the interval of the data source that is deployed.</summary>
    private static string Filled(string expression) => expression.Replace("$__rate_interval", "2m", StringComparison.Ordinal);
}
