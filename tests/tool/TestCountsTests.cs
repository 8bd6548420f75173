using Im.Tool.Testing;

namespace Im.Tool.Tests;

/// <summary>The summary of a test run counts everything once and is never better than the run was.</summary>
public sealed class TestCountsTests
{
    private static readonly int[] Values = [0, 1, 7];

    public static TheoryData<int, int, int, int> Grid =>
        [.. from passed in Values from failed in Values from skipped in Values from errors in Values select (passed, failed, skipped, errors)];

    private static string Assembly(int passed, int failed, int skipped, int errors = 0) =>
        $"""<assembly name="A.dll" total="{passed + failed + skipped}" passed="{passed}" failed="{failed}" skipped="{skipped}" errors="{errors}" not-run="3" />""";

    private static string Report(params string[] assemblies) => $"<assemblies>{string.Concat(assemblies)}</assemblies>";

    [Theory]
    [MemberData(nameof(Grid))]
    public void A_report_is_summed_up(int passed, int failed, int skipped, int errors)
    {
        var counts = TestCounts.Parse(Report(Assembly(passed, failed, skipped, errors), Assembly(1, 2, 4)));
        Assert.Equal(new TestCounts(passed + 1, failed + errors + 2, skipped + 4), counts);
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void A_status_that_contradicts_the_report_is_a_failure(int passed, int failed, int skipped, int errors)
    {
        var report = Report(Assembly(passed, failed, skipped, errors));
        Assert.Equal(failed + errors, TestCounts.FromRun(0, report).Failed);
        Assert.Equal(Math.Max(1, failed + errors), TestCounts.FromRun(134, report).Failed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("<assemblies><assembly")]
    [InlineData("<html />")]
    [InlineData("<assemblies><assembly passed=\"1\" /></assemblies>")]
    [InlineData("<assemblies><assembly passed=\"-1\" failed=\"0\" errors=\"0\" skipped=\"0\" /></assemblies>")]
    [InlineData("<assemblies><assembly passed=\"99999999999\" failed=\"0\" errors=\"0\" skipped=\"0\" /></assemblies>")]
    public void A_project_without_a_readable_report_has_crashed(string? report)
    {
        Assert.Equal(TestCounts.OneFailure, TestCounts.FromRun(0, report));
        Assert.Equal(TestCounts.OneFailure, TestCounts.FromRun(139, report));
    }

    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(0, 0, 5, false)]
    [InlineData(1, 0, 0, true)]
    [InlineData(1, 0, 1, true)]
    [InlineData(9, 1, 0, false)]
    public void A_run_is_good_if_something_passed_and_nothing_failed(int passed, int failed, int skipped, bool good) =>
        Assert.Equal(good, new TestCounts(passed, failed, skipped).IsGood);

    [Fact]
    public void The_last_line_has_its_form() =>
        Assert.Equal("1200 passed, 3 failed, 0 skipped", new TestCounts(1200, 3, 0).ToString());

    [Fact]
    public void Words_of_the_command_line_are_parts_of_names_and_options_go_through()
    {
        Assert.Equal(["-method", "*Redis*", "-method", "*Bus*"], TestProject.Filters(["Redis", "Bus"]));
        Assert.Equal(["-class", "Im.A"], TestProject.Filters(["-class", "Im.A"]));
        Assert.Equal(["-method", "*x*", "-class", "Im.A"], TestProject.Filters(["x", "-class", "Im.A"]));
        Assert.Empty(TestProject.Filters([]));
    }
}
