using System.CommandLine;

namespace Im.Tool;

/// <summary>A command line that means nothing: what is wrong with it, what was perhaps meant, and where to read on. Status 2.</summary>
internal static class Misread
{
    public static int Explain(ParseResult parsed, TextWriter output)
    {
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && command.Action is null && parsed.UnmatchedTokens is [var unknown, ..])
        {
            var meant = Like(unknown, command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name));
            output.WriteLine($"there is no command '{unknown}'{(meant is null ? "" : $"; did you mean '{meant}'?")}");
        }
        else
        {
            foreach (var error in parsed.Errors) output.WriteLine(error.Message);
        }

        output.WriteLine($"'./im {(command.Parents.Any() ? $"{command.Name} " : "")}--help' says what there is");
        return 2;
    }

    /// <summary>The name that is nearest, unless none is near.</summary>
    internal static string? Like(string word, IEnumerable<string> names) =>
        names.Select(name => (Name: name, Distance: Distance(word, name))).Where(name => name.Distance <= Math.Max(1, name.Name.Length / 2))
            .OrderBy(name => name.Distance).Select(name => name.Name).FirstOrDefault();

    /// <summary>Letters to change, to add or to leave out (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + (one[i - 1] == other[j - 1] ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1));
        }

        return row[^1];
    }
}
