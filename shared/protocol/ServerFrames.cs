namespace Im.Protocol;

/// <summary>What a gateway says. Times are Unix milliseconds, seqs start at 1 in each conversation.</summary>
public abstract record ServerFrame
{
    private ServerFrame() { }

    /// <param name="Heartbeat">Seconds between pings at most.</param>
    /// <param name="Log">Changes when the log was restored from a backup: drop all cursors.</param>
    public sealed record Welcome(
        string User, string Device, string Connection, int Heartbeat, long Time, IReadOnlyList<string> Gateways, string Log) : ServerFrame;

    /// <summary>Committed to durable storage at this place.</summary>
    public sealed record Accepted(string Id, string Conversation, long Seq, string MessageId, long Time) : ServerFrame;

    public sealed record Rejected(string Id, string Code, bool Retryable, int? RetryAfterMs = null) : ServerFrame;

    /// <param name="Id">The sender's own message id, only towards the sender's devices.</param>
    public sealed record Message(
        string Conversation, long Seq, string MessageId, string From, string? Id, ReadOnlyMemory<byte> Body, string Type, long Time) : ServerFrame;

    /// <summary>Everything missed before this connection has been sent.</summary>
    public sealed record Synced : ServerFrame;

    public sealed record Receipt(string Conversation, string User, long? Delivered, long? Read) : ServerFrame;

    public sealed record ConversationChanged(string Id, string Kind, string? Title, IReadOnlyList<string>? Members) : ServerFrame;

    public sealed record ContactChanged(string User, string State) : ServerFrame;

    public sealed record Presence(string User, string Status, long? LastSeen) : ServerFrame;

    public sealed record Typing(string Conversation, string User) : ServerFrame;

    public sealed record Pong(long Time) : ServerFrame;

    public sealed record Error(string Code, string Detail) : ServerFrame;

    public sealed record Bye(int Code, int? ReconnectAfterMs = null, string? Gateway = null) : ServerFrame;
}
