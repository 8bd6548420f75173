using Im.Chaos.Journals;

namespace Im.Chaos.Verdicts.Facts;

/// <summary>What was broken when, and which scenario had the system.</summary>
internal sealed class RunTimes
{
    public const string Calm = "calm";

    /// <param name="end">When the last line of the run was written.</param>
    public RunTimes(Evidence evidence, TimeSpan end)
    {
        Scenarios = [.. evidence.Scenarios.OrderBy(one => one.From)];
        Faults = [.. evidence.Faults.OrderBy(one => one.From)];
        End = end;
    }

    public IReadOnlyList<ScenarioWindow> Scenarios { get; }

    public IReadOnlyList<FaultWindow> Faults { get; }

    public TimeSpan End { get; }

    public string ScenarioAt(TimeSpan at)
    {
        foreach (var scenario in Scenarios)
            if (at >= scenario.From && at <= scenario.To) return scenario.Scenario;
        return Calm;
    }

    /// <summary>In a fault, or in the 10 s after one.</summary>
    public bool IsInFault(TimeSpan at) => IsFaultIn(at - TimeLimits.AfterFault, at);

    /// <summary>Nothing was broken from a while before to the end of this time, and no scenario was at work in it.</summary>
    public bool IsCalm(TimeSpan from, TimeSpan to) =>
        !IsFaultIn(from - TimeLimits.Aftermath, to) && !Scenarios.Any(one => one.From <= to && one.To >= from);

    public bool IsFaultIn(TimeSpan from, TimeSpan to)
    {
        foreach (var fault in Faults)
            if (fault.From <= to && fault.Healed >= from) return true;
        return false;
    }

    /// <summary>Whether no other fault was there at a heal or began for so long after it: only then it can be judged by what followed.</summary>
    public bool IsAlone(FaultWindow fault, TimeSpan peace)
    {
        foreach (var other in Faults)
            if (!ReferenceEquals(other, fault) && other.From <= fault.Healed + peace && other.Healed > fault.Healed) return false;
        return true;
    }

    /// <summary>How long after its end a session may still do something.</summary>
    public TimeSpan SessionLimit(TimeSpan ended, TimeSpan at) =>
        IsFaultIn(ended - TimeLimits.SessionEndInFault, at) ? TimeLimits.SessionEndInFault : TimeLimits.SessionEnd;
}
