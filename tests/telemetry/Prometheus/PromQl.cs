using System.Text.RegularExpressions;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>A condition on a label, as <c>im_code="unavailable"</c>.</summary>
public sealed record Matcher(string Label, string Operator, string Value);

/// <summary>A metric in an expression, with the labels that the expression takes it to have.</summary>
/// <param name="Grouped">By which it is grouped or joined; <c>le</c> too.</param>
public sealed record Selector(string Metric, IReadOnlyList<Matcher> Matchers, IReadOnlyList<string> Grouped)
{
    public IEnumerable<string> Labels => Matchers.Select(one => one.Label).Concat(Grouped).Distinct();

    public override string ToString() => $"{Metric}{{{string.Join(',', Matchers.Select(one => $"{one.Label}{one.Operator}\"{one.Value}\""))}}} by ({string.Join(',', Grouped)})";
}

/// <summary>Which metrics and labels an expression names. It has to be a valid one, with <c>by</c> before what is grouped: promtool sees to the first, this to the second.</summary>
public static partial class PromQl
{
    private static readonly HashSet<string> Words = ["and", "or", "unless", "offset", "bool"];

    public static IReadOnlyList<Selector> Selectors(string expression)
    {
        var tokens = Token().Matches(expression).Select(match => match.Value).ToList();
        var (found, open) = (new List<Selector>(), new Stack<IReadOnlyList<string>>());
        IReadOnlyList<string> pending = [], joined = [];
        for (var at = 0; at < tokens.Count; at++)
        {
            var (token, next) = (tokens[at], tokens.ElementAtOrDefault(at + 1));
            if (token is "by" or "on")
            {
                var labels = Names(tokens, ref at);
                if (token == "on") joined = [.. joined, .. labels];
                else pending = tokens.ElementAtOrDefault(at + 1) == "(" ? labels : throw new FormatException($"by stands before what is grouped: {expression}");
            }
            else if (token is "without" or "ignoring" or "group_left" or "group_right")
            {
                throw new FormatException($"nobody says which labels {token} leaves: {expression}");
            }
            else if (token == "(")
            {
                open.Push(pending);
                pending = [];
            }
            else if (token == ")")
            {
                open.Pop();
            }
            else if (IsName(token) && next is not ("(" or "by") && !Words.Contains(token))
            {
                found.Add(new Selector(token, next == "{" ? Matchers(tokens, ref at) : [], [.. open.SelectMany(labels => labels).Distinct()]));
            }
        }

        return [.. found.Select(one => one with { Grouped = [.. one.Grouped.Concat(joined).Distinct()] })];
    }

    /// <summary>From the word before the bracket to the closing one.</summary>
    private static List<string> Names(List<string> tokens, ref int at)
    {
        var end = tokens.IndexOf(")", at);
        var names = tokens.GetRange(at + 2, end - at - 2).Where(token => token != ",").ToList();
        at = end;
        return names;
    }

    /// <summary>From the metric to the closing brace.</summary>
    private static List<Matcher> Matchers(List<string> tokens, ref int at)
    {
        var end = tokens.IndexOf("}", at);
        var matchers = new List<Matcher>();
        for (at += 2; at < end; at += 4) matchers.Add(new Matcher(tokens[at], tokens[at + 1], tokens[at + 2].Trim('"')));
        at = end;
        return matchers;
    }

    private static bool IsName(string token) => char.IsAsciiLetter(token[0]) || token[0] is '_' or ':';

    /// <summary>Strings, names, numbers with their units, operators of two characters, any other character.</summary>
    [GeneratedRegex("""
        "[^"]*"|[a-zA-Z_:][\w:]*|[0-9][\w.]*|=~|!~|!=|==|<=|>=|[^\s]
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();
}
