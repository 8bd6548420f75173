using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>Whether what was stored reaches devices in time.</summary>
public sealed class CompletenessTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    [Theory]
    [InlineData(4.9, false)]
    [InlineData(5.2, true)]
    public void In_calm_time_a_message_takes_so_long(double seconds, bool isLate)
    {
        Late(seconds);
        Check(isLate);
    }

    [Theory]
    [InlineData(44, false)]
    [InlineData(46, true)]
    public void Calm_time_begins_so_long_after_a_heal(double seconds, bool isLate)
    {
        Told.Breaks(5);
        Told.Wait(seconds);
        Late(20);
        Check(isLate);
    }

    [Fact]
    public void The_time_of_a_scenario_is_not_calm()
    {
        Told.Scenarios.Add(new ScenarioWindow("slow-readers", Told.Now, Told.Now + TimeSpan.FromSeconds(30)));
        Late(20);
        Expect.Good(Told);
    }

    [Fact]
    public void A_device_that_is_not_there_gets_it_later()
    {
        _story.Bob.Leaves();
        _story.Ann.Says(PairStory.Pair);
        Told.Wait(20);
        _story.Bob.Connects();
        Expect.Good(Told);
    }

    [Fact]
    public void A_message_that_was_stored_while_a_device_connected_reaches_it_soon_after_it_was_synced()
    {
        _story.Bob.Leaves();
        _story.Bob.Add(new Dials(Told.Tick(), 2));
        var message = _story.Stored(_story.Ann);
        _story.Phone.Gets(message);
        _story.Bob.Connects(syncs: false);
        Expect.Good(Told);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(30, true)]
    public void A_message_that_neither_the_replay_nor_the_live_way_brought_in_time_is_late(double seconds, bool isLate)
    {
        _story.Bob.IsThrownOff();
        _story.Bob.Connects();
        var message = _story.Stored(_story.Ann);
        _story.Phone.Gets(message);
        Told.Wait(seconds);
        _story.Bob.Gets(message);
        Check(isLate);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Synced_is_said_behind_all_that_was_stored_before_the_connection_was_dialled(bool isComplete)
    {
        _story.Bob.IsThrownOff();
        var message = _story.Stored(_story.Ann);
        _story.Phone.Gets(message);
        _story.Bob.Add(new Dials(Told.Tick(), 2));
        _story.Bob.Add(new Connected(Told.Tick(), 2, "gateway-2", new Dictionary<string, long>()));
        if (!isComplete) _story.Bob.Add(new Synced(Told.Tick(), 2));
        _story.Bob.Add(new Received(Told.Tick(), 2, message.Conversation, message.Seq, message.MessageId, message.From, message.Text, false));
        if (isComplete) _story.Bob.Add(new Synced(Told.Tick(), 2));
        Check(!isComplete);
    }

    [Theory]
    [InlineData(44, false)]
    [InlineData(46, true)]
    public void A_device_that_stayed_is_complete_so_long_after_a_heal(double seconds, bool isLate)
    {
        var message = Message();
        Told.Breaks(5);
        Told.Wait(seconds);
        _story.Bob.Gets(message);
        Check(isLate);
    }

    [Fact]
    public void Another_fault_that_begins_meanwhile_gives_time_again()
    {
        var message = Message();
        Told.Breaks(5);
        Told.Wait(20);
        Told.Breaks(5);
        Told.Wait(44);
        _story.Bob.Gets(message);
        Expect.Good(Told);
    }

    [Fact]
    public void A_device_that_left_meanwhile_is_complete_when_it_is_back()
    {
        Told.Breaks(5);
        var message = Message();
        _story.Bob.Leaves();
        Told.Wait(60);
        _story.Bob.Connects();
        Assert.Equal(message.Seq, _story.Bob.HeldOf(PairStory.Pair));
        Expect.Good(Told);
    }

    /// <summary>One device gets it late.</summary>
    private void Late(double seconds)
    {
        var message = Message();
        Told.Wait(seconds);
        _story.Bob.Gets(message);
    }

    private LoggedMessage Message()
    {
        var message = _story.Stored(_story.Ann);
        _story.Phone.Gets(message);
        return message;
    }

    private void Check(bool isLate)
    {
        if (isLate) Expect.Only(ViolationKind.Late, Told);
        else Expect.Good(Told);
    }
}
