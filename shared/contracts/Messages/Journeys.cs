namespace Im.Contracts.Messages;

/// <summary>How a message stands on a connection. The names go over the bus as numbers: new ones at the end.</summary>
public enum MessageStand
{
    /// <summary>The connection does not know of it: its envelope was lost or is on its way, and reconciliation brings it.</summary>
    Unannounced = 0,

    /// <summary>The replay has not come to know where the device stands.</summary>
    Replaying = 1,

    /// <summary>It is being read from the log.</summary>
    ReadingLog = 2,

    /// <summary>It is read from the log once the client has taken what waits: the outbox is full.</summary>
    OutboxFull = 3,

    Sent = 4,

    /// <summary>Sent, but the client has taken nothing from its socket for some time.</summary>
    SentUnread = 5,

    /// <summary>Acknowledged on this connection; the cursor is stored within moments.</summary>
    Acknowledged = 6,

    /// <summary>The client said when it connected that it holds the message.</summary>
    Held = 7,
}

/// <summary>Asked of every gateway at once: where is this message, as far as you know?</summary>
/// <param name="Question">To tell its answers from others.</param>
public sealed record LocateMessage(Guid Question, Guid Conversation, long Seq, IReadOnlyList<long> UserIds)
{
    /// <summary>Nobody waits for an answer longer; a question that is older is dropped.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);
}

/// <param name="Connection">Its number, which tells when it began.</param>
/// <param name="SentAt">When the connection was last given something of the conversation, Unix milliseconds: the message came then or before. Null: nothing yet.</param>
/// <param name="EndedAt">When the connection ended; null while it lives.</param>
public sealed record MessageOnConnection(long DeviceKey, long Connection, MessageStand Stand, long? SentAt, long? EndedAt);

/// <summary>Event, the answer of one gateway.</summary>
/// <param name="RemembersSince">It remembers the connections that ended since, Unix milliseconds.</param>
public sealed record MessageLocated(Guid Question, string Boot, IReadOnlyList<MessageOnConnection> Connections, long RemembersSince);
