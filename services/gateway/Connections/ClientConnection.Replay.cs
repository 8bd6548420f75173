using System.Data.Common;
using System.Net.Sockets;
using Im.Gateway.Log;
using Im.Protocol;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    /// <summary>How often a read that fails is tried again while the connection lives.</summary>
    private static readonly TimeSpan ReadAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Marks that came before it was known what this connection was given; a client repeats its own right behind hello.</summary>
    private readonly List<EarlyMark> _earlyMarks = [];
    private const int MaxEarlyMarks = 2_000;

    private readonly record struct EarlyMark(string Conversation, long Seq, bool IsRead);

    private void StartReplay(IReadOnlyDictionary<string, long>? cursors)
    {
        lock (_lock) _reading = true;
        Run(() => ReplayAsync(cursors));
    }

    /// <summary>Beside the lock of the caller. A fault of ours ends this connection: the next one reads again.</summary>
    private void Run(Func<Task> work) => _ = Task.Run(async () =>
    {
        try
        {
            await work();
        }
        catch (Exception fault)
        {
            _services.ReplayFailed(fault);
            Close(CloseCodes.Restarting, 1000 + Jitter());
        }
    });

    private async Task ReplayAsync(IReadOnlyDictionary<string, long>? cursors)
    {
        var starts = await ReadUntilDoneAsync<IReadOnlyList<ConversationStart>>(
            async () => await _services.Log.StartsAsync(_session!.User, _session.DeviceKey, _ending.Token));
        if (starts is null) return;
        lock (_lock)
        {
            foreach (var start in starts) Begin(start, cursors);
            // Conversations that began after they were listed came by a live message and are read from where the user sees them.
            _feedsKnown = true;
            foreach (var (conversation, feed) in _feeds.Where(entry => entry.Value.Known == long.MaxValue).ToArray())
            {
                feed.Begin(0);
                Offer(conversation, feed, 1, isLive: false);
            }
        }

        foreach (var mark in _earlyMarks) Acknowledge(mark.Conversation, mark.Seq, mark.IsRead);
        _earlyMarks.Clear();
        await CatchUpAsync();
    }

    /// <summary>Kept until the replay knows the conversations. True: nothing more is to be done now.</summary>
    private bool IsEarly(EarlyMark mark)
    {
        lock (_lock)
        {
            if (_feedsKnown) return false;
            if (_earlyMarks.Count < MaxEarlyMarks)
            {
                _earlyMarks.Add(mark);
                return true;
            }
        }

        Send(new ServerFrame.Error(Codes.Unavailable, "too many acknowledgements before the first replay; repeat them after it"));
        return true;
    }

    /// <summary>Where this connection starts in a conversation: at what the client says it holds, else at the device's cursor. Under the lock.</summary>
    private void Begin(ConversationStart start, IReadOnlyDictionary<string, long>? cursors)
    {
        var cursor = cursors is not null && cursors.TryGetValue(start.Conversation.ToString(), out var held) ? held : start.Cursor;
        var early = _feeds.TryGetValue(start.Conversation, out var feed);
        feed ??= _feeds[start.Conversation] = new ConversationFeed(0);
        feed.Begin(Math.Min(Math.Max(cursor, start.FromSeq - 1), Math.Max(start.Head, start.FromSeq - 1)));
        // A live message that was noted meanwhile lies beyond the listed head, or the read finds nothing new: both are right.
        var known = early ? Math.Max(start.Head, feed.Sent + 1) : start.Head;
        if (known > feed.Sent && feed.Offer(known, hasRoom: false) == FeedStep.CatchUp) _behind.Enqueue((start.Conversation, false));
    }

    /// <summary>Reads with few others at once, again and again while the database is away. Null: the connection ended first.</summary>
    private async Task<T?> ReadUntilDoneAsync<T>(Func<Task<T>> read)
        where T : class
    {
        while (!IsClosing)
        {
            try
            {
                await _services.ReadSlots.WaitAsync(_ending.Token);
                try
                {
                    return await read();
                }
                finally
                {
                    _services.ReadSlots.Release();
                }
            }
            catch (Exception fault) when (fault is DbException or TimeoutException or SocketException)
            {
                _services.ReadFailed(fault);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            await Task.Delay(ReadAgain, _services.Time, CancellationToken.None);
        }

        return null;
    }
}
