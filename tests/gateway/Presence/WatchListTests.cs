using Im.Contracts.Messages;
using Im.Gateway.Presence;

namespace Im.Gateway.Tests.Presence;

/// <summary>What a connection is told of whom it watches, in every order in which answers, changes and blocks can come.</summary>
public sealed class WatchListTests
{
    private const long Ann = 1;
    private const long Bob = 2;
    private static readonly PresenceState Online = new(Ann, "online", null);
    private static readonly PresenceState Away = new(Ann, "away", null);
    private static readonly PresenceState Gone = new(Ann, "offline", 1234);
    private static readonly PresenceState Hidden = new(Ann, "offline", null);

    private readonly WatchList _list = new();

    [Fact]
    public void A_watch_is_answered_and_then_changes_are_told()
    {
        Assert.Equal(Online, _list.Answered(Watch(), Ann, false, Online));
        Assert.True(_list.Changed(Away, out var ask));
        Assert.False(ask);
        Assert.Equal(Gone, _list.Answered(Watch(), Ann, false, Gone));
    }

    [Fact]
    public void Of_somebody_behind_a_block_nothing_but_offline_is_told_and_no_moment()
    {
        Assert.Equal(Hidden, _list.Answered(Watch(), Ann, true, Online));
        Assert.False(_list.Changed(Gone, out var ask));
        Assert.False(ask);
    }

    [Fact]
    public void Nothing_is_told_before_it_is_known_whether_a_block_stands_between()
    {
        var question = Watch();
        Assert.False(_list.Changed(Online, out var ask));
        Assert.False(ask);
        Assert.Equal(Hidden, _list.Answered(question, Ann, true, Online));
    }

    [Fact]
    public void A_change_that_came_while_the_answer_was_on_its_way_wins_over_it()
    {
        var question = Watch();
        _list.Changed(Online, out _);
        _list.Changed(Away, out _);
        Assert.Equal(Away, _list.Answered(question, Ann, false, Gone));
        Assert.Null(_list.Answered(question, Ann, false, Gone));
    }

    [Fact]
    public void Of_two_questions_the_later_one_is_answered()
    {
        var (first, second) = (Watch(), Watch());
        Assert.Null(_list.Answered(first, Ann, false, Gone));
        Assert.Equal(Online, _list.Answered(second, Ann, false, Online));
    }

    [Fact]
    public void An_answer_for_a_watch_that_ended_is_not_taken_for_the_next_one()
    {
        var old = Watch();
        _list.Remove(Ann);
        Assert.False(_list.Changed(Online, out _));
        var current = Watch();
        Assert.Null(_list.Answered(old, Ann, false, Gone));
        Assert.Equal(Online, _list.Answered(current, Ann, false, Online));
    }

    [Fact]
    public void A_block_is_told_as_offline_at_once_and_once()
    {
        _list.Answered(Watch(), Ann, false, Online);
        Assert.Equal(Hidden, _list.Blocked(Ann));
        Assert.Null(_list.Blocked(Ann));
        Assert.Null(_list.Answered(_list.Ask([Ann], tell: false), Ann, true, null));
        Assert.False(_list.Changed(Away, out _));
    }

    [Fact]
    public void That_a_hidden_user_moved_while_it_was_asked_does_not_show()
    {
        _list.Answered(Watch(), Ann, true, null);
        var question = _list.Ask([Ann], tell: false);
        _list.Changed(Away, out _);
        Assert.Null(_list.Answered(question, Ann, true, null));
    }

    [Fact]
    public void An_answer_from_before_the_block_does_not_undo_it()
    {
        var before = Watch();
        Assert.Equal(Hidden, _list.Blocked(Ann));
        var after = _list.Ask([Ann], tell: false);
        Assert.Null(_list.Answered(before, Ann, false, Online));
        Assert.False(_list.Changed(Online, out _));
        Assert.Null(_list.Answered(after, Ann, true, null));
    }

    [Fact]
    public void After_the_block_the_true_state_is_told()
    {
        _list.Answered(Watch(), Ann, true, null);
        Assert.Equal(Online, _list.Answered(_list.Ask([Ann], tell: false), Ann, false, Online));
        Assert.True(_list.Changed(Away, out _));
    }

    [Fact]
    public void A_question_that_finds_nothing_new_says_nothing_unless_the_client_waits()
    {
        _list.Answered(Watch(), Ann, false, Online);
        Assert.Null(_list.Answered(_list.Ask([Ann], tell: false), Ann, false, Online));
        Assert.Equal(Online, _list.Answered(_list.Ask([Ann], tell: true), Ann, false, Online));
    }

    [Fact]
    public void While_blocks_cannot_be_read_changes_wait_for_a_question()
    {
        Assert.Null(_list.Unanswered(Watch(), Ann));
        Assert.False(_list.Changed(Online, out var ask));
        Assert.True(ask);
        Assert.Equal(Online, _list.Answered(_list.Ask([Ann], tell: true), Ann, false, Online));
    }

    [Fact]
    public void Where_it_is_known_already_changes_go_on_when_a_question_fails()
    {
        _list.Answered(Watch(), Ann, false, Online);
        var question = _list.Ask([Ann], tell: true);
        _list.Changed(Away, out _);
        Assert.Equal(Away, _list.Unanswered(question, Ann));
        Assert.True(_list.Changed(Gone, out _));
    }

    [Fact]
    public void Without_an_answer_of_the_presence_service_a_block_is_told_all_the_same()
    {
        _list.TryAdd([Ann, Bob]);
        var question = _list.Ask([Ann, Bob], tell: true);
        Assert.Equal(Hidden, _list.Answered(question, Ann, true, null));
        Assert.Null(_list.Answered(question, Bob, false, null));
        Assert.True(_list.Changed(new PresenceState(Bob, "busy", null), out _));
    }

    [Fact]
    public void A_thousand_are_watched_and_of_a_frame_that_goes_beyond_none()
    {
        Assert.True(_list.TryAdd([.. Enumerable.Range(1, 999).Select(user => (long)user)]));
        Assert.False(_list.TryAdd([1, 2000, 2001]));
        Assert.False(_list.Contains(2000));
        Assert.True(_list.TryAdd([1, 2000]));
        Assert.False(_list.TryAdd([2001]));
        Assert.Equal(1000, _list.Users.Count);
    }

    private long Watch()
    {
        _list.TryAdd([Ann]);
        return _list.Ask([Ann], tell: true);
    }
}
