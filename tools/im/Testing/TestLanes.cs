using System.Globalization;
using Im.Local;

namespace Im.Tool.Testing;

/// <summary>
/// Runs jobs side by side. What a job prints is collected in a file and shown in one piece when it ends, so that two never mix; meanwhile a line
/// says now and then what runs, and in how many tests it has failed so far.
/// </summary>
/// <param name="directory">Where the files with the output are; they stay until the next run.</param>
/// <param name="screen">What the user sees.</param>
/// <param name="signOfLife">Time between two of those lines.</param>
internal sealed class TestLanes(string directory, TextWriter screen, TimeSpan signOfLife, TimeProvider time)
{
    private readonly List<Running> _running = [];

    /// <summary>Returns when all have ended and are judged, one at a time.</summary>
    /// <exception cref="OperationCanceledException">The run was ended; what the unfinished have said is shown.</exception>
    public async Task RunAsync(IEnumerable<TestJob> jobs, CancellationToken cancel)
    {
        var waiting = jobs.ToList();
        using var timer = new PeriodicTimer(signOfLife, time);
        var tick = timer.WaitForNextTickAsync(cancel).AsTask();
        try
        {
            while (waiting.Count + _running.Count > 0)
            {
                while (TestJob.Next(waiting, [.. _running.Select(one => one.Job)]) is { } next)
                {
                    waiting.Remove(next);
                    _running.Add(Begin(next, cancel));
                }

                await Task.WhenAny([tick, .. _running.Select(one => one.Status)]);
                foreach (var ended in _running.Where(one => one.Status.IsCompleted).ToList())
                {
                    var status = await ended.Status;
                    _running.Remove(ended);
                    Show(ended);
                    screen.WriteLine($"{ended.Job.Name}: {ended.Job.Judge(status)} in {Age(ended)}");
                }

                if (!tick.IsCompleted) continue;
                await tick;
                tick = timer.WaitForNextTickAsync(cancel).AsTask();
                if (_running.Count > 0) screen.WriteLine($"running: {string.Join(", ", _running.Select(Describe))}");
            }
        }
        catch (OperationCanceledException)
        {
            foreach (var one in _running)
            {
                Show(one);
                screen.WriteLine($"{one.Job.Name}: ended after {Age(one)}");
            }

            throw;
        }
    }

    private Running Begin(TestJob job, CancellationToken cancel)
    {
        screen.WriteLine($"{job.Name}…");
        var log = Path.Combine(directory, job.Name + ".log");
        File.Delete(log);
        return new Running(job, log, time.GetTimestamp(), Step.RunAsync(job.Command, SolutionBinaries.Root, log, cancel));
    }

    private void Show(Running one)
    {
        if (Said(one) is not { Count: > 0 } lines) return;
        screen.WriteLine($"--- {one.Job.Name}");
        foreach (var line in lines) screen.WriteLine(line);
    }

    private string Describe(Running one)
    {
        // As xunit tells of a failure when it happens.
        var failed = Said(one).Count(line => line.EndsWith(" [FAIL]", StringComparison.Ordinal));
        return $"{one.Job.Name} {Age(one)}{(failed > 0 ? $" ({failed} failed so far)" : "")}";
    }

    private string Age(Running one)
    {
        var age = time.GetElapsedTime(one.Since);
        return string.Create(CultureInfo.InvariantCulture, $"{(int)age.TotalMinutes}:{age.Seconds:00}");
    }

    private static List<string> Said(Running one) => File.Exists(one.Log) ? [.. File.ReadLines(one.Log)] : [];

    private sealed record Running(TestJob Job, string Log, long Since, Task<int> Status);
}
