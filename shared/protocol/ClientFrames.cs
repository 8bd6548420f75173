namespace Im.Protocol;

/// <summary>Where a message goes: to a user (the conversation of the two) or into a conversation. Exactly one is set.</summary>
public readonly record struct Target(string? User, string? Conversation)
{
    public static Target ToUser(string userId) => new(userId, null);

    public static Target ToConversation(string conversationId) => new(null, conversationId);
}

/// <summary>What a client says.</summary>
public abstract record ClientFrame
{
    private ClientFrame() { }

    /// <summary>First frame, within 10 s. <paramref name="Cursors"/>: the highest seq held, by conversation.</summary>
    public sealed record Hello(string Session, IReadOnlyDictionary<string, long>? Cursors = null) : ClientFrame;

    /// <param name="Id">The client's own message id, unique for good over all devices of the user.</param>
    /// <param name="Body">UTF-8, at most 16 KiB, without U+0000.</param>
    /// <param name="Type">Null means <c>text/plain</c>.</param>
    public sealed record Send(string Id, Target To, ReadOnlyMemory<byte> Body, string? Type = null) : ClientFrame;

    /// <summary>This device holds everything of the conversation up to <paramref name="Seq"/>.</summary>
    public sealed record Ack(string Conversation, long Seq) : ClientFrame;

    /// <summary>The user has read up to <paramref name="Seq"/>; implies <see cref="Ack"/>.</summary>
    public sealed record Read(string Conversation, long Seq) : ClientFrame;

    public sealed record Typing(Target To) : ClientFrame;

    public sealed record Watch(IReadOnlyList<string> Users, bool Off = false) : ClientFrame;

    /// <param name="Value">online, away, busy or invisible.</param>
    public sealed record Status(string Value) : ClientFrame;

    public sealed record Ping : ClientFrame;

    public sealed record Bye : ClientFrame;
}
