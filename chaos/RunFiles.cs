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
            $"`{options.Repeat}` at {await SourceCommit.FindAsync(cancel)}\n\n{Table.Markdown(verdict)}\n", cancel);
    }
}
