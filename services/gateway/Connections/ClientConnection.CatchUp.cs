using System.Text;
using Im.Contracts;
using Im.Gateway.Log;
using Im.Protocol;

namespace Im.Gateway.Connections;

/// <summary>
/// Reads from the log what a connection was not sent: one reader, which asks for many conversations in one query, since who was away is a few messages behind in each of many.
/// A conversation that is not read to its end goes behind the others, so that one with too many messages holds nobody up, and one with a hole half a second at most.
/// </summary>
public sealed partial class ClientConnection
{
    /// <summary>Conversations whose log has to be read, and whether the last page of each was full; one reader works it off.</summary>
    private readonly Queue<(ConversationId Conversation, bool WasFull)> _behind = [];
    private bool _reading;
    private bool _synced;

    /// <summary>What one conversation is asked for.</summary>
    /// <param name="Announced">What was known of it before the log was read.</param>
    private readonly record struct Missing(LogRange Range, long Announced);

    private enum CatchUpStep
    {
        /// <summary>Nothing more is known of: live messages flow again.</summary>
        Done,

        /// <summary>There is more, or there may be.</summary>
        ReadOn,

        /// <summary>The log has messages, or should have, and none of them is the next one.</summary>
        Stuck,
    }

    /// <summary>Under the lock. Joins the running reader, or starts one.</summary>
    private void StartCatchUp(ConversationId conversation)
    {
        _behind.Enqueue((conversation, false));
        if (_reading) return;
        _reading = true;
        Run(CatchUpAsync);
    }

    /// <summary>Works off what is behind; the first time that nothing is, the client is synced.</summary>
    private async Task CatchUpAsync()
    {
        while (true)
        {
            await WhenRoomAsync();
            if (TakeBehind() is not { } missing) break;
            var pages = await ReadUntilDoneAsync(() => _services.Log.ReadAsync(_session!.User, missing.ConvertAll(one => one.Range), _ending.Token));
            if (pages is null || IsClosing) return;
            var (isStuck, hasMoved) = AddPages(missing, pages);
            Wake();
            if (isStuck && !hasMoved && !await PauseAsync()) return;
        }

        Wake();
    }

    /// <summary>The next conversations, as many as a page has room for what is known of them; at least one. Null: nothing is behind, and the reader ends.</summary>
    private List<Missing>? TakeBehind()
    {
        lock (_lock)
        {
            if (_behind.Count == 0)
            {
                _reading = false;
                if (!_synced && _close is null) Add(new ServerFrame.Synced());
                _synced = true;
                return null;
            }

            var missing = new List<Missing>();
            var room = CatchUpRules.PageSize;
            while (_behind.TryPeek(out var next))
            {
                var feed = _feeds[next.Conversation];
                var count = CatchUpRules.Ask(feed.Sent, feed.Known, next.WasFull);
                if (count > room) break;
                _behind.Dequeue();
                missing.Add(new Missing(new LogRange(next.Conversation, feed.Sent, count), feed.Known));
                room -= count;
            }

            return missing;
        }
    }

    private (bool IsStuck, bool HasMoved) AddPages(List<Missing> missing, IReadOnlyList<LogPage?> pages)
    {
        var (isStuck, hasMoved) = (false, false);
        lock (_lock)
        {
            foreach (var (place, one) in missing.Index())
            {
                var step = AddPage(one, pages[place]);
                if (step != CatchUpStep.Done) _behind.Enqueue((one.Range.Conversation, pages[place]?.Messages.Count == one.Range.Limit));
                isStuck |= step == CatchUpStep.Stuck;
                hasMoved |= step != CatchUpStep.Stuck;
            }
        }

        return (isStuck, hasMoved);
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

    /// <summary>Under the lock.</summary>
    private CatchUpStep AddPage(Missing missing, LogPage? page)
    {
        var feed = _feeds[missing.Range.Conversation];
        var isAll = page is null || TryAddAll(missing.Range.Conversation, feed, page);
        if (!isAll) return CatchUpStep.ReadOn;
        var end = CatchUpRules.EndOf(missing.Range, page, missing.Announced);
        if (end switch { PageEnd.Nothing => feed.TryAbandon(missing.Announced), PageEnd.Reached => feed.TryFinish(), _ => false })
        {
            AnswerDeferred(feed);
            return CatchUpStep.Done;
        }

        // Announced while the log was read, and perhaps too late for it.
        if (end == PageEnd.Nothing) return CatchUpStep.ReadOn;
        return feed.Sent == missing.Range.After ? CatchUpStep.Stuck : CatchUpStep.ReadOn;
    }

    /// <summary>Under the lock. False: the outbox is full before the page ended.</summary>
    private bool TryAddAll(ConversationId conversation, ConversationFeed feed, LogPage page)
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
}
