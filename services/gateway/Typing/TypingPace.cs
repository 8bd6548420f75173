using Im.Contracts;

namespace Im.Gateway.Typing;

/// <summary>How often one connection tells that its user types: once in three seconds for each conversation. For one thread.</summary>
public sealed class TypingPace(TimeProvider time)
{
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(3);

    /// <summary>Conversations in which one types within the pause; more are not told.</summary>
    public const int MaxConversations = 100;

    private readonly Dictionary<ConversationId, long> _told = [];

    /// <summary>False: it was told a moment ago.</summary>
    public bool TryTake(ConversationId conversation)
    {
        if (_told.TryGetValue(conversation, out var last) && !IsOver(last)) return false;
        if (_told.Count >= MaxConversations)
        {
            foreach (var over in _told.Where(entry => IsOver(entry.Value)).Select(entry => entry.Key).ToArray()) _told.Remove(over);
            if (_told.Count >= MaxConversations) return false;
        }

        _told[conversation] = time.GetTimestamp();
        return true;
    }

    private bool IsOver(long told) => time.GetElapsedTime(told) >= Pause;
}
