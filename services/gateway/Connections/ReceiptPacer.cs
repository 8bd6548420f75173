using Im.Contracts;

namespace Im.Gateway.Connections;

/// <param name="User">Who got so far.</param>
/// <param name="Delivered">Highest seq; 0 where nothing is said of it.</param>
/// <param name="Read">Highest seq; 0 where nothing is said of it.</param>
public readonly record struct Receipt(ConversationId Conversation, long User, long Delivered, long Read)
{
    public Receipt With(Receipt other) => this with { Delivered = Math.Max(Delivered, other.Delivered), Read = Math.Max(Read, other.Read) };
}

/// <summary>
/// At most one receipt per conversation and second on a connection. The first goes out at once; what follows within the second is merged, and the latest
/// state goes out when it is over. Its connection's lock guards it.
/// </summary>
public sealed class ReceiptPacer(TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Conversations with a receipt within the last second, or one that waits. A receipt for one more is dropped.</summary>
    public const int MaxConversations = 5_000;

    /// <summary>What waits, by user: the two of a pair at most. Null where nothing does.</summary>
    private readonly Dictionary<ConversationId, List<Receipt>?> _paused = [];

    /// <summary>The paused ones, each once, in the order in which their pauses end.</summary>
    private readonly Queue<(ConversationId Conversation, long Since)> _order = new();

    /// <param name="hasRoom">False where the connection cannot take it now; then it waits like one that comes too early.</param>
    /// <returns>True: send it now.</returns>
    public bool Offer(Receipt receipt, bool hasRoom)
    {
        if (!_paused.TryGetValue(receipt.Conversation, out var waiting))
        {
            if (_paused.Count >= MaxConversations) return false;
            _paused[receipt.Conversation] = hasRoom ? null : [receipt];
            _order.Enqueue((receipt.Conversation, time.GetTimestamp()));
            return hasRoom;
        }

        if (waiting is null) _paused[receipt.Conversation] = waiting = [];
        var same = waiting.FindIndex(one => one.User == receipt.User);
        if (same < 0) waiting.Add(receipt);
        else waiting[same] = waiting[same].With(receipt);
        return false;
    }

    /// <summary>One that waited for its second to be over; null where there is none (any more).</summary>
    public Receipt? TakeDue(bool hasRoom)
    {
        while (_order.TryPeek(out var first) && time.GetElapsedTime(first.Since) >= Pause)
        {
            _order.Dequeue();
            if (_paused[first.Conversation] is not { Count: > 0 } waiting)
            {
                _paused.Remove(first.Conversation);
                continue;
            }

            _order.Enqueue((first.Conversation, time.GetTimestamp()));
            if (!hasRoom) continue;
            var due = waiting[0];
            waiting.RemoveAt(0);
            return due;
        }

        return null;
    }
}
