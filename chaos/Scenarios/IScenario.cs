namespace Im.Chaos.Scenarios;

/// <summary>One way of breaking things, one file each. It leaves everything whole: whatever it broke it heals, also when it is cancelled.</summary>
public interface IScenario
{
    /// <summary>For the command line and the tables, as <c>gateway-frozen</c>.</summary>
    string Name { get; }

    /// <summary>One line: what breaks, how often, for how long.</summary>
    string About { get; }

    /// <summary>How long <see cref="RunAsync"/> usually takes: the schedule counts with it.</summary>
    TimeSpan Length { get; }

    /// <summary>What this machine lacks for it, in words that say what to do; null where nothing is missing.</summary>
    string? Lacks => null;

    Task RunAsync(Stage stage, CancellationToken cancel);
}
