using System.Diagnostics;
using Im.Local;

namespace Im.Tool.Testing;

/// <summary>A program that the test run starts; nothing that it has started outlives it.</summary>
internal static class Step
{
    /// <summary>Everything that is printed goes into the file that is named first.</summary>
    private const string Collect = "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null";

    /// <summary>Runs it to its end and answers with its exit status.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="directory">Where it runs.</param>
    /// <param name="log">File for its output, written anew; without it its output is the run's output.</param>
    /// <param name="cancel">Ends the wait alone: whoever cancels ends the whole run, and with it everything that runs.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> command, string directory, string? log, CancellationToken cancel)
    {
        string[] kept = [SolutionBinaries.Dotnet, OwnProgram.Built(Path.Combine("tools", "im"), "Im.Tool"), StepKeeper.Command, "--", .. command];
        var info = log is null ? new ProcessStartInfo(kept[0], kept.Skip(1)) : new ProcessStartInfo("/bin/sh", ["-c", Collect, "sh", log, .. kept]);
        info.WorkingDirectory = directory;
        // Build servers would outlive the run.
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        info.Environment["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1";
        using var process = Process.Start(info) ?? throw new LocalStartException($"{command[0]} did not start");
        await process.WaitForExitAsync(cancel);
        return process.ExitCode;
    }
}
