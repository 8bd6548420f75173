using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>Whether messages are accepted in time after a heal, and through faults that do not touch them.</summary>
public sealed class AcceptingTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    [Theory]
    [InlineData(14, false)]
    [InlineData(16, true)]
    public void Accepting_resumes_so_long_after_a_heal(double seconds, bool isLate)
    {
        var id = _story.Ann.Sends(PairStory.Pair);
        Told.Breaks(20);
        Told.Wait(seconds);
        Accepts(id);
        Told.Wait(1);
        _story.Ann.Leaves();
        Check(isLate);
    }

    [Fact]
    public void Nothing_is_late_where_nobody_waits()
    {
        Told.Breaks(20);
        Told.Wait(60);
        _story.Ann.Says(PairStory.Pair);
        Expect.Good(Told);
    }

    [Fact]
    public void Nothing_is_late_where_the_one_who_waits_is_not_connected()
    {
        var id = _story.Ann.Sends(PairStory.Pair);
        _story.Ann.IsThrownOff();
        Told.Breaks(20);
        Told.Wait(20);
        _story.Ann.Connects();
        _story.Ann.Sends(PairStory.Pair, id, 2);
        Accepts(id);
        Expect.Good(Told);
    }

    [Fact]
    public void Nothing_is_late_where_the_session_of_the_one_who_waits_was_ended()
    {
        var id = _story.Ann.Sends(PairStory.Pair);
        _story.Ann.EndsSession();
        Told.Breaks(20);
        Told.Wait(20);
        Accepts(id);
        Expect.Good(Told);
    }

    [Fact]
    public void Another_fault_gives_time_again()
    {
        var id = _story.Ann.Sends(PairStory.Pair);
        Told.Breaks(20);
        Told.Wait(10);
        Told.Breaks(20);
        Told.Wait(10);
        Accepts(id);
        Expect.Good(Told);
    }

    [Theory]
    [InlineData(14, true, false)]
    [InlineData(16, true, true)]
    [InlineData(16, false, false)]
    public void Nothing_is_accepted_for_so_long_during_a_fault_that_does_not_touch_it(double seconds, bool accepting, bool isLate)
    {
        var from = Told.Tick();
        var id = _story.Ann.Sends(PairStory.Pair);
        Told.Wait(seconds);
        Accepts(id);
        Told.Faults.Add(new FaultWindow("redis-stopped", "redis stopped", from, Told.Tick(), accepting));
        Check(isLate);
    }

    [Fact]
    public void What_is_accepted_of_others_meanwhile_ends_the_outage()
    {
        var from = Told.Tick();
        var id = _story.Ann.Sends(PairStory.Pair);
        Told.Wait(14);
        _story.Bob.Says(PairStory.Pair);
        Told.Wait(14);
        Accepts(id);
        Told.Faults.Add(new FaultWindow("redis-stopped", "redis stopped", from, Told.Tick(), true));
        Expect.Good(Told);
    }

    private void Accepts(string id)
    {
        var message = Told.Store(PairStory.Pair, "1", id);
        _story.Ann.Accepts(message);
        Told.Deliver(message, _story.Ann);
    }

    private void Check(bool isLate)
    {
        if (isLate) Expect.Only(ViolationKind.Late, Told);
        else Expect.Good(Told);
    }
}
