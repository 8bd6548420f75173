using System.Text.RegularExpressions;

namespace Im.Abuse.Tests;

/// <summary>docs/abuse.md promises a test or a reason for each case. A test that was renamed or removed, or a line that was forgotten, is found here.</summary>
public sealed partial class CaseListTests
{
    /// <summary>The numbers of the list; those between them were never given.</summary>
    private static readonly int[] Numbers =
    [
        1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 19, 20, 21, 23, 24, 25, 27, 28, 29, 30, 32, 33, 34, 36, 37, 38, 39, 40, 41, 42, 43, 45, 46, 48, 49, 50,
        51, 52, 53, 55, 56, 57, 59, 60, 61, 63, 64, 65, 66, 67, 69, 71, 72, 73, 75, 77, 78, 79, 82, 83, 84, 85, 87, 88, 89, 90, 91, 92,
    ];

    private const string NoTest = "No test:";

    private sealed record Case(int Number, string Proof)
    {
        public IReadOnlyList<string> Tests => [.. TestName().Matches(Proof).Select(match => match.Groups[1].Value)];
    }

    [Fact]
    public void Every_number_has_its_line_in_order() => Assert.Equal(Numbers, Cases().Select(one => one.Number));

    [Fact]
    public void Every_line_names_a_test_or_a_reason() =>
        Assert.All(Cases(), one => Assert.True(
            one.Tests.Count > 0 || one.Proof.Length > NoTest.Length + 20 && one.Proof.StartsWith(NoTest, StringComparison.Ordinal),
            $"{one.Number} names neither a test (`Class.Method`) nor a reason ({NoTest} …)"));

    [Fact]
    public void Every_test_that_is_named_exists_and_bears_the_number()
    {
        var named = Cases().SelectMany(one => one.Tests.Select(test => $"{one.Number} {test}")).ToHashSet();
        var marked = Marked().ToHashSet();
        Assert.True(named.SetEquals(marked), $"only in docs/abuse.md: {Text(named.Except(marked))}; only in the tests: {Text(marked.Except(named))}");
    }

    private static string Text(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "none";

    private static IReadOnlyList<Case> Cases() =>
    [
        .. from line in File.ReadLines(Path.Combine(Repository.Root, "docs", "abuse.md"))
           let match = Line().Match(line)
           where match.Success
           select new Case(int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), match.Groups[2].Value.Trim()),
    ];

    /// <summary>Number and name of every test method with the trait, read from the sources: the test programs of other folders are not built with this one.</summary>
    private static IEnumerable<string> Marked()
    {
        foreach (var (_, text) in Repository.Files(["tests"], ".cs"))
        {
            var classes = ClassName().Matches(text);
            foreach (Match mark in Mark().Matches(text))
            {
                var owner = classes.Last(one => one.Index < mark.Index).Groups[1].Value;
                var method = MethodName().Match(text, mark.Index).Groups[1].Value;
                yield return $"{mark.Groups[1].Value} {owner}.{method}";
            }
        }
    }

    [GeneratedRegex(@"^\| (\d+) \|[^|]*\|[^|]*\|([^|]*)\|$")]
    private static partial Regex Line();

    [GeneratedRegex(@"`(\w+\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"^(?:public |internal )?(?:abstract |sealed |static |partial )*class (\w+)", RegexOptions.Multiline)]
    private static partial Regex ClassName();

    [GeneratedRegex(@"^    \[Trait\(""abuse"", ""(\d+)""\)\]", RegexOptions.Multiline)]
    private static partial Regex Mark();

    [GeneratedRegex(@"public (?:async )?(?:void|Task) (\w+)\(")]
    private static partial Regex MethodName();
}
