using Im.Protocol;

namespace Im.Client;

public sealed partial class ImClient
{
    // Both hold for one connection only; the client says them again on the next one.
    private readonly HashSet<string> _watched = [];
    private string? _status;

    /// <summary>Subscribes to the presence of users, 1,000 at most; each is answered with one <see cref="PresenceChanged"/>, again after each reconnect.</summary>
    /// <exception cref="ArgumentException">More than 1,000 users would be watched.</exception>
    public ValueTask WatchAsync(IReadOnlyCollection<string> users, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_watched.Count + users.Count(user => !_watched.Contains(user)) > Limits.WatchedUsers)
                throw new ArgumentException($"at most {Limits.WatchedUsers} users are watched", nameof(users));
            _watched.UnionWith(users);
        }

        return SayAsync(Watches(users, off: false), cancellationToken);
    }

    public ValueTask UnwatchAsync(IReadOnlyCollection<string> users, CancellationToken cancellationToken = default)
    {
        lock (_gate) _watched.ExceptWith(users);
        return SayAsync(Watches(users, off: true), cancellationToken);
    }

    /// <param name="status">online, away, busy or invisible.</param>
    public ValueTask SetStatusAsync(string status, CancellationToken cancellationToken = default)
    {
        lock (_gate) _status = status;
        return SayAsync([new ClientFrame.Status(status)], cancellationToken);
    }

    /// <summary>Tells the others that the user is typing; best effort, nothing repeats it.</summary>
    public ValueTask TypingAsync(Target to, CancellationToken cancellationToken = default) => SayAsync([new ClientFrame.Typing(to)], cancellationToken);

    /// <summary>Without a connection there is nobody to tell: what has to last is said again by <see cref="RepeatStandingWishes"/>.</summary>
    private ValueTask SayAsync(IEnumerable<ClientFrame> frames, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_stopped is not null) throw _stopped;
            foreach (var frame in frames) _connection?.TrySend(frame);
        }

        return ValueTask.CompletedTask;
    }

    private void RepeatStandingWishes(ImConnection connection)
    {
        if (_status is not null) connection.TrySend(new ClientFrame.Status(_status));
        foreach (var watch in Watches(_watched, off: false)) connection.TrySend(watch);
    }

    // 1,000 ids of 64 do not fit into one frame of 64 KiB.
    private static IEnumerable<ClientFrame> Watches(IReadOnlyCollection<string> users, bool off) =>
        users.Chunk(Limits.WatchedUsers / 2).Select(some => new ClientFrame.Watch(some, off));
}
