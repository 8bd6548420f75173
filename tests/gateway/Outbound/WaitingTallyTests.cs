using Im.Contracts;
using Im.Gateway.Connections;
using Im.Gateway.Outbound;

namespace Im.Gateway.Tests.Outbound;

/// <summary>Of all that waits, the sums and the one that waits longest.</summary>
public sealed class WaitingTallyTests
{
    [Fact]
    public void Without_anything_waiting_there_is_no_oldest()
    {
        var tally = new WaitingTally();
        Assert.Equal((0, 0), (tally.Unsent, tally.Unacknowledged));
        Assert.Empty(tally.Longest);
        Assert.Null(tally.OldestBy(new Dictionary<(ConversationId, long), long>()));
    }

    [Fact]
    public void All_are_summed_and_those_that_were_seen_first_are_looked_up()
    {
        var tally = new WaitingTally();
        // In an order that is neither that of their ages nor its reverse.
        foreach (var number in Enumerable.Range(0, 100).Select(place => place * 37 % 100)) tally.Add(Waiting(number, since: 1000 + number, unacknowledged: 2));
        Assert.Equal((100, 200), (tally.Unsent, tally.Unacknowledged));
        Assert.Equal(Enumerable.Range(0, 16).Select(number => (long)number), tally.Longest.Select(one => one.User).Order());
    }

    [Fact]
    public void The_log_says_which_of_them_is_the_oldest()
    {
        var tally = new WaitingTally();
        tally.Add(Waiting(1, since: 10, unacknowledged: 1));
        tally.Add(Waiting(2, since: 10, unacknowledged: 0));
        tally.Add(Waiting(3, since: 10, unacknowledged: 1));
        // The third is not in the log any more.
        var oldest = tally.OldestBy(new Dictionary<(ConversationId, long), long> { [(ConversationId.Group(1), 5)] = 900, [(ConversationId.Group(2), 5)] = 800 });
        Assert.Equal((2, 20, ConversationId.Group(2).ToGuid(), 5, 800, false), (
            oldest!.UserId, oldest.DeviceKey, oldest.Conversation, oldest.Seq, oldest.AcceptedAt, oldest.IsSent));
    }

    [Fact]
    public void The_longest_waits_are_told_apart_by_what_comes_first()
    {
        var tally = new WaitingTally();
        Assert.Equal((0, 0), (tally.SecondsUnsent(90_000), tally.SecondsUnacknowledged(90_000)));
        tally.Add(Waiting(1, since: 50_000, unacknowledged: 0));
        tally.Add(Waiting(2, since: 30_000, unacknowledged: 0));
        tally.Add(Waiting(3, since: 40_000, unacknowledged: 0));
        Assert.Equal((60, 0), (tally.SecondsUnsent(90_000), tally.SecondsUnacknowledged(90_000)));
        // Something unsent behind something unacknowledged: the client is slow, not the gateway.
        tally.Add(Waiting(4, since: 10_000, unacknowledged: 3));
        tally.Add(Waiting(5, since: 20_000, unacknowledged: 1));
        Assert.Equal((60, 80), (tally.SecondsUnsent(90_000), tally.SecondsUnacknowledged(90_000)));
        Assert.Equal(0, tally.SecondsUnsent(29_000));
    }

    private static WaitingDevice Waiting(int number, long since, long unacknowledged) =>
        new(number, number * 10, ConversationId.Group(number), new Backlog(1, unacknowledged, 5, since));
}
