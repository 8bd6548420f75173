using Im.Tool.Testing;

namespace Im.Tool.Tests;

/// <summary>What failed is named again at the end of a run, short enough to leave the sum in sight.</summary>
public sealed class TestFailureTests
{
    private const string Report =
        """
        <assemblies><assembly name="A.dll"><errors><error type="assembly-cleanup"><failure><message>it did not stop</message></failure></error></errors>
        <collection><test name="A.good" result="Pass" />
        <test name="A.bad" result="Fail"><failure><message>Expected 1
        Actual 2</message><stack-trace>at A.bad
        at B
        at C
        at D
        at E</stack-trace></failure></test></collection></assembly></assemblies>
        """;

    [Fact]
    public void Failed_tests_and_faults_outside_of_tests_are_named()
    {
        var failures = TestFailure.ReadAll(Report);
        Assert.Equal(["A.bad", "outside of a test"], failures.Select(failure => failure.Name));
        Assert.Contains("it did not stop", failures[1].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_is_told_with_its_message_and_the_top_of_its_stack()
    {
        var told = TestFailure.ReadAll(Report)[0].ToString().Split(Environment.NewLine);
        Assert.Equal(["A.bad", "    Expected 1", "    Actual 2", "    at A.bad", "    at B", "    at C", "    at D"], told);
    }

    [Fact]
    public void Of_a_long_message_both_ends_are_told()
    {
        TestFailure failure = new("A.bad", string.Join('\n', Enumerable.Range(1, 100)), "at A.bad");
        string[] message = [.. Enumerable.Range(1, 12).Select(line => $"    {line}"), "    …", .. Enumerable.Range(89, 12).Select(line => $"    {line}")];
        Assert.Equal(["A.bad", .. message, "    at A.bad"], failure.ToString().Split(Environment.NewLine));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<assemblies><assembly")]
    public void A_report_that_breaks_off_names_nothing(string report) => Assert.Empty(TestFailure.ReadAll(report));
}
