using System.Text.Json;
using Im.Bench.Scenarios;
using Im.Local;

namespace Im.Bench.Results;

/// <summary>What stays of a scenario: for people as Markdown, for programs as JSON, under the scenario's name. An older one is replaced.</summary>
internal static class ResultFiles
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>The Markdown, and where it was written.</returns>
    public static async Task<(string Markdown, string Path)> WriteAsync(Outcome outcome, string command, CancellationToken cancel)
    {
        var commit = await SourceCommit.FindAsync(cancel);
        var machine = Machine.Facts();
        var title = $"# {outcome.Options.Scenario.Name}\n\n`{command}` at {commit}, {DateTimeOffset.UtcNow:yyyy-MM-dd}: {outcome.Options.Scenario.About}.";
        var markdown = ResultTable.Markdown(outcome, title, machine);
        var directory = outcome.Options.Results ?? Path.Combine(SolutionBinaries.Root, "bench", "results");
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, outcome.Options.Scenario.Name + ".md");
        await File.WriteAllTextAsync(path, markdown, cancel);
        var all = new { Command = command, Commit = commit, At = DateTimeOffset.UtcNow, Machine = machine, outcome.Facts, outcome.Runs };
        await File.WriteAllTextAsync(Path.ChangeExtension(path, ".json"), JsonSerializer.Serialize(all, Json) + "\n", cancel);
        return (markdown, path);
    }
}
