using System.Data.Common;
using System.Net.Sockets;
using System.Text;
using Im.Contracts;
using Im.Gateway.Log;
using Im.Protocol;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    private const int PageSize = 200;

    /// <summary>How often a read that fails is tried again while the connection lives.</summary>
    private static readonly TimeSpan ReadAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Conversations whose log has to be read, in order; one reader works it off.</summary>
    private readonly Queue<ConversationId> _behind = [];
    private bool _reading;
    private bool _synced;

    /// <summary>Marks that came before it was known what this connection was given; a client repeats its own right behind hello.</summary>
    private readonly List<EarlyMark> _earlyMarks = [];
    private const int MaxEarlyMarks = 2_000;

    private readonly record struct EarlyMark(string Conversation, long Seq, bool IsRead);

    private void StartReplay(IReadOnlyDictionary<string, long>? cursors)
    {
        lock (_lock) _reading = true;
        Run(() => ReplayAsync(cursors));
    }

    /// <summary>Under the lock. Joins the running reader, or starts one.</summary>
    private void StartCatchUp(ConversationId conversation)
    {
        _behind.Enqueue(conversation);
        if (_reading) return;
        _reading = true;
        Run(CatchUpAsync);
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
        if (known > feed.Sent && feed.Offer(known, hasRoom: false) == FeedStep.CatchUp) _behind.Enqueue(start.Conversation);
    }

    /// <summary>Works off what is behind; the first time that nothing is, the client is synced.</summary>
    private async Task CatchUpAsync()
    {
        while (true)
        {
            ConversationId conversation;
            lock (_lock)
            {
                if (!_behind.TryDequeue(out conversation))
                {
                    _reading = false;
                    if (_synced || _close is not null) return;
                    _synced = true;
                    Add(new ServerFrame.Synced());
                    break;
                }
            }

            if (!await CatchUpAsync(conversation)) return;
        }

        Wake();
    }

    /// <summary>Reads one conversation to its end, or leaves it for later where it has none. False: the connection ended.</summary>
    private async Task<bool> CatchUpAsync(ConversationId conversation)
    {
        while (true)
        {
            await WhenRoomAsync();
            long after, announced;
            lock (_lock) (after, announced) = (_feeds[conversation].Sent, _feeds[conversation].Known);
            var page = await ReadUntilDoneAsync(() => _services.Log.ReadAsync(_session!.User, conversation, after, null, PageSize, _ending.Token), nullIsAnswer: true);
            if (IsClosing) return false;
            bool isDone, isStuck;
            lock (_lock)
            {
                var feed = _feeds[conversation];
                var isAll = page is null || AddPage(conversation, feed, page);
                var isNothing = page is null || page.Messages.Count == 0;
                isDone = isNothing ? feed.TryAbandon(announced) : isAll && page!.Messages.Count < PageSize && feed.TryFinish();
                isStuck = !isDone && !isNothing && isAll && feed.Sent == after;
                if (isDone) AnswerDeferred(feed);
            }

            if (isDone)
            {
                Wake();
                return true;
            }

            if (!isStuck) continue;
            if (!await PauseAsync()) return false;
            if (TryPutOff(conversation)) return true;
        }
    }

    /// <summary>Behind the others that are behind: what one conversation lacks must not be lacking in all.</summary>
    private bool TryPutOff(ConversationId conversation)
    {
        lock (_lock)
        {
            if (_behind.Count == 0) return false;
            _behind.Enqueue(conversation);
            return true;
        }
    }

    /// <summary>
    /// A place of the log is empty, which only a bad restore brings about: nothing behind it is ever sent, and reading as fast as the database answers would take it
    /// from everybody else. False: the connection ended.
    /// </summary>
    private async Task<bool> PauseAsync()
    {
        await Task.Delay(ReadAgain, _services.Time, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !IsClosing;
    }

    /// <summary>Under the lock. False: the outbox is full before the page ended.</summary>
    private bool AddPage(ConversationId conversation, ConversationFeed feed, LogPage page)
    {
        feed.StartAt(page.FromSeq);
        var (isAll, added, before) = (true, 0, feed.Sent);
        foreach (var message in page.Messages)
        {
            isAll = _outbox.HasRoom;
            if (!isAll) break;
            if (TryAddFromLog(conversation, feed, message)) added++;
        }

        if (added > 0) _services.Metrics.Replayed(added);
        if (feed.Sent > before)
        {
            feed.SentAt = _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
            _services.Ledger.Sent(feed.Sent - before);
        }

        return isAll;
    }

    /// <summary>Under the lock. True: the client gets the message; false: it has it, or gets an answer for it.</summary>
    private bool TryAddFromLog(ConversationId conversation, ConversationFeed feed, LoggedMessage message)
    {
        if (!feed.TakeFromLog(message.Seq)) return false;
        var isOwn = message.Sender == _session!.User;
        // What this very connection sent is told by accepted, in its place; every other connection of the user gets the message.
        if (isOwn && TryAnswered(message.SenderId))
        {
            Add(AcceptedOf(message.SenderId, conversation, message.Seq, message.Time));
            if (feed.HasDeferred) feed.Deferred.RemoveAll(answer => answer.ClientId == message.SenderId);
            feed.HoldOwn(message.Seq);
            _services.Metrics.AcceptedFromLog();
            Wake();
            return false;
        }

        Add(new ServerFrame.Message(
            conversation.ToString(),
            message.Seq,
            conversation.MessageId(message.Seq),
            Ids.Text(message.Sender),
            isOwn && message.Type != Limits.MemberType ? message.SenderId : null,
            Encoding.UTF8.GetBytes(message.Body),
            message.Type ?? Limits.DefaultType,
            message.Time));
        Wake();
        return true;
    }

    private void AnswerDeferred(ConversationFeed feed)
    {
        if (!feed.HasDeferred) return;
        foreach (var answer in feed.Deferred)
        {
            TryAnswered(answer.ClientId);
            Add(AcceptedOf(answer.ClientId, answer.Conversation, answer.Seq, answer.Time));
        }

        feed.Deferred.Clear();
    }

    /// <summary>Reads with few others at once, again and again while the database is away. Null: the connection ended first.</summary>
    private async Task<T?> ReadUntilDoneAsync<T>(Func<Task<T?>> read, bool nullIsAnswer = false)
        where T : class
    {
        while (!IsClosing)
        {
            try
            {
                await _services.ReadSlots.WaitAsync(_ending.Token);
                try
                {
                    var result = await read();
                    if (result is not null || nullIsAnswer) return result;
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
