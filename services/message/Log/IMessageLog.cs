using Im.Contracts;
using Im.Contracts.Messages;
using Im.Message.Commit;

namespace Im.Message.Log;

/// <summary>The key that makes a message exist once for good.</summary>
public readonly record struct SendKey(long Sender, Guid ClientKey);

/// <summary>Where a message stands, with a print of its content to tell a repeat from the reuse of an id.</summary>
public readonly record struct Placed(ConversationId Conversation, long Seq, long Time, ContentPrint Content);

/// <summary>A message as it goes into the log.</summary>
public sealed record LogRow(
    ConversationId Conversation, long Seq, long Sender, string ClientId, Guid ClientKey, string? Type, ReadOnlyMemory<byte> Body, long Time);

/// <summary>
/// The writing side of the log: conversations, members, messages, cursors. Its one writer is the message service. Every append is all or nothing.
/// PostgreSQL and SQLite keep the same rules under one specification test.
/// </summary>
public interface IMessageLog
{
    /// <summary>The state of each conversation; a new one where there is none. One query for all.</summary>
    Task<IReadOnlyList<ConversationState>> LoadAsync(IReadOnlyCollection<ConversationId> conversations, CancellationToken cancel);

    /// <summary>Which of these users have an account.</summary>
    Task<IReadOnlyCollection<long>> ExistingUsersAsync(IReadOnlyCollection<long> users, CancellationToken cancel);

    /// <summary>Those of the keys that are in the log already. One query for all.</summary>
    Task<IReadOnlyDictionary<SendKey, Placed>> FindAsync(IReadOnlyCollection<SendKey> keys, CancellationToken cancel);

    /// <summary>
    /// Stores the plan durably, or nothing of it. False: a place or an id was taken meanwhile, so the plan was made from an outdated state.
    /// Any exception leaves the outcome unknown: ask <see cref="FindAsync"/> before trying again.
    /// </summary>
    /// <exception cref="UnstorableException">The database will never take a value of this plan.</exception>
    Task<bool> AppendAsync(CommitPlan plan, CancellationToken cancel);

    /// <summary>Moves cursors and marks forward; what lies behind is ignored.</summary>
    Task MoveCursorsAsync(IReadOnlyCollection<CursorMoved> cursors, CancellationToken cancel);
}

/// <summary>The values are at fault, not the database: trying again cannot help.</summary>
public sealed class UnstorableException(string message, Exception inner) : Exception(message, inner);
