using System.Globalization;
using System.Text;

namespace Im.Chaos.Verdicts;

/// <summary>A verdict in words: the table of the scenarios, and the violations with their proof.</summary>
public static class Table
{
    private const int ShownInFull = 20;

    private static readonly (string Head, string Meaning, Func<ScenarioRow, string> Cell)[] Columns =
    [
        ("scenario", "in whose time the messages were sent first; calm: in nobody's", row => row.Scenario),
        ("sends", "messages, each counted once however often it was repeated", row => Number(row.Sends)),
        ("in faults", "those of them sent in a fault or in the 10 s after it", row => Number(row.InFault)),
        ("accepted", "answered with their place", row => Number(row.Accepted)),
        ("unanswered", "neither accepted nor refused for good: stored once for everybody, or nowhere", row => Number(row.Unanswered)),
        ("delivered", "first arrivals at devices", row => Number(row.Delivered)),
        ("repeats", "arrivals at bare devices of what they held already", row => Number(row.Repeats)),
        ("lost", "violations: accepted or stored, and not where it should be", row => Number(row.Lost)),
        ("doubled", "violations: one message at two places, or twice for an application", row => Number(row.Doubled)),
        ("disorder", "violations: out of order, or with a hole", row => Number(row.OutOfOrder)),
        ("leaked", "violations: at somebody who was no member there", row => Number(row.Leaked)),
        ("outage", "the longest time in which nothing was accepted though something was waiting, in seconds", row => Seconds(row.Outage)),
        ("accepting", "the longest time from a heal to the next message accepted, in seconds", row => Seconds(row.Accepting)),
        ("complete", "the longest time from a heal until all that stayed connected held what had been stored before it, in seconds", row => Seconds(row.Complete)),
    ];

    private static readonly Dictionary<ViolationKind, string> Kinds = new()
    {
        [ViolationKind.Lost] = "accepted, or answered as a change of members, and not where it should be",
        [ViolationKind.Doubled] = "one message at two places, or twice for an application",
        [ViolationKind.OutOfOrder] = "a place before or on top of another, or a hole",
        [ViolationKind.Leaked] = "somebody got what he was no member for",
        [ViolationKind.Contradiction] = "two answers to one message differ, or a device holds something else than the log",
        [ViolationKind.Intrusion] = "stored for one who was no member any more, or whose session had ended",
        [ViolationKind.FalseReceipt] = "a receipt for what no device had acknowledged",
        [ViolationKind.EndedSession] = "a session sent or received after its end",
        [ViolationKind.Late] = "a time limit of the promise was missed",
        [ViolationKind.Finding] = "what else a scenario or the end of the run found: a process that died by itself, memory that does not come back; no message need be hurt by it",
    };

    /// <summary>Aligned, for a terminal, with what each column means and every violation.</summary>
    public static void Write(Verdict verdict, TextWriter output)
    {
        var text = new StringBuilder();
        WriteRows(text, verdict, Columns.Select((column, i) => Rows(verdict).Max(row => row[i].Length)).ToArray());
        text.Append('\n');
        foreach (var (head, meaning, _) in Columns) text.Append(CultureInfo.InvariantCulture, $"  {head,-11} {meaning}\n");
        text.Append('\n');
        WriteViolations(text, verdict);
        output.Write(text);
    }

    /// <summary>The same table in Markdown, for docs/faults.md.</summary>
    public static string Markdown(Verdict verdict)
    {
        var text = new StringBuilder();
        var rows = Rows(verdict).ToArray();
        text.Append("| ").AppendJoin(" | ", rows[0]).Append(" |\n|---|").Append(string.Concat(Enumerable.Repeat("---:|", Columns.Length - 1))).Append('\n');
        foreach (var row in rows.Skip(1)) text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return text.ToString();
    }

    private static void WriteRows(StringBuilder text, Verdict verdict, int[] widths)
    {
        foreach (var row in Rows(verdict))
        {
            text.Append(row[0].PadRight(widths[0]));
            for (var i = 1; i < row.Length; i++) text.Append("  ").Append(row[i].PadLeft(widths[i]));
            text.Append('\n');
        }
    }

    private static IEnumerable<string[]> Rows(Verdict verdict)
    {
        yield return Array.ConvertAll(Columns, column => column.Head);
        foreach (var row in verdict.Rows) yield return Array.ConvertAll(Columns, column => column.Cell(row));
        if (verdict.Rows.Count > 1) yield return Array.ConvertAll(Columns, column => column.Cell(Sum(verdict.Rows)));
    }

    private static ScenarioRow Sum(IReadOnlyList<ScenarioRow> rows) => new(
        "all",
        rows.Sum(one => one.Sends),
        rows.Sum(one => one.InFault),
        rows.Sum(one => one.Accepted),
        rows.Sum(one => one.Unanswered),
        rows.Sum(one => one.Delivered),
        rows.Sum(one => one.Repeats),
        rows.Sum(one => one.Lost),
        rows.Sum(one => one.Doubled),
        rows.Sum(one => one.OutOfOrder),
        rows.Sum(one => one.Leaked),
        rows.Max(one => one.Outage),
        rows.Max(one => one.Accepting),
        rows.Max(one => one.Complete));

    private static void WriteViolations(StringBuilder text, Verdict verdict)
    {
        if (verdict.IsGood)
        {
            text.Append("no violation\n");
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"{verdict.Violations.Count} violations: ");
        text.AppendJoin(", ", CountsOf(verdict.Violations)).Append('\n');
        foreach (var kind in verdict.Violations.Select(one => one.Kind).Distinct().Order()) text.Append(CultureInfo.InvariantCulture, $"  {kind,-13} {Kinds[kind]}\n");
        foreach (var violation in verdict.Violations.Take(ShownInFull))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{violation.Kind} ({violation.Scenario}): {violation.What}\n");
            foreach (var line in violation.Proof) text.Append("    ").Append(line).Append('\n');
        }

        if (verdict.Violations.Count <= ShownInFull) return;
        text.Append("\nand besides: ").AppendJoin(", ", CountsOf(verdict.Violations.Skip(ShownInFull))).Append('\n');
    }

    private static IEnumerable<string> CountsOf(IEnumerable<Violation> violations) =>
        violations.GroupBy(one => one.Kind).OrderBy(group => group.Key).Select(group => $"{group.Key} {Number(group.Count())}");

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan? time) => time is { } known ? known.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) : "-";
}
