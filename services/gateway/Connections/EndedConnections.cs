using Im.Contracts;
using Im.Contracts.Messages;

namespace Im.Gateway.Connections;

/// <summary>What an ended connection had been given of a conversation and its device had not acknowledged.</summary>
public readonly record struct UnacknowledgedPart(ConversationId Conversation, long Held, long Sent, long SentAt);

/// <summary>
/// What connections were given and never acknowledged before they ended, for operators who look for a message. Nothing is kept per message: two numbers for each
/// conversation of such a connection. When it is full, the connections that ended first are forgotten, and the answer says since when it remembers.
/// </summary>
public sealed class EndedConnections(TimeProvider time)
{
    /// <summary>Parts at most, 48 bytes each: 5 MB.</summary>
    public const int MaxParts = 100_000;

    private readonly record struct Ended(long User, long DeviceKey, long Connection, long EndedAt, UnacknowledgedPart[] Parts);

    private readonly Lock _lock = new();
    private readonly Queue<Ended> _ended = [];
    private long _since = time.GetUtcNow().ToUnixTimeMilliseconds();
    private int _count;

    public void Remember(long user, long deviceKey, long connection, IReadOnlyCollection<UnacknowledgedPart> parts)
    {
        if (parts.Count == 0) return;
        // Of one that alone is more than all of this may be, the rest is not remembered.
        var kept = parts.Take(MaxParts).ToArray();
        lock (_lock)
        {
            _ended.Enqueue(new Ended(user, deviceKey, connection, time.GetUtcNow().ToUnixTimeMilliseconds(), kept));
            for (_count += kept.Length; _count > MaxParts; _count -= _ended.Dequeue().Parts.Length) _since = _ended.Peek().EndedAt + 1;
        }
    }

    /// <summary>The connections of these users that were given the message; looks through all that is remembered, for a person who asks.</summary>
    /// <param name="since">It remembers what ended then or later, Unix milliseconds.</param>
    public IReadOnlyList<MessageOnConnection> Find(IReadOnlySet<long> users, ConversationId conversation, long seq, out long since)
    {
        var found = new List<MessageOnConnection>();
        lock (_lock)
        {
            since = _since;
            foreach (var one in _ended)
            {
                if (!users.Contains(one.User)) continue;
                foreach (var part in one.Parts)
                {
                    if (part.Conversation == conversation && part.Held < seq && seq <= part.Sent)
                        found.Add(new MessageOnConnection(one.DeviceKey, one.Connection, MessageStand.Sent, part.SentAt, one.EndedAt));
                }
            }
        }

        return found;
    }
}
