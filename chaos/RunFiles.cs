using System.Diagnostics;
using Im.Chaos.Verdicts;
using Im.Local;

namespace Im.Chaos;

/// <summary>What stays of a run in its directory, beside the logs: the verdict for a person, for a program and for docs/faults.md.</summary>
internal static class RunFiles
{
    public static async Task WriteAsync(ChaosOptions options, Verdict verdict, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.Directory);
        await using var text = new StreamWriter(Path.Combine(options.Directory, "verdict.txt"));
        Table.Write(verdict, text);
        await File.WriteAllTextAsync(Path.Combine(options.Directory, "verdict.json"), VerdictFile.Write(verdict), cancel);
        await File.WriteAllTextAsync(
            Path.Combine(options.Directory, "verdict.md"),
            $"`{options.Repeat}` at {await CommitAsync(cancel)}\n\n{Table.Markdown(verdict)}\n", cancel);
    }

    /// <summary>Of the sources that run; without git nobody knows.</summary>
    private static async Task<string> CommitAsync(CancellationToken cancel)
    {
        if (Programs.Find("git") is not { } git) return "an unknown commit";
        var info = new ProcessStartInfo(git, ["-C", SolutionBinaries.Root, "rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var asked = Process.Start(info)!;
        var said = (await asked.StandardOutput.ReadToEndAsync(cancel)).Trim();
        await asked.WaitForExitAsync(cancel);
        return asked.ExitCode == 0 ? said : "an unknown commit";
    }
}
