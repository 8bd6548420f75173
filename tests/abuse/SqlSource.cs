using System.Text.RegularExpressions;

namespace Im.Abuse.Tests;

/// <summary>What stands in the holes of interpolated strings that are SQL.</summary>
internal static partial class SqlSource
{
    public static IReadOnlyList<string> Holes(string source)
    {
        var holes = new List<string>();
        for (var at = source.IndexOf("$\"", StringComparison.Ordinal); at >= 0; at = source.IndexOf("$\"", at + 1, StringComparison.Ordinal))
        {
            var (text, own) = Read(source, at + 1);
            if (Sql().IsMatch(text)) holes.AddRange(own);
        }

        return holes;
    }

    /// <summary>
    /// Constants and static texts (a name of one word that begins with a capital), one of two texts that stand there, words of the database's own dialect, and the few local names below.
    /// </summary>
    public static bool IsHarmless(string hole) =>
        Constant().IsMatch(hole) || Choice().IsMatch(hole) || Number().IsMatch(hole)
        || hole.StartsWith("database.", StringComparison.Ordinal) || Known.Contains(hole);

    /// <summary>
    /// SQL that its own method has just made of constants (<c>one</c>, <c>except</c>, <c>which</c>), names of parameters, and rows of numbers.
    /// </summary>
    private static readonly string[] Known = ["one", "except", "which", "rows", "one.Key", "one.Value", "column", "parameter", "insert", "place", "shards", "revisions"];

    /// <summary>The text outside of the holes, and the holes.</summary>
    private static (string Text, List<string> Holes) Read(string source, int quote)
    {
        var end = source.AsSpan(quote).StartsWith("\"\"\"") ? "\"\"\"" : "\"";
        var (text, holes, place) = (new System.Text.StringBuilder(), new List<string>(), quote + end.Length);
        while (place < source.Length && !source.AsSpan(place).StartsWith(end))
        {
            if (source[place] == '\\' && end.Length == 1)
            {
                place += 2;
            }
            else if (source[place] == '{' && source[place + 1] == '{')
            {
                place += 2;
            }
            else if (source[place] == '{')
            {
                var begin = place;
                for (var depth = 0; place < source.Length; place++)
                {
                    if (source[place] == '{') depth++;
                    if (source[place] == '}' && --depth == 0) break;
                }

                holes.Add(source[(begin + 1)..place]);
                place++;
            }
            else
            {
                text.Append(source[place++]);
            }
        }

        return (text.ToString(), holes);
    }

    [GeneratedRegex(@"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|VALUES|LISTEN|NOTIFY)\b")]
    private static partial Regex Sql();

    /// <summary>A constant, or SQL made by a method of names of parameters alone.</summary>
    [GeneratedRegex(@"^[A-Z]\w*(\((""[$@]\w+""(, )?)+\))?$")]
    private static partial Regex Constant();

    [GeneratedRegex(@"^\([\w .]+ \? ""[A-Z ]*"" : ""[A-Z ]*""\)$")]
    private static partial Regex Choice();

    /// <summary>A member of an enumeration as its number.</summary>
    [GeneratedRegex(@"^\(int\)[A-Z]\w*\.[A-Z]\w*$")]
    private static partial Regex Number();
}
