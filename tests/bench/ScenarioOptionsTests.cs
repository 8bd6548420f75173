using Im.Bench.Scenarios;

namespace Im.Bench.Tests;

/// <summary>The command line of a scenario.</summary>
public sealed class ScenarioOptionsTests
{
    public static TheoryData<string> Scenarios => [.. Scenario.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void A_scenario_alone_is_five_rounds_of_all_that_it_has(string name)
    {
        var options = ScenarioOptions.Parse([name]);
        Assert.Equal((5, 10, 5), (options.Rounds, options.Seconds, options.Warmup));
        Assert.Equal(options.Scenario.Subjects, options.Subjects);
        Assert.Equal(options.Scenario.Setups, options.Setups);
        Assert.Equal(options.Setups.Count, options.Setups.Select(setup => setup.Name).Distinct().Count());
        Assert.Contains($"  {name} ", ScenarioOptions.Usage, StringComparison.Ordinal);
    }

    [Fact]
    public void Some_of_it_can_be_chosen()
    {
        var options = ScenarioOptions.Parse(["window", "--rounds", "2", "--seconds", "1.5", "--only", "relay, im full", "--setups", "JSON"]);
        Assert.Equal((2, 1.5), (options.Rounds, options.Seconds));
        Assert.Equal(["relay", "im full"], options.Subjects.Select(subject => subject.Name));
        Assert.Equal(["JSON, window 64", "JSON, window 32", "JSON, window 8"], options.Setups.Select(setup => setup.Name));
    }

    [Theory]
    [InlineData("windows", "windows: no scenario; there is window,")]
    [InlineData("window --rounds", "--rounds: unknown, or a value is missing")]
    [InlineData("window --rounds 0", "--rounds 0: a number from 1 to 3600")]
    [InlineData("window --seconds x", "--seconds x: a number from 1 to 3600")]
    [InlineData("window --only nobody", "--only nobody: there is im full, im standalone, relay")]
    [InlineData("window --setups nothing", "--setups nothing: none of protobuf, window 64;")]
    [InlineData("window --only relay --setups XMPP", "--setups: nothing for relay")]
    [InlineData("window --other 1", "--other: unknown option")]
    public void What_is_not_known_is_said(string line, string answer) =>
        Assert.StartsWith(answer, Assert.Throws<FormatException>(() => ScenarioOptions.Parse(line.Split(' '))).Message, StringComparison.Ordinal);
}
