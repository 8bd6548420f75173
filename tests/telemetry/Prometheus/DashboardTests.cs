using System.Text.Json;
using Im.Local;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>The dashboards by themselves: Grafana reads them, Prometheus their queries. That every metric in them exists is the affair of <see cref="ScrapeTests"/>.</summary>
public sealed class DashboardTests
{
    private static readonly string Here = Path.Combine(SolutionBinaries.Root, "tests", "telemetry");

    [Fact]
    public void There_is_one_for_each_subject_with_an_address_of_its_own()
    {
        Assert.Equal(["faults", "gateways", "message-path", "overview", "presence"], Dashboards.All.Keys.Order());
        Assert.Equal(Dashboards.All.Keys.Select(name => "im-" + name).Order(), Dashboards.All.Values.Select(one => one.GetProperty("uid").GetString()!).Order());
    }

    [Fact]
    public void Panels_have_a_title_a_number_and_a_place_of_their_own()
    {
        foreach (var (name, dashboard) in Dashboards.All)
        {
            var panels = Dashboards.PanelsOf(dashboard).ToList();
            Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
            Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("title").GetString()).Distinct().Count());
            var cells = panels.SelectMany(panel => CellsOf(panel.GetProperty("gridPos"))).ToList();
            Assert.True(cells.Count == cells.Distinct().Count(), $"{name}: two panels lie on each other");
            Assert.All(cells, cell => Assert.InRange(cell.X, 0, 23));
        }
    }

    [Fact]
    public async Task Every_query_is_one_that_Prometheus_takes()
    {
        Assert.NotEmpty(Dashboards.Queries);
        var rules = Dashboards.Queries.Select((query, at) => new { record = $"query:{at}", expr = query.Expression });
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            // JSON is YAML too.
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { groups = new[] { new { name = "queries", rules } } }), TestContext.Current.CancellationToken);
            await Promtool.AcceptsAsync("check", "rules", "--lint=all", "--lint-fatal", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Grafana_knows_every_field_and_every_value()
    {
        if (!File.Exists(Path.Combine(Here, "node_modules", "@grafana", "schema", "package.json")))
            await RunAsync("npm", "ci", "--prefix", Here, "--no-audit", "--no-fund", "--loglevel=error");
        await RunAsync("node", Path.Combine(Here, "Prometheus", "dashboards.mjs"));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (status, said) = await ShortCommand.RunAsync(Programs.Require(program, program == "node" ? "nodejs" : program), arguments, cancel: TestContext.Current.CancellationToken);
        Assert.True(status == 0, said);
    }

    private static IEnumerable<(int X, int Y)> CellsOf(JsonElement place) =>
        from x in Enumerable.Range(place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32())
        from y in Enumerable.Range(place.GetProperty("y").GetInt32(), place.GetProperty("h").GetInt32())
        select (x, y);
}
