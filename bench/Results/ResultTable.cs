using System.Globalization;
using System.Text;
using Im.Bench.Scenarios;

namespace Im.Bench.Results;

/// <summary>What a scenario came to, as Markdown: the medians, ours beside the others, then every run.</summary>
internal static class ResultTable
{
    public static string Line(Scenario scenario, Figures figures) =>
        string.Join(", ", scenario.Columns.Select(column => $"{column.Head} {column.Cell(figures)}")) + (figures.Failed ? $": FAILED {string.Join("; ", figures.Broken.Take(3))}" : "");

    public static string Markdown(Outcome outcome, string title, IReadOnlyList<string> machine)
    {
        var (options, columns) = (outcome.Options, outcome.Options.Scenario.Columns);
        var text = new StringBuilder();
        text.Append(title).Append("\n\n");
        foreach (var line in machine) text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        foreach (var subject in options.Subjects.Where(subject => outcome.Facts.ContainsKey(subject.Name)))
            text.Append(CultureInfo.InvariantCulture, $"- {subject.Name}: {string.Join(", ", [subject.About, .. outcome.Facts[subject.Name]])}\n");
        text.Append(CultureInfo.InvariantCulture, $"\nMedians of {outcome.Runs.Max(run => run.Round)} rounds of {options.Seconds} s each, {options.Warmup} s after the load began.{options.Scenario.Note}\n\n");
        AppendHead("setup");
        foreach (var setup in options.Setups)
        {
            foreach (var subject in options.Subjects)
                if (outcome.MedianOf(subject, setup) is { } median) AppendRow(setup.Name, subject.Name, median);
        }

        foreach (var line in options.Scenario.Remarks(outcome)) text.Append(CultureInfo.InvariantCulture, $"\n{line}\n");

        text.Append("\nEvery run:\n\n");
        AppendHead("round, setup");
        foreach (var run in outcome.Runs) AppendRow($"{run.Round}, {run.Setup}", run.Subject, run.Figures);
        return text.ToString();

        void AppendHead(string first) => text
            .Append(CultureInfo.InvariantCulture, $"| {first} | system | {string.Join(" | ", columns.Select(column => column.Head))} |\n")
            .Append('|').Insert(text.Length, "---|", columns.Count + 2).Append('\n');

        void AppendRow(string setup, string subject, Figures figures) => text.Append(CultureInfo.InvariantCulture, $"| {setup} | {subject} | {string.Join(" | ", columns.Select(column => column.Cell(figures)))} |\n");
    }
}
