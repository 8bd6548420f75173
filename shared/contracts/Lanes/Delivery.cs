namespace Im.Contracts.Lanes;

/// <summary>A committed message for the connections of one node.</summary>
/// <param name="Origin">The connection on this node that sent it and gets <c>accepted</c> instead; 0 where it is elsewhere.</param>
/// <param name="Users">The users on this node that get <c>message</c> on all connections but the origin.</param>
/// <param name="Trace">W3C traceparent of the commit's span; null unless the message is sampled.</param>
public sealed record Delivery(
    ConversationId Conversation,
    long Seq,
    long Sender,
    string ClientId,
    string? Type,
    ReadOnlyMemory<byte> Body,
    long Time,
    long Origin,
    IReadOnlyList<long> Users,
    string? Trace = null);

/// <summary>The answer to a submission that made no new message: a repeat (<paramref name="Seq"/> above 0) or a refusal (<paramref name="Code"/>).</summary>
public sealed record Answer(long Connection, string ClientId, ConversationId Conversation, long Seq, long Time, string? Code);

/// <summary>A conversation that changed for these users: created, renamed, joined, left.</summary>
/// <param name="Members">Empty for those who are no longer in it.</param>
public sealed record ConversationNotice(ConversationId Conversation, string Title, IReadOnlyList<long> Members, IReadOnlyList<long> Users);

/// <summary>A newer connection of the same device took over, maybe on another node.</summary>
public sealed record ConnectionReplaced(long Connection);

/// <summary>How far a user got, after it was stored. Best effort.</summary>
/// <param name="Device">The device that reported it and is not told.</param>
/// <param name="Delivered">Highest seq; 0 where it did not move.</param>
/// <param name="Read">Highest seq; 0 where it did not move.</param>
public sealed record ReceiptNotice(ConversationId Conversation, long User, long Device, long Delivered, long Read, IReadOnlyList<long> Users);

/// <summary>Somebody types. Best effort.</summary>
public sealed record TypingNotice(ConversationId Conversation, long User, IReadOnlyList<long> Users);

/// <summary>Everything that one commit has for one node, or what is told beside commits.</summary>
public sealed record Envelope(
    IReadOnlyList<Delivery> Deliveries,
    IReadOnlyList<Answer> Answers,
    IReadOnlyList<ConversationNotice> Notices,
    IReadOnlyList<ConnectionReplaced> Replaced,
    IReadOnlyList<ReceiptNotice> Receipts,
    IReadOnlyList<TypingNotice> Typings)
{
    public static readonly Envelope Empty = new([], [], [], [], [], []);
}
