using Im.Protocol;

namespace Im.Client;

public sealed partial class ImClient
{
    // A hello has to fit into one WebSocket message; a cursor takes at most an id of 64, its quotes, a seq and a comma.
    private const int MaxCursorsInHello = Limits.ClientMessageBytes / 100;

    private readonly Dictionary<string, ConversationCursor> _cursors = [];
    private readonly HashSet<string> _untold = [];
    private readonly ITimer _ackTimer;
    private bool _ackScheduled;
    private string? _log;

    /// <summary>What the application has taken; kept across processes by giving it to <see cref="ImClientOptions.Cursors"/> the next time.</summary>
    public ImCursors Cursors
    {
        get
        {
            lock (_gate) return new ImCursors(_log, _cursors.Where(held => held.Value.Acked > 0).ToDictionary(held => held.Key, held => held.Value.Acked));
        }
    }

    /// <summary>Says that this device has everything of the conversation up to <paramref name="seq"/>; more than was received counts as that, an unknown conversation as nothing.</summary>
    /// <remarks>Returns once it is noted; it is said within <see cref="ImClientOptions.AckDelay"/>. What a broken connection swallows is said again on the next one.</remarks>
    /// <exception cref="ImStoppedException">The client has stopped.</exception>
    public ValueTask AckAsync(string conversation, long seq, CancellationToken cancellationToken = default) =>
        MarkAsync(conversation, () => _cursors.TryGetValue(conversation, out var cursor) && cursor.Acknowledge(seq), cancellationToken);

    /// <summary>
    /// Says that the user has read the conversation up to <paramref name="seq"/>; acknowledges it as well. Of a conversation of which this client
    /// received nothing yet (its history came over HTTP) it says what it is told; the server takes more than this device was given as that.
    /// </summary>
    /// <remarks>As <see cref="AckAsync"/>.</remarks>
    /// <exception cref="ImStoppedException">The client has stopped.</exception>
    /// <exception cref="ArgumentException">This is no conversation's id.</exception>
    public ValueTask MarkReadAsync(string conversation, long seq, CancellationToken cancellationToken = default)
    {
        if (conversation.Length is 0 or > Limits.IdLength) return ValueTask.FromException(new ArgumentException("an id has 1 to 64 characters", nameof(conversation)));
        return MarkAsync(conversation, () => seq > 0 && CursorOf(conversation).MarkRead(seq), cancellationToken);
    }

    private ValueTask MarkAsync(string conversation, Func<bool> mark, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        lock (_gate)
        {
            if (_stopped is not null) return ValueTask.FromException(_stopped);
            if (mark()) ScheduleMarks(conversation);
        }

        return ValueTask.CompletedTask;
    }

    private void ScheduleMarks(string conversation)
    {
        _untold.Add(conversation);
        if (_ackScheduled || _disposed) return;
        _ackScheduled = true;
        _ackTimer.Change(_options.AckDelay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>One frame per conversation, all in one array; without a connection they stay for the next.</summary>
    private void FlushMarks()
    {
        lock (_gate)
        {
            _ackScheduled = false;
            if (_connection is not { } connection) return;
            foreach (var conversation in _untold)
            {
                if (Tell(connection, conversation, CursorOf(conversation))) continue;
                ScheduleMarks(conversation);
                return;
            }

            _untold.Clear();
        }
    }

    private static bool Tell(ImConnection connection, string conversation, ConversationCursor cursor)
    {
        if (cursor.Read > cursor.ReadSent)
        {
            if (!connection.TrySend(new ClientFrame.Read(conversation, cursor.Read))) return false;
            cursor.ReadSent = cursor.Read;
            cursor.AckSent = Math.Max(cursor.AckSent, cursor.Read);
        }

        if (cursor.Acked <= cursor.AckSent) return true;
        if (!connection.TrySend(new ClientFrame.Ack(conversation, cursor.Acked))) return false;
        cursor.AckSent = cursor.Acked;
        return true;
    }

    /// <summary>Nothing confirms an acknowledgement, so a new connection hears again what the last ones were told.</summary>
    private void MarksAreUntold()
    {
        foreach (var (conversation, cursor) in _cursors)
        {
            if (cursor.AckSent == cursor.Start && cursor.ReadSent == 0 && cursor.Acked == cursor.Start) continue;
            (cursor.AckSent, cursor.ReadSent) = (cursor.Start, 0);
            ScheduleMarks(conversation);
        }
    }

    private ConversationCursor CursorOf(string conversation)
    {
        if (_cursors.TryGetValue(conversation, out var cursor)) return cursor;
        return _cursors[conversation] = new ConversationCursor(0);
    }

    private void LoadCursors(ImCursors? cursors)
    {
        if (cursors is null) return;
        _log = cursors.Log;
        foreach (var (conversation, seq) in cursors.Conversations)
        {
            if (conversation.Length is 0 or > Limits.IdLength || seq < 0) throw new ArgumentException($"no cursor of this system: {conversation} {seq}");
            _cursors[conversation] = new ConversationCursor(seq);
        }
    }

    /// <summary>Where there are more than fit, the others are replayed from the server's own cursor, which costs repeats and loses nothing.</summary>
    private Dictionary<string, long>? CursorsForHello()
    {
        lock (_gate)
        {
            var named = new Dictionary<string, long>();
            foreach (var (conversation, cursor) in _cursors)
            {
                cursor.Based = cursor.Held > 0 && named.Count < MaxCursorsInHello;
                if (cursor.Based) named.Add(conversation, cursor.Held);
            }

            return named.Count == 0 ? null : named;
        }
    }

    private bool LogChanged(string log)
    {
        lock (_gate)
        {
            var changed = _log is not null && _log != log;
            if (changed)
            {
                _cursors.Clear();
                _untold.Clear();
            }

            _log = log;
            return changed;
        }
    }
}
