using Im.Chaos.Scenarios;

namespace Im.Chaos.Tests;

public sealed class ScheduleTests
{
    private static readonly IReadOnlyList<IScenario> Ten = [.. Enumerable.Range(0, 10).Select(number => new Planned($"s{number}", TimeSpan.FromSeconds(30 + (10 * number))))];

    [Fact]
    public void A_seed_always_draws_the_same()
    {
        for (var seed = 0; seed < 100; seed++)
            Assert.Equal(Schedule.Draw(seed, TimeSpan.FromMinutes(6), Ten), Schedule.Draw(seed, TimeSpan.FromMinutes(6), Ten));
    }

    [Fact]
    public void The_first_one_is_in_every_run_and_no_other_comes_twice()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var drawn = Schedule.Draw(seed, TimeSpan.FromMinutes(8), Ten);
            Assert.Equal("s0", drawn[0].Name);
            Assert.Equal(drawn.Count, drawn.Distinct().Count());
        }
    }

    [Fact]
    public void Every_scenario_is_drawn_by_some_seed()
    {
        var drawn = Enumerable.Range(0, 50).SelectMany(seed => Schedule.Draw(seed, TimeSpan.FromMinutes(5), Ten)).ToHashSet();
        Assert.Equal(Ten.Count, drawn.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(12)]
    [InlineData(600)]
    public void The_time_is_kept_unless_four_need_more(int minutes)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var drawn = Schedule.Draw(seed, TimeSpan.FromMinutes(minutes), Ten);
            Assert.True(drawn.Count >= Schedule.FewestScenarios);
            var used = drawn.Aggregate(TimeSpan.Zero, (sum, scenario) => sum + scenario.Length + Schedule.Between);
            Assert.True(drawn.Count == Schedule.FewestScenarios || used <= TimeSpan.FromMinutes(minutes));
            Assert.True(drawn.Count == Ten.Count || used > TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(145));
        }
    }

    [Fact]
    public void What_this_machine_cannot_play_is_left_out()
    {
        IReadOnlyList<IScenario> some = [Ten[0], new Planned("lacking", TimeSpan.FromSeconds(1)) { Lacks = "a thing" }, Ten[1]];
        for (var seed = 0; seed < 20; seed++) Assert.Equal([Ten[0], Ten[1]], Schedule.Draw(seed, TimeSpan.FromMinutes(60), some));
        Assert.Empty(Schedule.Draw(1, TimeSpan.FromMinutes(60), [new Planned("lacking", TimeSpan.FromSeconds(1)) { Lacks = "a thing" }]));
    }

    [Fact]
    public void What_this_machine_cannot_play_leaves_the_order_of_the_others_as_it_is()
    {
        IReadOnlyList<IScenario> lacking = [.. Ten.Select((scenario, number) => number == 4 ? new Planned("lacking", scenario.Length) { Lacks = "a thing" } : scenario)];
        for (var seed = 0; seed < 20; seed++)
            Assert.Equal(Schedule.Draw(seed, TimeSpan.FromHours(1), Ten).Where(scenario => scenario != Ten[4]), Schedule.Draw(seed, TimeSpan.FromHours(1), lacking));
    }

    private sealed record Planned(string Name, TimeSpan Length) : IScenario
    {
        public string About => "";

        public string? Lacks { get; init; }

        public Task RunAsync(Stage stage, CancellationToken cancel) => Task.CompletedTask;
    }
}
