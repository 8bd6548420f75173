using Im.Chaos.Journals;
using Im.Chaos.Load;
using Im.Chaos.Scenarios;
using Im.Chaos.Systems;
using Im.Chaos.Verdicts;
using Im.Local;

namespace Im.Chaos;

/// <summary>
/// One run: starts the system and the crowd, plays the scenarios one after the other, lets everything calm down, makes every device sync, and judges.
/// The crowd talks at full pace while something is broken and for ten seconds after it, and little in between: most of what is sent is sent into a fault.
/// </summary>
public sealed class ChaosRun(ChaosOptions options, TimeProvider time, Action<string> say)
{
    /// <summary>Of the full pace, where nothing is broken: enough to see that what is said then comes at once.</summary>
    private const double CalmShare = 0.15;

    /// <summary>After a fault the system is still busy with it: that belongs to the fault.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(10);

    /// <summary>With it the time that the promise gives a heal until messages are accepted again is over before the next scenario, which would be an excuse.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(6);

    /// <summary>With what was waited before it, longer than the promise gives a device to be back and complete: 60 s. So the verdict can tell from the journal who was not.</summary>
    private static readonly TimeSpan CompleteLimit = TimeSpan.FromSeconds(50);

    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(60), SyncLimit = TimeSpan.FromSeconds(60);

    private readonly Journal _journal = new(time);

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var scenarios = options.Scenarios ?? Schedule.Draw(options.Seed, options.Time, ScenarioCatalogue.All);
        foreach (var lacking in scenarios.Where(scenario => scenario.Lacks is not null)) throw new LocalStartException($"{lacking.Name}: {lacking.Lacks}");
        if (options.Scenarios is null || options.IsEverything)
            foreach (var lacking in ScenarioCatalogue.All.Where(scenario => scenario.Lacks is not null)) say($"left out: {lacking.Name}: {lacking.Lacks}");
        say($"seed {options.Seed}: {string.Join(", ", scenarios.Select(scenario => scenario.Name))}");
        await using var system = await ChaosSystem.StartAsync(options.Directory, Program, say, cancel);
        await using var crowd = await Crowd.GatherAsync(system, Population.Of(options.Seed, options.Devices), _journal, cancel);
        say($"{crowd.Counts.Connected} devices are connected");
        using var progress = new Progress(crowd, _journal, time, say);
        try
        {
            return await PlayAllAsync(scenarios, system, crowd, progress, cancel);
        }
        finally
        {
            if (await crowd.EndAsync() is { Count: > 0 } left) say($"a defect of the harness: of the crowd did not end: {string.Join(", ", left)}");
        }
    }

    private async Task<Verdict> PlayAllAsync(IReadOnlyList<IScenario> scenarios, ChaosSystem system, Crowd crowd, Progress progress, CancellationToken cancel)
    {
        crowd.Pace = options.Pace;
        await Task.Delay(options.WarmUp / 2, time, cancel);
        crowd.Pace = options.Pace * CalmShare;
        await Task.Delay(options.WarmUp / 2, time, cancel);
        var before = await VitalsAsync("warm-up", system, cancel);
        foreach (var (index, scenario) in scenarios.Index())
        {
            progress.Doing = scenario.Name;
            await PlayAsync(scenario, index, system, crowd, cancel);
        }

        crowd.Pace = options.Pace * CalmShare;
        progress.Doing = "calm";
        await Task.Delay(options.Calm, time, cancel);
        await crowd.FallSilentAsync(AnswerLimit, cancel);
        progress.Doing = "sync";
        await crowd.SyncAllAsync(SyncLimit, cancel);
        if (crowd.Counts.Waiting is var waiting and > 0) Found("calm", $"{waiting} sends have no answer");
        foreach (var line in Vitals.Compare(before, await VitalsAsync("calm", system, cancel))) Found("calm", line);
        await LookAfterAsync("calm", system, cancel);
        if (await crowd.CountGapsAsync(cancel) is var gaps and > 0) Found("calm", $"the ledger tells of {gaps} gaps in the log");
        progress.Doing = "verdict";
        var log = await crowd.ReadLogAsync(cancel);
        return Checker.Judge(new Evidence(
            [.. _journal.Devices], [.. _journal.Scenarios], [.. _journal.Faults], [.. _journal.MemberCalls], [.. _journal.Findings], log, crowd.Pairs));
    }

    private async Task PlayAsync(IScenario scenario, int index, ChaosSystem system, Crowd crowd, CancellationToken cancel)
    {
        var from = _journal.Now;
        crowd.Pace = options.Pace;
        var random = new Random(HashCode(options.Seed, index));
        await scenario.RunAsync(new Stage(scenario.Name, system, crowd, _journal, random, time, say), cancel);
        await Task.Delay(Aftermath, time, cancel);
        crowd.Pace = options.Pace * CalmShare;
        await Task.Delay(Recovery, time, cancel);
        await UntilCompleteAsync(crowd, cancel);
        await LookAfterAsync(scenario.Name, system, cancel);
        _journal.Add(new ScenarioWindow(scenario.Name, from, _journal.Now));
    }

    /// <summary>Waits until everybody whom a fault threw off is back, and nobody who is connected is behind.</summary>
    private async Task UntilCompleteAsync(Crowd crowd, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500), time);
        while (crowd.CountThrownOff() + crowd.CountBehind() > 0 && time.GetElapsedTime(began) < CompleteLimit) await timer.WaitForNextTickAsync(cancel);
    }

    private async Task<IReadOnlyDictionary<string, Vital>> VitalsAsync(string scenario, ChaosSystem system, CancellationToken cancel)
    {
        if (!options.ComparesVitals) return new Dictionary<string, Vital>();
        var read = await Vitals.ReadAsync(system.Services, what => Found(scenario, what), cancel);
        say(Vitals.Line(read));
        return read;
    }

    /// <summary>Nothing may die by itself, and nothing may need a hand: what a scenario has killed it has started again.</summary>
    private async Task LookAfterAsync(string scenario, ChaosSystem system, CancellationToken cancel)
    {
        foreach (var process in system.Cluster.Processes)
        {
            if (process.IsRunning && await process.IsReadyAsync(cancel)) continue;
            Found(scenario, process.IsRunning ? $"{process.Name} runs and is not ready" : $"{process.Name} ended by itself:\n{LogFile.Tail(process.LogPath)}");
            if (!process.IsRunning) await process.StartAsync(cancel);
        }
    }

    private void Found(string scenario, string what) => _journal.Add(new Finding(_journal.Now, scenario, what));

    private string Program(string service) =>
        (options.Programs is { } other ? SolutionBinaries.FindService(other, service) : null) ?? SolutionBinaries.Service(service);

    /// <summary>The same in every process, unlike the framework's own hash.</summary>
    private static int HashCode(int seed, int index) => unchecked((seed * 397) ^ (index * 7919));
}
