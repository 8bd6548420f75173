using Im.Local;

namespace Im.Chaos.Tests.SeededBugs;

/// <summary>The bugs are there when they are needed: their changes fit the sources of today.</summary>
public sealed class SeededBugTests
{
    public static TheoryData<SeededBug> Bugs => [.. KnownBugs.All];

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Its_changes_fit_the_sources_of_today(SeededBug bug)
    {
        Assert.NotEmpty(bug.Edits);
        foreach (var edits in bug.Edits.GroupBy(edit => edit.File))
        {
            var source = File.ReadAllText(Path.Combine(SolutionBinaries.Root, edits.Key));
            var changed = edits.Aggregate(source, (text, edit) => edit.ApplyTo(text));
            Assert.NotEqual(source, changed);
        }
    }

    [Theory]
    [MemberData(nameof(Bugs))]
    public void Every_service_of_the_product_that_it_names_exists_and_has_what_it_changes(SeededBug bug)
    {
        Assert.NotEmpty(bug.Services);
        Assert.All(bug.Services, service => Assert.True(Directory.Exists(Path.Combine(SolutionBinaries.Root, "services", service)), service));
        Assert.All(bug.Edits, edit => Assert.Contains(
            edit.File.Split('/'), folder => folder == "shared" || bug.Services.Contains(folder)));
    }

    [Fact]
    public void There_are_eight_bugs_with_names_of_their_own() => Assert.Equal(8, KnownBugs.All.Select(bug => bug.Name).Distinct().Count());

    [Fact]
    public void A_change_whose_old_text_is_gone_fails() =>
        Assert.Contains("does not contain", Assert.Throws<InvalidOperationException>(() => new SourceEdit("a.cs", "x", "y").ApplyTo("abc")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_change_whose_old_text_stands_twice_fails() =>
        Assert.Contains("more than once", Assert.Throws<InvalidOperationException>(() => new SourceEdit("a.cs", "aa", "y").ApplyTo("aaa")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_change_leaves_what_stands_around_it() => Assert.Equal("1y3", new SourceEdit("a.cs", "2", "y").ApplyTo("123"));
}
