using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>
/// The checker is checked: each bug is built, put in the product's place, and found by what the harness plays anyway. Hours of work for the machine, so it
/// is asked for: <c>docs/faults.md</c> has the command. A verdict has to name the bug's own sign; another violation does not count.
/// </summary>
public sealed class CaughtTests
{
    /// <summary>One after the other until the bug is found. The same for every bug: none has seeds that suit it.</summary>
    private static readonly int[] Seeds = [1, 2, 3];

    /// <summary>A trait each, to ask for one alone: <c>-preEnumerateTheories -trait bug=no-dedupe</c>.</summary>
    public static TheoryData<string> Bugs => [.. KnownBugs.All.Select(bug => new TheoryDataRow<string>(bug.Name).WithTrait("bug", bug.Name))];

    [Theory(Explicit = true)]
    [MemberData(nameof(Bugs))]
    public async Task The_normal_schedule_finds_it_within_three_runs(string name)
    {
        var (bug, cancel) = (KnownBugs.All.Single(bug => bug.Name == name), TestContext.Current.CancellationToken);
        var programs = await SeededBuild.MakeAsync(bug, cancel);
        var found = new List<Violation>();
        foreach (var seed in Seeds)
        {
            var violations = (await HarnessRun.PlayAsync(programs, seed, cancel)).Violations;
            if (violations.FirstOrDefault(bug.IsSign) is { } sign)
            {
                Say($"{bug}: found with seed {seed}, {violations.Count(bug.IsSign)} times, first: {sign.Kind} ({sign.Scenario}): {sign.What}");
                return;
            }

            found.AddRange(violations);
        }

        Assert.Fail($"{bug} was not found; what was: {string.Join('\n', found.Take(20).Select(one => $"{one.Kind}: {one.What}"))}");
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
