using Im.Bench.Results;
using Im.Bench.Subjects;
using Im.Local;

namespace Im.Bench.Scenarios;

/// <summary>
/// A scenario on all its subjects. The round is outermost: between two runs of a subject lie those of the others, so that a machine that grows slower does so for all of
/// them, and each round begins with processes that were just started.
/// </summary>
/// <param name="keep">Called with all that there is after each round: what breaks off the next one does not cost those before.</param>
internal sealed class Comparison(ScenarioOptions options, Action<string> say, Func<Outcome, Task> keep)
{
    public async Task<Outcome> RunAsync(CancellationToken cancel)
    {
        var runs = new List<Run>();
        var facts = new Dictionary<string, IReadOnlyList<string>>();
        var here = Installed(facts);
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var subject in here)
            {
                foreach (var setups in options.SetupsOf(subject).Chunk(options.Scenario.StartsAnew ? 1 : int.MaxValue))
                {
                    say($"round {round} of {options.Rounds}: {subject.Name} starts");
                    await using var running = await subject.StartAsync(DirectoryOf(subject), cancel);
                    facts[subject.Name] = running.Facts;
                    foreach (var setup in setups)
                    {
                        var figures = await running.LoadAsync(Sized(setup.Options), cancel);
                        runs.Add(new Run(round, subject.Name, setup.Name, figures));
                        say($"round {round} of {options.Rounds}: {subject.Name}: {setup.Name}: {ResultTable.Line(options.Scenario, figures)}");
                    }
                }
            }

            await keep(new Outcome(options, runs, facts));
        }

        return new Outcome(options, runs, facts);
    }

    /// <summary>Those that can run here. Of the others is said what they lack.</summary>
    private List<Subject> Installed(Dictionary<string, IReadOnlyList<string>> facts)
    {
        var here = new List<Subject>();
        foreach (var subject in options.Subjects.Where(subject => options.SetupsOf(subject).Any()))
        {
            if (subject.Missing() is not { } missing)
            {
                here.Add(subject);
                continue;
            }

            facts[subject.Name] = [$"skipped: {missing}"];
            say($"{subject.Name}: skipped: {missing}");
        }

        return here.Count > 0 ? here : throw new LocalStartException("none of the systems is installed");
    }

    private BenchOptions Sized(BenchOptions setup) => setup with { Users = setup.Connections, Seconds = options.Seconds, Warmup = options.Warmup };

    private string DirectoryOf(Subject subject) =>
        Path.Combine(options.Directory ?? Path.Combine(SolutionBinaries.Root, ".im", "bench"), subject.Home);
}

/// <summary>One load of one subject.</summary>
internal sealed record Run(int Round, string Subject, string Setup, Figures Figures);

/// <param name="Facts">Of each subject, what belongs to its figures.</param>
internal sealed record Outcome(ScenarioOptions Options, IReadOnlyList<Run> Runs, IReadOnlyDictionary<string, IReadOnlyList<string>> Facts)
{
    /// <summary>Null where it has not run.</summary>
    public Figures? MedianOf(Subject subject, Setup setup) =>
        Runs.Where(run => run.Setup == setup.Name && run.Subject == subject.Name).Select(run => run.Figures).ToList() is { Count: > 0 } figures ? Medians.Of(figures) : null;

    public bool Failed => Runs.Any(run => run.Figures.Failed);
}
