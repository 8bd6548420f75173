namespace Im.Contracts.Lanes;

public enum SubmissionKind : byte
{
    Send = 1,
    CreateGroup = 2,
    AddMembers = 3,

    /// <summary>Leaving is the removal of oneself.</summary>
    RemoveMembers = 4,
    RenameGroup = 5,

    /// <summary>The sender blocks the other one of the conversation of two; in order with its messages.</summary>
    BlockUser = 6,
    UnblockUser = 7,
}

/// <summary>
/// One thing that a shard's owner is asked to commit. It travels in a batch with others, in the order of the connection that sent it.
/// </summary>
/// <param name="Connection">The connection on the asking node, or the number of the call that waits; comes back with the answer.</param>
/// <param name="Sender">Taken from the session, never from the client's words.</param>
/// <param name="ClientId">Unique for good per sender.</param>
/// <param name="MayCreate">True where the client named a user: the conversation of the two begins with its first message.</param>
/// <param name="Body">UTF-8; the title where a group is created or renamed.</param>
/// <param name="Type">Null means text/plain.</param>
/// <param name="Members">Whom a group command is about.</param>
/// <param name="Trace">W3C traceparent of the span that handed it on last; null unless the message is sampled.</param>
public sealed record Submission(
    SubmissionKind Kind,
    long Connection,
    long Sender,
    string ClientId,
    ConversationId Conversation,
    bool MayCreate,
    ReadOnlyMemory<byte> Body,
    string? Type = null,
    IReadOnlyList<long>? Members = null,
    string? Trace = null);

/// <summary>What one node hands at once to one message service, through the queue of one of its shards.</summary>
/// <param name="Node">Boot id of the node that waits for the answers.</param>
public sealed record SubmitBatch(string Node, IReadOnlyList<Submission> Submissions);
