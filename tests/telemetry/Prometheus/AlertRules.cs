using Im.Local;
using YamlDotNet.Serialization;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>A rule of deploy/telemetry/alerts.yml.</summary>
public sealed record AlertRule(string Name, string Expression, string Severity, IReadOnlyDictionary<string, string> Annotations)
{
    public override string ToString() => Name;
}

public static class AlertRules
{
    public static string Path { get; } = System.IO.Path.Combine(SolutionBinaries.Root, "deploy", "telemetry", "alerts.yml");

    /// <summary>A case in which each fires, and one in which it does not.</summary>
    public static string TestPath { get; } = System.IO.Path.Combine(SolutionBinaries.Root, "tests", "telemetry", "Prometheus", "alerts.test.yml");

    public static IReadOnlyList<AlertRule> All { get; } =
    [
        .. from @group in Read<RuleFile>(Path).Groups
           from rule in @group.Rules
           select new AlertRule(rule.Alert, rule.Expr, rule.Labels.GetValueOrDefault("severity", ""), rule.Annotations),
    ];

    /// <summary>By alert, how many alerts each of its cases expects.</summary>
    public static ILookup<string, int> Cases { get; } = Read<TestFile>(TestPath).Tests.SelectMany(test => test.AlertRuleTest)
        .ToLookup(test => test.Alertname, test => test.ExpAlerts.Count);

    private static T Read<T>(string path) =>
        new DeserializerBuilder().IgnoreUnmatchedProperties().WithNamingConvention(YamlDotNet.Serialization.NamingConventions.UnderscoredNamingConvention.Instance).Build()
            .Deserialize<T>(File.ReadAllText(path));

    private sealed class RuleFile
    {
        public List<RuleGroup> Groups { get; init; } = [];
    }

    private sealed class RuleGroup
    {
        public List<Rule> Rules { get; init; } = [];
    }

    private sealed class Rule
    {
        public string Alert { get; init; } = "";

        public string Expr { get; init; } = "";

        public Dictionary<string, string> Labels { get; init; } = [];

        public Dictionary<string, string> Annotations { get; init; } = [];
    }

    private sealed class TestFile
    {
        public List<TestBlock> Tests { get; init; } = [];
    }

    private sealed class TestBlock
    {
        public List<TestCase> AlertRuleTest { get; init; } = [];
    }

    private sealed class TestCase
    {
        public string Alertname { get; init; } = "";

        public List<object> ExpAlerts { get; init; } = [];
    }
}
