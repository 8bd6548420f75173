using Im.Chaos.Scenarios;

namespace Im.Chaos;

/// <summary>Which scenarios a run plays, in which order: drawn from the seed alone, so that a seed repeats them.</summary>
public static class Schedule
{
    /// <summary>Fewer would let a seed pass on luck.</summary>
    public const int FewestScenarios = 4;

    /// <summary>What each scenario takes besides its own length: its aftermath, and until everybody is complete.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromSeconds(25);

    /// <summary>
    /// The first scenario of the list, then others in random order, each once, until the time is used up: at least <see cref="FewestScenarios"/> where there are
    /// so many. What this machine cannot play is left out, and leaves the order of the others as it is.
    /// </summary>
    public static IReadOnlyList<IScenario> Draw(int seed, TimeSpan time, IReadOnlyList<IScenario> scenarios)
    {
        if (scenarios.Count == 0) return [];
        var shuffled = scenarios.ToArray();
        new Random(seed).Shuffle(shuffled.AsSpan(1));
        var drawn = new List<IScenario>();
        var used = TimeSpan.Zero;
        foreach (var scenario in shuffled.Where(scenario => scenario.Lacks is null))
        {
            if (drawn.Count >= FewestScenarios && used + scenario.Length + Between > time) break;
            drawn.Add(scenario);
            used += scenario.Length + Between;
        }

        return drawn;
    }
}
