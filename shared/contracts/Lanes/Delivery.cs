namespace Im.Contracts.Lanes;

/// <summary>A committed message for the connections of one node.</summary>
/// <param name="Origin">The connection on this node that sent it and gets <c>accepted</c> instead; 0 where it is elsewhere.</param>
/// <param name="Users">The users on this node that get <c>message</c> on all connections but the origin.</param>
public sealed record Delivery(
    ConversationId Conversation,
    long Seq,
    long Sender,
    string ClientId,
    string? Type,
    ReadOnlyMemory<byte> Body,
    long Time,
    long Origin,
    IReadOnlyList<long> Users);

/// <summary>The answer to a submission that made no new message: a repeat (<paramref name="Seq"/> above 0) or a refusal (<paramref name="Code"/>).</summary>
public sealed record Answer(long Connection, string ClientId, ConversationId Conversation, long Seq, long Time, string? Code);

/// <summary>A conversation that changed for these users: created, renamed, joined, left.</summary>
/// <param name="Members">Empty for those who are no longer in it.</param>
public sealed record ConversationNotice(ConversationId Conversation, string Title, IReadOnlyList<long> Members, IReadOnlyList<long> Users);

/// <summary>A newer connection of the same device took over, maybe on another node.</summary>
public sealed record ConnectionReplaced(long Connection);

/// <summary>Everything that one commit has for one node.</summary>
public sealed record Envelope(
    IReadOnlyList<Delivery> Deliveries,
    IReadOnlyList<Answer> Answers,
    IReadOnlyList<ConversationNotice> Notices,
    IReadOnlyList<ConnectionReplaced> Replaced)
{
    public static Envelope OfReplaced(long connection) => new([], [], [], [new ConnectionReplaced(connection)]);
}
