namespace Im.Presence.Seen;

/// <summary>
/// Lets a user's beat through at most once a minute, however often his devices beat, and holds it until the next round. Bounded: a beat that finds no
/// room is ignored, for the next one of the same user comes soon.
/// </summary>
public sealed class BeatGate(TimeProvider time, int capacity = 200_000)
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Dictionary<long, long> _last = [];
    private readonly HashSet<long> _waiting = [];

    /// <summary>The user was heard from.</summary>
    public void Note(long user)
    {
        var now = time.GetTimestamp();
        lock (_last)
        {
            if (_last.TryGetValue(user, out var last) && time.GetElapsedTime(last, now) < Every) return;
            if (_last.Count >= capacity && !_last.ContainsKey(user)) Forget(now);
            if (_last.Count >= capacity && !_last.ContainsKey(user)) return;
            _last[user] = now;
            _waiting.Add(user);
        }
    }

    /// <summary>Users heard from since, each once in a minute; at most <paramref name="limit"/>, the others wait.</summary>
    public IReadOnlyList<long> Take(int limit)
    {
        lock (_last)
        {
            long[] taken = [.. _waiting.Take(limit)];
            _waiting.ExceptWith(taken);
            return taken;
        }
    }

    private void Forget(long now)
    {
        foreach (var (user, last) in _last)
        {
            if (time.GetElapsedTime(last, now) >= Every) _last.Remove(user);
        }
    }
}
