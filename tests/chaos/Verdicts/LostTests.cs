using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

public sealed class LostTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    [Fact]
    public void What_everybody_got_is_not_lost()
    {
        _story.Ann.Says(PairStory.Pair);
        _story.Bob.Says(PairStory.Pair);
        Expect.Good(Told);
    }

    [Fact]
    public void What_was_accepted_and_is_not_in_the_log_is_lost()
    {
        var id = _story.Ann.Sends(PairStory.Pair);
        _story.Ann.Add(new Accepted(Told.Tick(), 1, id, PairStory.Pair, 1, "p.1"));
        Assert.Contains(id, Expect.Only(ViolationKind.Lost, Told).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_one_device_of_a_member_did_not_get_is_lost_though_his_other_one_got_it(int other)
    {
        var message = _story.Stored(_story.Ann);
        (other == 0 ? _story.Bob : _story.Phone).Gets(message);
        Expect.Only(ViolationKind.Lost, Told);
    }

    [Fact]
    public void The_answer_counts_for_the_device_that_sent_and_not_for_the_senders_other_one()
    {
        var message = _story.Stored(_story.Bob);
        _story.Ann.Gets(message);
        Assert.Contains("2/sdk", Expect.Only(ViolationKind.Lost, Told).What, StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_on_a_later_connection_is_not_lost()
    {
        _story.Bob.IsThrownOff();
        _story.Ann.Says(PairStory.Pair);
        _story.Bob.Connects();
        Expect.Good(Told);
    }

    [Fact]
    public void What_devices_got_and_the_log_does_not_have_is_lost_once()
    {
        var message = new LoggedMessage(PairStory.Pair, 1, "p.1", "1", _story.Ann.Sends(PairStory.Pair), false);
        _story.Bob.Gets(message);
        _story.Phone.Gets(message);
        Expect.Only(ViolationKind.Lost, Told);
    }

    [Fact]
    public void An_unanswered_message_is_at_everybodys_or_nowhere()
    {
        _story.Ann.Sends(PairStory.Pair);
        Expect.Good(Told);
        var message = Told.Store(PairStory.Pair, "1", _story.Ann.Sends(PairStory.Pair));
        _story.Bob.Gets(message);
        _story.Phone.Gets(message);
        _story.Ann.IsThrownOff();
        _story.Ann.Connects();
        Expect.Good(Told);
    }

    [Fact]
    public void An_unanswered_message_that_only_some_have_is_lost()
    {
        var message = Told.Store(PairStory.Pair, "1", _story.Ann.Sends(PairStory.Pair));
        _story.Bob.Gets(message);
        Assert.Equal(2, Told.Judge().Violations.Count(one => one.Kind == ViolationKind.Lost));
    }

    [Fact]
    public void A_message_that_is_stored_after_everybody_was_asked_is_not_lost_yet()
    {
        Told.Store(PairStory.Pair, "1", _story.Ann.Sends(PairStory.Pair));
        Told.Wait(59);
        _story.Ann.Leaves();
        Expect.Good(Told);
        Told.Wait(2);
        _story.Bob.Leaves();
        Expect.Some(ViolationKind.Lost, Told);
    }

    [Fact]
    public void An_answer_that_an_application_on_the_sdk_did_not_wait_for_is_not_lost()
    {
        var message = Told.Store(PairStory.Pair, "2", _story.Phone.Sends(PairStory.Pair));
        _story.Ann.Gets(message);
        _story.Bob.Gets(message);
        Expect.Good(Told);
    }

    [Fact]
    public void A_member_gets_what_lies_behind_his_joining_and_that_message_too()
    {
        Told.Group("g", "1");
        _story.Ann.Says("g");
        Told.Joins("g", "2");
        _story.Ann.Says("g");
        Expect.Good(Told);
    }

    [Fact]
    public void The_message_by_which_somebody_joins_is_lost_if_he_or_another_member_does_not_get_it()
    {
        Told.Group("g", "1");
        Told.Store("g", "1", """{"joined":["2"]}""", isMember: true);
        _story.Ann.Gets(Told.Log[^1]);
        _story.Bob.Gets(Told.Log[^1]);
        Assert.Contains("2/sdk never got g #2", Expect.Only(ViolationKind.Lost, Told).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_was_removed_misses_nothing_also_if_he_had_not_fetched_it()
    {
        Told.Group("g", "1", "2");
        _story.Bob.IsThrownOff();
        _story.Ann.Says("g");
        Told.Leaves("g", "2");
        _story.Ann.Says("g");
        _story.Bob.Connects();
        Expect.Good(Told);
    }

    [Fact]
    public void Who_joins_again_begins_there()
    {
        Told.Group("g", "1", "2");
        _story.Bob.IsThrownOff();
        _story.Ann.Says("g");
        Told.Leaves("g", "2");
        _story.Ann.Says("g");
        Told.Joins("g", "2");
        _story.Ann.Says("g");
        _story.Bob.Connects();
        Expect.Good(Told);
    }

    [Fact]
    public void Who_joined_again_and_lacks_something_of_his_last_stay_has_lost_it()
    {
        Told.Group("g", "1", "2");
        Told.Leaves("g", "2");
        Told.Joins("g", "2");
        Told.Store("g", "1", _story.Ann.Sends("g"));
        _story.Ann.Accepts(Told.Log[^1]);
        _story.Phone.Gets(Told.Log[^1]);
        Expect.Only(ViolationKind.Lost, Told);
    }
}
