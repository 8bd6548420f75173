using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>The figures of the scenarios, and how a verdict is written.</summary>
public sealed class TableTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    [Fact]
    public void Findings_and_errors_of_the_sdk_are_violations_as_they_are()
    {
        Told.Findings.Add(new Finding(Told.Now, "kills", "message-1 ended by itself"));
        _story.Phone.Add(new SdkFault(Told.Tick(), "boom"));
        Assert.Equal(
            [(ViolationKind.Finding, "kills"), (ViolationKind.Finding, "calm")], Told.Judge().Violations.Select(one => (one.Kind, one.Scenario)));
    }

    [Fact]
    public void A_message_belongs_to_the_scenario_in_whose_time_it_was_sent_first()
    {
        var from = Told.Tick();
        var id = _story.Ann.Sends(PairStory.Pair);
        _story.Ann.Sends(PairStory.Pair);
        _story.Ann.IsRefused(_story.Ann.Sends(PairStory.Pair));
        Told.Scenarios.Add(new ScenarioWindow("kills", from, Told.Tick()));
        var message = Told.Store(PairStory.Pair, "1", id);
        _story.Ann.Sends(PairStory.Pair, id, 2);
        _story.Ann.Accepts(message);
        Told.Deliver(message, _story.Ann);
        _story.Ann.Says(PairStory.Pair);
        var rows = Told.Judge().Rows;
        Assert.Equal(
            [("kills", 3L, 1L, 1L, 2L), ("calm", 1L, 1L, 0L, 2L)], rows.Select(row => (row.Scenario, row.Sends, row.Accepted, row.Unanswered, row.Delivered)));
    }

    [Fact]
    public void A_scenario_that_ran_twice_is_one_row_and_its_violations_are_counted_there()
    {
        for (var i = 0; i < 2; i++)
        {
            var from = Told.Tick();
            var message = _story.Stored(_story.Ann);
            _story.Phone.Gets(message);
            Told.Scenarios.Add(new ScenarioWindow("kills", from, Told.Tick()));
            Told.Wait(1);
        }

        var row = Assert.Single(Told.Judge().Rows, row => row.Scenario == "kills");
        Assert.Equal((2L, 2L), (row.Sends, row.Lost));
    }

    [Fact]
    public void What_is_sent_in_a_fault_and_the_ten_seconds_after_it_is_counted()
    {
        _story.Ann.Says(PairStory.Pair);
        Told.Wait(1);
        Told.Breaks(5);
        Told.Wait(9);
        _story.Ann.Says(PairStory.Pair);
        Told.Wait(2);
        _story.Ann.Says(PairStory.Pair);
        Assert.Equal(1, Told.Judge().Rows.Sum(row => row.InFault));
    }

    [Fact]
    public void Outage_and_recovery_are_measured_where_somebody_waited()
    {
        var from = Told.Tick();
        var message = _story.Stored(_story.Ann);
        _story.Phone.Gets(message);
        var id = _story.Ann.Sends(PairStory.Pair);
        Told.Breaks(10);
        Told.Wait(2);
        _story.Bob.Gets(message);
        Told.Wait(1);
        var next = Told.Store(PairStory.Pair, "1", id);
        _story.Ann.Accepts(next);
        Told.Deliver(next, _story.Ann);
        Told.Scenarios.Add(new ScenarioWindow("kills", from, Told.Tick()));
        Told.Wait(100);
        _story.Ann.Says(PairStory.Pair);
        var row = Told.Judge().Rows[0];
        Assert.Equal((13d, 3d, 2d), (Seconds(row.Outage), Seconds(row.Accepting), Seconds(row.Complete)));
    }

    [Fact]
    public void A_table_has_a_line_for_each_scenario_and_one_for_all()
    {
        Told.Scenarios.Add(new ScenarioWindow("kills", Told.Now, Told.Tick()));
        _story.Ann.Says(PairStory.Pair);
        var lines = Table.Markdown(Told.Judge()).Split('\n');
        Assert.StartsWith("| scenario | sends |", lines[0], StringComparison.Ordinal);
        Assert.Equal(["kills", "calm", "all"], lines[2..5].Select(line => line.Split('|')[1].Trim()));
        Assert.Single(lines.Take(5).Select(line => line.Count(letter => letter == '|')).Distinct());
    }

    [Fact]
    public void The_first_violations_are_written_with_their_proof_and_the_rest_is_counted()
    {
        for (var i = 0; i < 15; i++) _story.Stored(_story.Ann);
        using var output = new StringWriter();
        Table.Write(Told.Judge(), output);
        Assert.Contains("30 violations: Lost 30", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1/bare  1.009 line 1 sends m1 to p, try 1", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("and besides: Lost 10", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AllKinds))]
    public void What_a_kind_of_violation_means_is_said_below_their_number(ViolationKind kind)
    {
        using var output = new StringWriter();
        Table.Write(new Verdict([], [new Violation(kind, "calm", "so it was", [])]), output);
        Assert.Matches($@"(?m)^1 violations: {kind} 1\n  {kind} +\w", output.ToString());
    }

    public static TheoryData<ViolationKind> AllKinds => [.. Enum.GetValues<ViolationKind>()];

    [Fact]
    public void A_verdict_comes_back_from_json_as_it_was()
    {
        Told.Breaks(1);
        _story.Stored(_story.Ann);
        var verdict = Told.Judge();
        var read = VerdictFile.Read(VerdictFile.Write(verdict));
        Assert.Equal(verdict.Rows.Select(row => (row.Scenario, row.Lost)), read.Rows.Select(row => (row.Scenario, row.Lost)));
        Assert.Equal(verdict.Violations.SelectMany(one => one.Proof), read.Violations.SelectMany(one => one.Proof));
        Assert.False(read.IsGood);
    }

    private static double Seconds(TimeSpan? time) => Math.Round(time?.TotalSeconds ?? -1, 1);
}
