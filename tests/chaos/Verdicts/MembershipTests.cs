using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>What leaks to somebody who is no member, and what he gets in.</summary>
public sealed class MembershipTests
{
    private readonly Told _told = new();
    private readonly ToldDevice _owner, _guest, _phone;

    public MembershipTests()
    {
        (_owner, _guest, _phone) = (_told.Bare("1"), _told.Bare("2"), _told.Sdk("2"));
        foreach (var device in _told.Devices) device.Connects();
        _told.Group("g", "1", "2");
    }

    [Fact]
    public void Who_never_was_a_member_gets_nothing()
    {
        var stranger = _told.Bare("3").Connects();
        _owner.Says("g");
        Expect.Good(_told);
        stranger.Gets(_told.Log[^1]);
        Expect.Only(ViolationKind.Leaked, _told);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_removal_and_what_lies_behind_it_is_leaked_to_the_one_who_was_removed(int behind)
    {
        _told.Leaves("g", "2");
        var removal = _told.Log[^1];
        _owner.Says("g");
        _guest.Gets(behind == 0 ? removal : _told.Log[^1]);
        Expect.Only(ViolationKind.Leaked, _told);
    }

    [Fact]
    public void What_lies_before_the_joining_is_leaked()
    {
        _told.Leaves("g", "2");
        _owner.Says("g");
        var between = _told.Log[^1];
        _told.Joins("g", "2");
        _phone.Gets(between);
        Expect.Some(ViolationKind.Leaked, _told);
    }

    [Fact]
    public void What_was_on_its_way_may_arrive_after_the_removal()
    {
        var message = Stored();
        _told.Leaves("g", "2");
        _told.Wait(20);
        _guest.Gets(message);
        Expect.Good(_told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_not_fetched_before_the_removal_is_leaked_on_a_connection_that_was_made_after_it(bool isBack)
    {
        var message = Stored();
        _guest.IsThrownOff();
        _told.Leaves("g", "2");
        if (isBack) _told.Joins("g", "2");
        _guest.Add(new Dials(_told.Tick(), 2));
        _guest.Add(new Connected(_told.Tick(), 2, "gateway-1", null));
        if (isBack) _guest.Gets(_told.Log[^1]);
        Expect.Good(_told);
        _guest.Add(new Received(_told.Tick(), 2, "g", message.Seq, message.MessageId, message.From, message.Text, false));
        Expect.Some(ViolationKind.Leaked, _told);
    }

    [Fact]
    public void A_connection_that_was_dialled_before_the_answer_to_the_removal_may_bring_it()
    {
        var message = Stored();
        _guest.IsThrownOff();
        _guest.Add(new Dials(_told.Tick(), 2));
        _told.Leaves("g", "2");
        _guest.Add(new Connected(_told.Tick(), 2, "gateway-1", null));
        _guest.Add(new Received(_told.Tick(), 2, "g", message.Seq, message.MessageId, message.From, message.Text, false));
        Expect.Good(_told);
    }

    [Fact]
    public void What_is_stored_of_one_who_is_no_member_is_an_intrusion()
    {
        _told.Leaves("g", "2");
        var message = _told.Store("g", "2", _guest.Sends("g"));
        _guest.Add(new Accepted(_told.Tick(), 1, message.Text, "g", message.Seq, message.MessageId));
        _owner.Gets(message);
        Expect.Only(ViolationKind.Intrusion, _told);
    }

    [Fact]
    public void A_refusal_to_one_who_was_removed_is_as_it_should_be()
    {
        _told.Leaves("g", "2");
        _guest.IsRefused(_guest.Sends("g"));
        Expect.Good(_told);
    }

    [Fact]
    public void A_repeat_of_what_was_stored_before_the_removal_is_answered_with_its_place()
    {
        var message = _told.Store("g", "2", _guest.Sends("g"));
        _told.Deliver(message, _guest);
        _told.Leaves("g", "2");
        _guest.Sends("g", message.Text, 2);
        _guest.Add(new Accepted(_told.Tick(), 1, message.Text, "g", message.Seq, message.MessageId));
        Expect.Good(_told);
    }

    [Fact]
    public void What_was_first_sent_after_the_answer_to_the_removal_and_is_stored_before_it_is_an_intrusion()
    {
        SentAfterItsRemoval(joinAsked: null, joinAnswered: null);
        Expect.Only(ViolationKind.Intrusion, _told);
    }

    [Fact]
    public void Somebody_asked_for_him_to_join_meanwhile()
    {
        SentAfterItsRemoval(joinAsked: _told.Now, joinAnswered: null);
        Expect.Good(_told);
    }

    [Fact]
    public void A_call_for_him_to_join_was_still_open()
    {
        _told.Calls.Add(new MemberCall("g", "2", true, _told.Tick(), null));
        SentAfterItsRemoval(joinAsked: null, joinAnswered: null);
        Expect.Good(_told);
    }

    [Fact]
    public void A_call_for_him_to_join_that_was_answered_before_the_removal_is_no_excuse()
    {
        var asked = _told.Tick();
        _told.Calls.Add(new MemberCall("g", "2", true, asked, _told.Tick()));
        SentAfterItsRemoval(joinAsked: null, joinAnswered: null);
        Expect.Only(ViolationKind.Intrusion, _told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_answered_change_of_members_that_is_not_in_the_log_is_lost(bool joins)
    {
        if (joins) _told.Leaves("g", "2");
        Called(joins, isAnswered: true);
        Expect.Only(ViolationKind.Lost, _told);
    }

    [Fact]
    public void A_change_that_is_missing_between_two_others_is_lost()
    {
        _told.Leaves("g", "2");
        Called(joins: true, isAnswered: true);
        // As if it found nobody to remove.
        Called(joins: false, isAnswered: true);
        Expect.Only(ViolationKind.Lost, _told);
    }

    [Fact]
    public void A_repeat_of_a_change_that_was_carried_out_unanswered_adds_nothing()
    {
        Called(joins: false, isAnswered: false);
        _told.Leaves("g", "2");
        Called(joins: false, isAnswered: true);
        _told.Joins("g", "2");
        Expect.Good(_told);
    }

    [Fact]
    public void A_change_that_was_never_answered_may_be_stored_or_not()
    {
        Called(joins: false, isAnswered: false);
        Expect.Good(_told);
        Called(joins: true, isAnswered: true);
        Expect.Good(_told);
    }

    [Fact]
    public void What_was_answered_last_holds_in_the_end_unless_another_call_was_open()
    {
        _told.Leaves("g", "2");
        _told.Joins("g", "2");
        var call = _told.Calls[^1];
        _told.Leaves("g", "2");
        _told.Calls[^1] = _told.Calls[^1] with { Answered = null };
        Expect.Good(_told);
        _told.Calls.Remove(_told.Calls[^1]);
        Assert.Equal(call, _told.Calls[^1]);
        Expect.Only(ViolationKind.Lost, _told);
    }

    /// <summary>A call that leaves nothing in the log.</summary>
    private void Called(bool joins, bool isAnswered)
    {
        var asked = _told.Tick();
        _told.Calls.Add(new MemberCall("g", "2", joins, asked, isAnswered ? _told.Tick() : null));
    }

    /// <summary>The log has it at a place where he was a member; but when he sent it first, his removal had been answered.</summary>
    private void SentAfterItsRemoval(TimeSpan? joinAsked, TimeSpan? joinAnswered)
    {
        var asked = _told.Tick();
        _told.Calls.Add(new MemberCall("g", "2", false, asked, _told.Tick()));
        var message = _told.Store("g", "2", _guest.Sends("g"));
        if (joinAsked is { } join) _told.Calls.Add(new MemberCall("g", "2", true, join, joinAnswered));
        _told.Deliver(message, _guest);
        _guest.Accepts(message);
        // Behind it in the log: the removal itself.
        _owner.Gets(_told.Store("g", "1", """{"left":["2"]}""", isMember: true));
    }

    private LoggedMessage Stored()
    {
        var message = _told.Store("g", "1", _owner.Sends("g"));
        _owner.Accepts(message);
        return message;
    }
}
