using Im.Contracts;
using Im.Contracts.Messages;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    /// <summary>A write that takes longer than this has a client that does not read; others take milliseconds.</summary>
    private static readonly TimeSpan SlowWrite = TimeSpan.FromSeconds(1);

    /// <summary>Where a message stands on this connection, for an operator who looks for it. Only after hello.</summary>
    public MessageOnConnection StandOf(ConversationId conversation, long seq)
    {
        var writingSince = Interlocked.Read(ref _writingSince);
        var isUnread = writingSince != 0 && _services.Time.GetElapsedTime(writingSince) > SlowWrite;
        lock (_lock)
        {
            _feeds.TryGetValue(conversation, out var feed);
            var stand = _feedsKnown ? StandIn(feed, seq, _outbox.HasRoomForReplay, isUnread) : MessageStand.Replaying;
            return new MessageOnConnection(_session!.DeviceKey, Number, stand, feed?.SentAt is > 0 and var at ? at : null, null);
        }
    }

    /// <summary>Pure.</summary>
    /// <param name="feed">Null where the connection knows nothing of the conversation.</param>
    /// <param name="hasRoom">A read of the log may go on.</param>
    /// <param name="isUnread">The client has taken nothing for some time.</param>
    public static MessageStand StandIn(ConversationFeed? feed, long seq, bool hasRoom, bool isUnread) => feed switch
    {
        null => MessageStand.Unannounced,
        _ when seq <= feed.Began => MessageStand.Held,
        _ when seq <= feed.Held => MessageStand.Acknowledged,
        _ when seq <= feed.Sent => isUnread ? MessageStand.SentUnread : MessageStand.Sent,
        { CatchingUp: true } => hasRoom ? MessageStand.ReadingLog : MessageStand.OutboxFull,
        _ => MessageStand.Unannounced,
    };

    /// <summary>What was given and not acknowledged when the connection ended.</summary>
    private List<UnacknowledgedPart> Unacknowledged()
    {
        lock (_lock)
        {
            return [.. _feeds.Where(one => one.Value.Sent > one.Value.Held).Select(one =>
                new UnacknowledgedPart(one.Key, one.Value.Held, one.Value.Sent, one.Value.SentAt))];
        }
    }
}
