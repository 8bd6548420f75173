using System.Diagnostics;
using System.Globalization;
using Im.Chaos.Verdicts;
using Im.Local;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>A run of the harness as anybody starts it, <c>./im chaos --seed N --programs DIRECTORY</c>, without the build.</summary>
internal static class HarnessRun
{
    /// <summary>Plays what the seed draws against the services in <paramref name="programs"/>. What the run says goes to the terminal, as it comes.</summary>
    /// <exception cref="InvalidOperationException">There was no verdict.</exception>
    public static async Task<Verdict> PlayAsync(string programs, int seed, CancellationToken cancel)
    {
        var (number, directory) = (seed.ToString(CultureInfo.InvariantCulture), Path.Combine(programs, "runs"));
        var tool = SolutionBinaries.Built("tools/im", "Im.Tool");
        using var run = Process.Start(SolutionBinaries.Dotnet, [tool, "chaos", "--seed", number, "--programs", programs, "--directory", directory]);
        await run.WaitForExitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!run.HasExited)
        {
            // It stops what it has started.
            ProcessIdentity.Of(run.Id)?.Terminate();
            await run.WaitForExitAsync(CancellationToken.None);
        }

        cancel.ThrowIfCancellationRequested();
        if (run.ExitCode is not (0 or 1)) throw new InvalidOperationException($"the run with seed {number} ended with status {run.ExitCode} and without a verdict");
        return VerdictFile.Read(await File.ReadAllTextAsync(Path.Combine(directory, number, "verdict.json"), cancel));
    }
}
