using Im.Gateway.Connections;

namespace Im.Gateway.Tests.Connections;

/// <summary>Only ever the next one is sent.</summary>
public sealed class ConversationFeedTests
{
    public static TheoryData<bool, int, bool, FeedStep> Grid
    {
        get
        {
            var grid = new TheoryData<bool, int, bool, FeedStep>();
            foreach (var hasRoom in new[] { true, false })
            {
                foreach (var catchingUp in new[] { true, false })
                    foreach (var old in new[] { -10, -1, 0 }) grid.Add(catchingUp, old, hasRoom, FeedStep.Drop);
                foreach (var fresh in new[] { 1, 2, 100 }) grid.Add(true, fresh, hasRoom, FeedStep.Later);
                foreach (var beyond in new[] { 2, 100 }) grid.Add(false, beyond, hasRoom, FeedStep.CatchUp);
            }

            grid.Add(false, 1, true, FeedStep.Send);
            grid.Add(false, 1, false, FeedStep.CatchUp);
            return grid;
        }
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void What_is_done_with_a_seq_depends_on_what_was_sent(bool catchingUp, int offset, bool hasRoom, FeedStep expected)
    {
        var feed = new ConversationFeed(20);
        if (catchingUp) feed.Offer(50, hasRoom: false);
        var known = feed.Known;
        Assert.Equal(expected, feed.Offer(20 + offset, hasRoom));
        Assert.Equal(expected == FeedStep.Send ? 21 : 20, feed.Sent);
        Assert.Equal(catchingUp || expected == FeedStep.CatchUp, feed.CatchingUp);
        Assert.Equal(expected == FeedStep.Drop ? known : Math.Max(known, 20 + offset), feed.Known);
    }

    [Fact]
    public void The_log_gives_only_the_next_one_either()
    {
        var feed = CatchingUp(sent: 3, known: 6);
        Assert.False(feed.TakeFromLog(3));
        Assert.False(feed.TakeFromLog(5));
        Assert.True(feed.TakeFromLog(4));
        Assert.False(feed.TakeFromLog(4));
        Assert.Equal(4, feed.Sent);
    }

    [Fact]
    public void A_read_ends_when_nothing_newer_is_known()
    {
        var feed = CatchingUp(sent: 3, known: 5);
        feed.TakeFromLog(4);
        Assert.False(feed.TryFinish());
        feed.TakeFromLog(5);
        feed.Offer(6, hasRoom: true);
        Assert.False(feed.TryFinish());
        feed.TakeFromLog(6);
        Assert.True(feed.TryFinish());
        Assert.Equal(FeedStep.Send, feed.Offer(7, hasRoom: true));
    }

    [Fact]
    public void Who_sees_a_conversation_from_a_place_on_is_sent_nothing_before_it()
    {
        var feed = CatchingUp(sent: 0, known: 9);
        feed.StartAt(8);
        Assert.Equal(7, feed.Sent);
        Assert.True(feed.TakeFromLog(8));
        feed.StartAt(2);
        Assert.Equal(8, feed.Sent);
        var fresh = new ConversationFeed(0);
        fresh.StartAt(4);
        Assert.Equal(FeedStep.Send, fresh.Offer(4, hasRoom: true));
    }

    [Fact]
    public void A_feed_begins_where_the_device_stands_whatever_was_noted_before()
    {
        var feed = CatchingUp(sent: 0, known: long.MaxValue);
        feed.Begin(12);
        Assert.False(feed.CatchingUp);
        Assert.Equal(FeedStep.Drop, feed.Offer(12, hasRoom: true));
        Assert.Equal(FeedStep.Send, feed.Offer(13, hasRoom: true));
    }

    [Fact]
    public void A_read_that_finds_nothing_ends_though_more_was_announced_before_it()
    {
        var feed = CatchingUp(sent: 3, known: 5);
        Assert.True(feed.TryAbandon(announced: 5));
        Assert.False(feed.CatchingUp);
        Assert.Equal(FeedStep.Send, feed.Offer(4, hasRoom: true));
    }

    [Fact]
    public void What_is_announced_during_a_read_is_not_lost_with_it()
    {
        var feed = CatchingUp(sent: 3, known: 5);
        feed.Offer(6, hasRoom: true);
        Assert.False(feed.TryAbandon(announced: 5));
        Assert.True(feed.CatchingUp);
        Assert.Equal(6, feed.Known);
    }

    [Fact]
    public void What_is_acknowledged_is_held_up_to_what_was_sent_and_never_less()
    {
        var feed = new ConversationFeed(3);
        feed.Offer(4, hasRoom: true);
        feed.Offer(5, hasRoom: true);
        Assert.Equal((3, 3), (feed.Began, feed.Held));
        Assert.Equal(4, feed.Acknowledge(4));
        Assert.Equal(2, feed.Acknowledge(2));
        Assert.Equal(4, feed.Held);
        Assert.Equal(5, feed.Acknowledge(99));
        Assert.Equal(5, feed.Held);
    }

    [Fact]
    public void An_own_message_is_held_where_all_before_it_is()
    {
        var feed = new ConversationFeed(0);
        feed.Offer(1, hasRoom: true);
        feed.HoldOwn(1);
        Assert.Equal(1, feed.Held);
        feed.Offer(2, hasRoom: true);
        feed.Offer(3, hasRoom: true);
        feed.HoldOwn(3);
        Assert.Equal(1, feed.Held);
    }

    [Fact]
    public void A_backlog_says_what_was_not_given_and_what_was_not_acknowledged()
    {
        var feed = new ConversationFeed(2);
        Assert.True(feed.Look(head: 2, now: 100).IsEmpty);
        feed.Offer(3, hasRoom: true);
        feed.Offer(4, hasRoom: true);
        Assert.Equal(new Backlog(Unsent: 3, Unacknowledged: 2, FirstSeq: 3, Since: 110), feed.Look(head: 7, now: 110));
        // It is as old as when it was first seen; an answer to its first message begins anew.
        Assert.Equal(110, feed.Look(head: 7, now: 120).Since);
        feed.Acknowledge(3);
        Assert.Equal(new Backlog(3, 1, 4, 130), feed.Look(head: 7, now: 130));
        // A head that was read before the last message was sent says no less than what was sent.
        Assert.Equal(new Backlog(0, 1, 4, 130), feed.Look(head: 3, now: 140));
        feed.Acknowledge(4);
        Assert.True(feed.Look(head: 4, now: 150).IsEmpty);
        feed.Offer(5, hasRoom: true);
        Assert.Equal(160, feed.Look(head: 5, now: 160).Since);
    }

    [Fact]
    public void Who_enters_later_waits_for_nothing_before()
    {
        var feed = new ConversationFeed(0);
        feed.StartAt(8);
        Assert.Equal((7, 7, 7), (feed.Began, feed.Held, feed.Sent));
        Assert.True(feed.Look(head: 7, now: 1).IsEmpty);
    }

    private static ConversationFeed CatchingUp(long sent, long known)
    {
        var feed = new ConversationFeed(sent);
        Assert.Equal(FeedStep.CatchUp, feed.Offer(known, hasRoom: false));
        return feed;
    }
}
