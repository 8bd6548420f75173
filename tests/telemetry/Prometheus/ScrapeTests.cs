using System.Reflection;
using System.Text.RegularExpressions;
using Im.Hosting.Lanes;
using Im.Hosting.Telemetry;
using Im.Local;
using Im.Protocol;
using Im.Telemetry.Tests.Metrics;
using Im.Telemetry.Tests.Systems;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>
/// A Prometheus with the rules that are deployed reads what a full system tells after some traffic, under the names that the collector makes: every metric and label of
/// an alert or a panel is there.
/// </summary>
public sealed partial class ScrapeTests(WatchedSystems systems) : WatchedTest(systems.FullAsync)
{
    /// <summary>Values that only faults bring are words of the code.</summary>
    private static readonly HashSet<string> Words =
    [
        .. Enum.GetValues<HandOver>().Select(ImMetrics.NameOf),
        .. typeof(Codes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => code.GetRawConstantValue()).OfType<string>(),
    ];

    [Fact]
    public async Task Every_metric_and_label_of_the_alerts_and_dashboards_is_scraped_and_every_query_answered()
    {
        await ChatAsync();
        var directory = TestInstances.Create("telemetry-prometheus");
        await using (var server = new PrivatePrometheus(new InstancePaths(directory), new Uri(System.Told.Address)))
        {
            await server.StartAsync(Cancel);
            using var prometheus = new PrometheusQueries(server.Url);
            var used = AlertRules.All.Select(rule => rule.Expression).Concat(Dashboards.Queries.Select(query => query.Expression))
                .SelectMany(PromQl.Selectors).Where(selector => !IsOfAFault(selector)).SelectMany(Questions).Distinct().ToList();
            await Watched.UntilAsync(() => UnansweredAsync(prometheus, used), missing => missing.Count == 0, missing => string.Join('\n', missing.Prepend("nobody tells of")));
            foreach (var query in Dashboards.Queries) await prometheus.AskAsync(query.Expression, Cancel);
            await RulesSpeakAsync(prometheus);
        }

        Directory.Delete(directory, recursive: true);
    }

    /// <summary>What is counted only when something is lost is told only then; of it the documentation has the name and the labels, and a test holds that to the code.</summary>
    private static bool IsOfAFault(Selector selector)
    {
        var row = MetricsTable.Documented.FirstOrDefault(row => MetricsSpec.NeedsAFault(row.Name) && ExporterNames.Metric(row.Name, row.Unit, PrometheusType.Counter) == selector.Metric);
        if (row is null) return false;
        Assert.Equal("counter", row.Kind);
        Assert.All(
            selector.Labels.Except(["service_name", "service_instance_id", "im_node_name"]),
            label => Assert.Contains(row.Labels, documented => ExporterNames.Label(documented) == label));
        return true;
    }

    /// <summary>What a selector takes for granted, each as an expression that has a value only where it is so.</summary>
    private static IEnumerable<string> Questions(Selector selector)
    {
        var there = string.Join(',', selector.Labels.Select(label => $"{label}!=\"\""));
        return selector.Matchers.SelectMany(ValuesOf).Select(one => $"count({selector.Metric}{{{one.Label}=\"{one.Value}\"}})").Prepend($"count({selector.Metric}{{{there}}})");
    }

    private static async Task<IReadOnlyList<string>> UnansweredAsync(PrometheusQueries prometheus, IReadOnlyList<string> questions)
    {
        var unanswered = new List<string>();
        foreach (var question in questions)
            if (await prometheus.AskAsync(question, Cancel) == 0) unanswered.Add(question);
        return unanswered;
    }

    /// <summary>Those that are spelled out, also where they are the choices of a pattern.</summary>
    private static IEnumerable<(string Label, string Value)> ValuesOf(Matcher matcher) =>
        matcher.Value.Split('|').Where(value => Plain().IsMatch(value) && !Words.Contains(value)).Select(value => (matcher.Label, value));

    /// <summary>
    /// Each rule can be computed from what is really told, and those that look at a state, not at rates, see that this system is well. (Rates say how busy
    /// the machine of the tests is.)
    /// </summary>
    private static async Task RulesSpeakAsync(PrometheusQueries prometheus)
    {
        var states = AlertRules.All.Where(rule => !IsOfRates(rule.Expression)).Select(rule => rule.Name).ToHashSet();
        var rules = await Watched.UntilAsync(
            () => prometheus.RulesAsync(Cancel),
            rules => rules.All(rule => rule.Health == "ok" && (rule.State == "inactive" || !states.Contains(rule.Name))),
            rules => string.Join('\n', rules.Where(rule => rule.Health != "ok" || rule.State != "inactive")));
        Assert.Equal(AlertRules.All.Select(rule => rule.Name).Order(), rules.Select(rule => rule.Name).Order());
    }

    private static bool IsOfRates(string expression) =>
        expression.Contains("rate(", StringComparison.Ordinal) || expression.Contains("increase(", StringComparison.Ordinal);

    [GeneratedRegex("^[a-z/_-][a-z0-9/_-]*$", RegexOptions.IgnoreCase)]
    private static partial Regex Plain();
}
