using Im.Contracts.Messages;
using Im.Gateway.Connections;

namespace Im.Gateway.Tests.Connections;

/// <summary>Where a message stands on a connection follows from its feed.</summary>
public sealed class MessageStandTests
{
    public enum Knows
    {
        Nothing,
        AllSent,
        IsReading,
    }

    /// <summary>The connection began at 10, its device acknowledged up to 12, it was given up to 14.</summary>
    public static TheoryData<Knows, int, bool, bool, MessageStand> Grid
    {
        get
        {
            var grid = new TheoryData<Knows, int, bool, bool, MessageStand>();
            foreach (var hasRoom in (bool[])[true, false])
            {
                foreach (var isUnread in (bool[])[true, false])
                {
                    foreach (var seq in (int[])[1, 10, 11, 15]) grid.Add(Knows.Nothing, seq, hasRoom, isUnread, MessageStand.Unannounced);
                    foreach (var knows in (Knows[])[Knows.AllSent, Knows.IsReading])
                    {
                        foreach (var seq in (int[])[1, 10]) grid.Add(knows, seq, hasRoom, isUnread, MessageStand.Held);
                        foreach (var seq in (int[])[11, 12]) grid.Add(knows, seq, hasRoom, isUnread, MessageStand.Acknowledged);
                        foreach (var seq in (int[])[13, 14]) grid.Add(knows, seq, hasRoom, isUnread, isUnread ? MessageStand.SentUnread : MessageStand.Sent);
                    }

                    grid.Add(Knows.AllSent, 15, hasRoom, isUnread, MessageStand.Unannounced);
                    grid.Add(Knows.IsReading, 15, hasRoom, isUnread, hasRoom ? MessageStand.ReadingLog : MessageStand.OutboxFull);
                }
            }

            return grid;
        }
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void A_seq_is_held_acknowledged_sent_or_on_its_way(Knows knows, int seq, bool hasRoom, bool isUnread, MessageStand expected)
    {
        var feed = new ConversationFeed(0);
        feed.Begin(10);
        for (var sent = 11; sent <= 14; sent++) feed.Offer(sent, hasRoom: true);
        feed.Acknowledge(12);
        if (knows == Knows.IsReading) feed.Offer(16, hasRoom: true);
        Assert.Equal(expected, ClientConnection.StandIn(knows == Knows.Nothing ? null : feed, seq, hasRoom, isUnread));
    }
}
