using System.Text.RegularExpressions;
using Im.Local;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>The alert rules by themselves: whoever is called by one is told what it means and what to do, and it was seen to fire and to be silent.</summary>
public sealed partial class AlertTests
{
    private const string Manual = "docs/alerts.md";

    /// <summary>From a headline of the third level to the next headline.</summary>
    private static readonly Dictionary<string, string> Sections = Section().Matches(File.ReadAllText(Path.Combine(SolutionBinaries.Root, Manual)))
        .ToDictionary(section => section.Groups["name"].Value, section => section.Groups["text"].Value);

    [Fact]
    public Task The_rules_are_valid_and_without_a_finding() => Promtool.AcceptsAsync("check", "rules", "--lint=all", "--lint-fatal", AlertRules.Path);

    [Fact]
    public Task Every_rule_fires_and_is_silent_where_it_has_to() => Promtool.AcceptsAsync("test", "rules", AlertRules.TestPath);

    [Fact]
    public void Every_rule_has_a_case_for_each()
    {
        Assert.Equal(AlertRules.All.Select(rule => rule.Name).Order(), AlertRules.Cases.Select(cases => cases.Key).Order());
        Assert.All(AlertRules.Cases, cases => Assert.True(cases.Contains(0) && cases.Any(count => count > 0), $"{cases.Key} fires in one case and not in another"));
    }

    [Fact]
    public void Every_rule_says_how_bad_it_is_what_it_is_and_where_the_manual_goes_on()
    {
        Assert.Equal(AlertRules.All.Count, AlertRules.All.Select(rule => rule.Name).Distinct().Count());
        Assert.All(AlertRules.All, rule =>
        {
            Assert.Contains(rule.Severity, (string[])["critical", "warning"]);
            Assert.Equal(["description", "runbook_url", "summary"], rule.Annotations.Keys.Order());
            Assert.All(rule.Annotations.Values, text => Assert.False(string.IsNullOrWhiteSpace(text)));
            Assert.Equal($"{Manual}#{rule.Name.ToLowerInvariant()}", rule.Annotations["runbook_url"]);
        });
    }

    [Fact]
    public void Every_rule_has_its_section_and_every_section_its_rule()
    {
        Assert.Equal(AlertRules.All.Select(rule => rule.Name).Order(), Sections.Keys.Order());
        foreach (var (name, text) in Sections)
            Assert.All(["**Means**: ", "**Look**: ", "**Do**: "], part => Assert.True(text.Contains(part, StringComparison.Ordinal), $"{name} has no {part}"));
    }

    [Fact]
    public void What_the_manual_refers_to_is_there()
    {
        var headlines = new[] { "alerts", "operations", "kubernetes" }.ToDictionary(page => page, HeadlinesOf);
        foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(SolutionBinaries.Root, Manual))))
            Assert.Contains(link.Groups["to"].Value, headlines[link.Groups["page"].Value is { Length: > 0 } page ? page : "alerts"]);
    }

    /// <summary>As they stand in addresses.</summary>
    private static HashSet<string> HeadlinesOf(string page) =>
    [
        .. Headline().Matches(File.ReadAllText(Path.Combine(SolutionBinaries.Root, "docs", page + ".md")))
            .Select(line => NotOfAddresses().Replace(line.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-')),
    ];

    [GeneratedRegex(@"^### (?<name>\S+)\n(?<text>(?:(?!#).*\n?)*)", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"\]\((?:(?<page>\w+)\.md)?#(?<to>[^)]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headline();

    [GeneratedRegex("[^a-z0-9 _-]")]
    private static partial Regex NotOfAddresses();
}
