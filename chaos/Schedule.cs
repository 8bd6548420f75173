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
    /// so many. What this machine cannot play is left out.
    /// </summary>
    public static IReadOnlyList<IScenario> Draw(int seed, TimeSpan time, IReadOnlyList<IScenario> scenarios)
    {
        var playable = scenarios.Where(scenario => scenario.Lacks is null).ToArray();
        if (playable.Length == 0) return [];
        new Random(seed).Shuffle(playable.AsSpan(1));
        var drawn = new List<IScenario>();
        var used = TimeSpan.Zero;
        foreach (var scenario in playable)
        {
            if (drawn.Count >= FewestScenarios && used + scenario.Length + Between > time) break;
            drawn.Add(scenario);
            used += scenario.Length + Between;
        }

        return drawn;
    }
}
