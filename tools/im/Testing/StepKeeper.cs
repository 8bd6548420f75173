using System.Diagnostics;
using Im.Local;

namespace Im.Tool.Testing;

/// <summary>
/// A process between the test run and the program of one step: what the program leaves behind when it ends becomes a child of this process and ends
/// with it. Steps run side by side; the run itself could not tell whose orphan it adopted.
/// </summary>
internal static class StepKeeper
{
    public const string Command = "keep";

    /// <summary>Runs the program to its end and answers with its exit status; nothing of what it has started is left.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken cancel)
    {
        Descendants.Keep();
        try
        {
            var info = new ProcessStartInfo(command[0], command.Skip(1));
            using var program = Process.Start(info) ?? throw new LocalStartException($"{command[0]} did not start");
            await program.WaitForExitAsync(cancel);
            return program.ExitCode;
        }
        finally
        {
            Descendants.Kill();
        }
    }
}
