using Im.Contracts.Messages;
using Im.Protocol;

namespace Im.Gateway.Presence;

/// <summary>
/// Whom one connection watches, and what it may be told of them: decisions alone, whoever calls does the telling. Nothing of a user is told before it is
/// known that no block stands between the two.
/// </summary>
/// <remarks>
/// While an answer of the presence service is on its way, changes wait for it, and the latest of them wins over it: the answer may be the older one. Of
/// several questions about a user the last one is answered, since it was asked last. For one thread at a time.
/// </remarks>
public sealed class WatchList
{
    private readonly Dictionary<long, Watched> _watched = [];
    private long _lastQuestion;

    public IReadOnlyCollection<long> Users => _watched.Keys;

    public bool Contains(long user) => _watched.ContainsKey(user);

    /// <summary>False: more than 1,000 users would be watched, and none of these is added.</summary>
    public bool TryAdd(IReadOnlyCollection<long> users)
    {
        if (_watched.Count + users.Count(user => !_watched.ContainsKey(user)) > Limits.WatchedUsers) return false;
        foreach (var user in users) _watched.TryAdd(user, new Watched());
        return true;
    }

    public void Remove(long user) => _watched.Remove(user);

    /// <summary>
    /// Begins a question about users; each is settled by <see cref="Answered"/> or <see cref="Unanswered"/> with the number that this returns.
    /// </summary>
    /// <param name="tell">The client waits for an answer, be it news or not.</param>
    public long Ask(IEnumerable<long> users, bool tell)
    {
        _lastQuestion++;
        foreach (var user in users)
        {
            if (!_watched.TryGetValue(user, out var watched)) continue;
            watched.Question = _lastQuestion;
            watched.IsOwed |= tell;
        }

        return _lastQuestion;
    }

    /// <summary>What is to be told; null for nothing.</summary>
    /// <param name="hidden">A block stands between the two.</param>
    /// <param name="state">Null where the presence service did not answer: all that is known is then what changed meanwhile.</param>
    public PresenceState? Answered(long question, long user, bool hidden, PresenceState? state)
    {
        if (!_watched.TryGetValue(user, out var watched) || watched.Question != question) return null;
        // That somebody who is hidden moved must not show.
        var isNews = watched.IsOwed || watched.Hidden != hidden || (watched.Later is not null && !hidden);
        var told = hidden ? Offline(user) : watched.Later ?? state;
        (watched.Question, watched.Hidden, watched.Later) = (0, hidden, null);
        if (!isNews || told is null) return null;
        watched.IsOwed = false;
        return told;
    }

    /// <summary>Whether a block stands between the two could not be found out: it stays as it was known.</summary>
    public PresenceState? Unanswered(long question, long user)
    {
        if (!_watched.TryGetValue(user, out var watched) || watched.Question != question) return null;
        if (watched.Hidden is { } hidden) return Answered(question, user, hidden, null);
        (watched.Question, watched.Later) = (0, null);
        return null;
    }

    /// <summary>True: the change is to be told.</summary>
    /// <param name="ask">True: it is not known whether it may be told, and nobody asks.</param>
    public bool Changed(PresenceState state, out bool ask)
    {
        ask = false;
        if (!_watched.TryGetValue(state.UserId, out var watched)) return false;
        if (watched.Question != 0) watched.Later = state;
        else ask = watched.Hidden is null;
        return watched is { Question: 0, Hidden: false };
    }

    /// <summary>A block began; what is to be told, null for nothing. Whether it still stands is for a question to find out.</summary>
    public PresenceState? Blocked(long user)
    {
        if (!_watched.TryGetValue(user, out var watched) || watched.Hidden == true) return null;
        (watched.Hidden, watched.IsOwed) = (true, false);
        return Offline(user);
    }

    /// <summary>Who is hidden cannot be told from who was never here.</summary>
    private static PresenceState Offline(long user) => new(user, "offline", null);

    private sealed class Watched
    {
        /// <summary>Null: not known yet.</summary>
        public bool? Hidden { get; set; }

        /// <summary>The question that is under way; 0 where none is.</summary>
        public long Question { get; set; }

        public bool IsOwed { get; set; }

        /// <summary>The latest change since the question began.</summary>
        public PresenceState? Later { get; set; }
    }
}
