using System.Diagnostics;
using Im.Local;

namespace Im.Tool.Testing;

/// <summary>A program that the test run starts: its output is the run's output, and nothing that it has started outlives the step.</summary>
internal static class Step
{
    /// <summary>Runs it to its end and answers with its exit status.</summary>
    /// <exception cref="OperationCanceledException">The run was ended; nothing of the program is left.</exception>
    public static async Task<int> RunAsync(string program, IEnumerable<string> arguments, string directory, CancellationToken cancel)
    {
        var info = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory };
        // Build servers would outlive the run.
        info.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        info.Environment["PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"] = "1";
        using var process = Process.Start(info) ?? throw new LocalStartException($"{program} did not start");
        try
        {
            await process.WaitForExitAsync(cancel);
            return process.ExitCode;
        }
        finally
        {
            Descendants.Kill();
        }
    }
}
