using Im.Chaos.Journals;
using Im.Chaos.Load;
using Im.Chaos.Systems;

namespace Im.Chaos.Scenarios;

/// <summary>What a scenario works with. Every fault goes through <c>BreakAsync</c>, so that the journal knows what was broken when.</summary>
/// <param name="random">Drawn from the seed and the scenario's place in the schedule, so that a seed repeats its choices.</param>
public sealed partial class Stage(string scenario, ChaosSystem system, Crowd crowd, Journal journal, Random random, TimeProvider time, Action<string> say)
{
    public ChaosSystem System { get; } = system;

    public Crowd Crowd { get; } = crowd;

    public Journal Journal { get; } = journal;

    public Random Random { get; } = random;

    public TimeProvider Time { get; } = time;

    /// <summary>Breaks something for a while and heals it.</summary>
    /// <param name="what">In words, as <c>gateway-1 frozen for 20 s</c>.</param>
    /// <param name="accepting">Whether messages are to be accepted all through it.</param>
    /// <param name="heal">Returns when the failed part answers again. It runs in any case.</param>
    public Task BreakAsync(string what, bool accepting, Func<Task> breaks, TimeSpan length, Func<Task> heal, CancellationToken cancel) =>
        BreakAsync(what, accepting, breaks, () => Task.Delay(length, Time, cancel), heal);

    /// <param name="until">Returns when it was broken for long enough.</param>
    /// <inheritdoc cref="BreakAsync(string, bool, Func{Task}, TimeSpan, Func{Task}, CancellationToken)"/>
    public async Task BreakAsync(string what, bool accepting, Func<Task> breaks, Func<Task> until, Func<Task> heal)
    {
        Say(what);
        var from = Journal.Now;
        try
        {
            await breaks();
            await until();
        }
        finally
        {
            await heal();
            Journal.Add(new FaultWindow(scenario, what, from, Journal.Now, accepting));
        }
    }

    /// <summary>Time for the system to be hit again while it still recovers, or not; the load goes on.</summary>
    public Task PauseAsync(TimeSpan length, CancellationToken cancel) => Task.Delay(length, Time, cancel);

    /// <summary>A line for whoever watches the run.</summary>
    public void Say(string line) => say($"{scenario}: {line}");

    /// <summary>Something is not as it should be: a violation of the run.</summary>
    public void Found(string what) => Journal.Add(new Finding(Journal.Now, scenario, what));
}
