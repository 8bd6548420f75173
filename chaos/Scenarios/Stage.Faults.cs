using Im.Chaos.Wires;
using Im.Local;

namespace Im.Chaos.Scenarios;

/// <summary>The faults that several scenarios have in common.</summary>
public sealed partial class Stage
{
    /// <summary>kill -9, and a start after that time.</summary>
    public Task KillAsync(ManagedProcess process, TimeSpan away, bool accepting, CancellationToken cancel) => BreakAsync(
        $"{process.Name} killed, started again after {away.TotalSeconds:0.#} s", accepting, () => Doing(process, process.Kill), away, () => StartAsync(process), cancel);

    /// <summary>SIGSTOP, and SIGCONT after that time.</summary>
    public Task FreezeAsync(ManagedProcess process, TimeSpan length, bool accepting, CancellationToken cancel) => BreakAsync(
        $"{process.Name} frozen for {length.TotalSeconds:0.#} s",
        accepting,
        () => Doing(process, process.Pause),
        length,
        () =>
        {
            process.Resume();
            return ReadyAsync(process);
        },
        cancel);

    /// <summary>SIGTERM, and a start as soon as it has ended.</summary>
    public Task RestartAsync(ManagedProcess process, CancellationToken cancel) => BreakAsync(
        $"{process.Name} restarted by SIGTERM", accepting: true, () => Doing(process, process.Terminate), () => EndAsync(process, cancel), () => StartAsync(process));

    /// <param name="reader">Whoever is cut off, ready again when it is healed.</param>
    public Task CutAsync(Wire wire, Flow flow, TimeSpan length, ManagedProcess reader, CancellationToken cancel) => BreakAsync(
        $"{wire} cut for {length.TotalSeconds:0.#} s{(flow == Flow.Both ? "" : flow == Flow.Forward ? ", forward only" : ", back only")}",
        accepting: true,
        () =>
        {
            wire.Cut = flow;
            return Task.CompletedTask;
        },
        length,
        () =>
        {
            wire.Cut = Flow.None;
            return ReadyAsync(reader);
        },
        cancel);

    /// <summary>A length of time by chance.</summary>
    public TimeSpan Seconds(double from, double to) => TimeSpan.FromSeconds(from + Random.NextDouble() * (to - from));

    public ManagedProcess Process(string name) => System.Cluster[name];

    /// <summary>One of them by chance.</summary>
    public ManagedProcess AnyOf(params ReadOnlySpan<string> names) => Process(names[Random.Next(names.Length)]);

    private Task Doing(ManagedProcess process, Action fault)
    {
        if (!process.IsRunning) Found($"{process.Name} had ended by itself:\n{LogFile.Tail(process.LogPath)}");
        fault();
        return Task.CompletedTask;
    }

    /// <summary>It has so long to end by itself: its own limit for that is 20 s.</summary>
    private async Task EndAsync(ManagedProcess process, CancellationToken cancel)
    {
        try
        {
            await process.Exited.WaitAsync(TimeSpan.FromSeconds(30), Time, cancel);
        }
        catch (TimeoutException)
        {
            Found($"{process.Name} had not ended 30 s after SIGTERM");
            process.Kill();
        }
    }

    /// <summary>Starts what the scenario has ended; that it does not come back is a finding.</summary>
    public Task StartAsync(ManagedProcess process) => BackAsync(process, () => process.StartAsync(CancellationToken.None));

    /// <summary>Returns when it is ready again; that it is not is a finding.</summary>
    public Task ReadyAsync(ManagedProcess process) => BackAsync(process, () => process.WaitUntilReadyAsync(CancellationToken.None));

    private async Task BackAsync(ManagedProcess process, Func<Task> back)
    {
        try
        {
            await back();
        }
        catch (LocalStartException fault)
        {
            Found($"{process.Name} does not come back: {fault.Message}");
        }
    }
}
