using Im.Contracts;
using Im.Message.Commit;
using Im.Message.Cursors;

namespace Im.Message.Log;

/// <summary>The key that makes a message exist once for good.</summary>
public readonly record struct SendKey(long Sender, Guid ClientKey);

/// <summary>Where a message stands, with a print of its content to tell a repeat from the reuse of an id.</summary>
public readonly record struct Placed(ConversationId Conversation, long Seq, long Time, ContentPrint Content);

/// <summary>A message as it goes into the log.</summary>
public sealed record LogRow(
    ConversationId Conversation, long Seq, long Sender, string ClientId, Guid ClientKey, string? Type, ReadOnlyMemory<byte> Body, long Time);

/// <param name="Revisions">Of the shards asked for, read no later than the states; 0 where nothing has changed yet.</param>
public sealed record LoadedStates(IReadOnlyList<ConversationState> States, IReadOnlyDictionary<int, long> Revisions);

/// <summary>
/// The writing side of the log: conversations, members, messages, cursors, blocks. Its one writer is the message service. Every append is all or nothing.
/// PostgreSQL and SQLite keep the same rules under one specification test.
/// </summary>
public interface IMessageLog
{
    /// <summary>The state of each conversation; a new one where there is none. One query for all.</summary>
    Task<LoadedStates> LoadAsync(IReadOnlyCollection<ConversationId> conversations, IReadOnlyCollection<int> shards, CancellationToken cancel);

    /// <summary>Which of these users have an account.</summary>
    Task<IReadOnlyCollection<long>> ExistingUsersAsync(IReadOnlyCollection<long> users, CancellationToken cancel);

    /// <summary>How many others each of these users blocks; nothing of who blocks nobody.</summary>
    Task<IReadOnlyDictionary<long, int>> CountBlocksAsync(IReadOnlyCollection<long> users, CancellationToken cancel);

    /// <summary>Those of the keys that are in the log already. One query for all.</summary>
    Task<IReadOnlyDictionary<SendKey, Placed>> FindAsync(IReadOnlyCollection<SendKey> keys, CancellationToken cancel);

    /// <summary>
    /// Stores the plan durably, or nothing of it. False: a place or an id was taken or a touched shard changed meanwhile, so the plan was made from an
    /// outdated state.
    /// Any exception leaves the outcome unknown: ask <see cref="FindAsync"/> before trying again.
    /// </summary>
    /// <exception cref="UnstorableException">The database will never take a value of this plan.</exception>
    Task<bool> AppendAsync(CommitPlan plan, CancellationToken cancel);

    /// <summary>Moves cursors and marks forward; what lies behind is ignored. Returns the marks that moved, once they are stored.</summary>
    Task<IReadOnlyList<MarkMoved>> MoveCursorsAsync(CursorMoves moves, CancellationToken cancel);

    /// <summary>
    /// Whom to tell what is not stored: the members of these conversations. Left out are those that do not exist, that have more than
    /// <paramref name="limit"/> members, and those of two with a block between them.
    /// </summary>
    Task<IReadOnlyDictionary<ConversationId, MemberList>> AudiencesAsync(
        IReadOnlyCollection<ConversationId> conversations, int limit, CancellationToken cancel);
}

/// <summary>The values are at fault, not the database: trying again cannot help.</summary>
public sealed class UnstorableException(string message, Exception inner) : Exception(message, inner);
