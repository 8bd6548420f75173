using System.Net.WebSockets;
using Im.Protocol;

namespace Im.Client;

public sealed partial class ImClient
{
    // Both hold for one connection only; the client says them again on the next one.
    private readonly HashSet<string> _watched = [];
    private string? _status;

    /// <summary>Subscribes to the presence of users, 1,000 at most; each is answered with one <see cref="PresenceChanged"/>, again after each reconnect.</summary>
    /// <exception cref="ArgumentException">More than 1,000 users would be watched.</exception>
    /// <exception cref="ImStoppedException">The client has stopped.</exception>
    public ValueTask WatchAsync(IReadOnlyCollection<string> users, CancellationToken cancellationToken = default) => SayAsync(
        Watches(users, off: false),
        () =>
        {
            if (_watched.Count + users.Count(user => !_watched.Contains(user)) > Limits.WatchedUsers)
                throw new ArgumentException($"at most {Limits.WatchedUsers} users are watched", nameof(users));
            _watched.UnionWith(users);
        },
        cancellationToken);

    /// <summary>Ends the subscription to the presence of users.</summary>
    /// <exception cref="ImStoppedException">The client has stopped.</exception>
    public ValueTask UnwatchAsync(IReadOnlyCollection<string> users, CancellationToken cancellationToken = default) =>
        SayAsync(Watches(users, off: true), () => _watched.ExceptWith(users), cancellationToken);

    /// <summary>Chooses this user's status; it stays chosen over reconnects of this client.</summary>
    /// <param name="status">One of <see cref="ImStatus"/>.</param>
    /// <param name="cancellationToken">Ends the wait for room in a full connection; the status is chosen nevertheless.</param>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    /// <exception cref="ImStoppedException">The client has stopped.</exception>
    public ValueTask SetStatusAsync(string status, CancellationToken cancellationToken = default) => SayAsync(
        [new ClientFrame.Status(status)],
        () =>
        {
            if (!ImStatus.IsOne(status)) throw new ArgumentException("a status is online, away, busy or invisible", nameof(status));
            _status = status;
        },
        cancellationToken);

    /// <summary>Tells the others that the user is typing; best effort, nothing repeats it. Say it again every few seconds while it is so.</summary>
    /// <exception cref="ImStoppedException">The client has stopped.</exception>
    public ValueTask TypingAsync(Target to, CancellationToken cancellationToken = default) =>
        SayAsync([new ClientFrame.Typing(to)], () => { }, cancellationToken);

    /// <summary>Without a connection there is nobody to tell: what has to last is said again by <see cref="RepeatStandingWishes"/>.</summary>
    /// <param name="frames">Said in the order of the calls, unless the connection's buffer is full: then it is waited for.</param>
    /// <param name="remember">Notes under the lock what is to last.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    private async ValueTask SayAsync(List<ClientFrame> frames, Action remember, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ImConnection? connection;
        var said = 0;
        lock (_gate)
        {
            if (_stopped is not null) throw _stopped;
            remember();
            connection = _connection;
            while (connection is not null && said < frames.Count && connection.TrySend(frames[said])) said++;
        }

        try
        {
            while (connection is not null && said < frames.Count) await connection.SendAsync(frames[said++], cancellationToken).ConfigureAwait(false);
        }
        catch (WebSocketException)
        {
            // The connection has ended: the next one is told.
        }
    }

    private void RepeatStandingWishes(ImConnection connection)
    {
        if (_status is not null) connection.TrySend(new ClientFrame.Status(_status));
        foreach (var watch in Watches(_watched, off: false)) connection.TrySend(watch);
    }

    // 1,000 ids of 64 do not fit into one frame of 64 KiB.
    private static List<ClientFrame> Watches(IReadOnlyCollection<string> users, bool off) =>
        [.. users.Chunk(Limits.WatchedUsers / 2).Select(some => new ClientFrame.Watch(some, off))];
}
