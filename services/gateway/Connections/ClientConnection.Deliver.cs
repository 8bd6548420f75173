using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Protocol;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    private readonly Dictionary<ConversationId, ConversationFeed> _feeds = [];

    /// <summary>False until the replay knows where each conversation starts; what comes before is only noted.</summary>
    private bool _feedsKnown;

    /// <summary>A live message that this connection did not send. Like all that comes in envelopes, it is written once somebody wakes the writer.</summary>
    /// <param name="frame">The frame in the format of this connection, made once for all that get the same.</param>
    /// <param name="span">Of a sampled message: ends when the frame is written.</param>
    /// <param name="now">Unix milliseconds, read once for the envelope.</param>
    /// <returns>False where it is not sent from here: it was sent before, or comes from the log.</returns>
    public bool Deliver(ConversationId conversation, long seq, ReadOnlySpan<byte> frame, FrameSpan? span, long now)
    {
        lock (_lock)
        {
            if (_close is not null) return false;
            var feed = FeedOf(conversation);
            if (Offer(conversation, feed, seq) != FeedStep.Send) return false;
            feed.SentAt = now;
            _outbox.Add(frame);
            if (span is not null) _outbox.Follow(span);
            return true;
        }
    }

    /// <summary>The answer to a send of this connection that made a new message.</summary>
    /// <param name="span">Of a sampled message: ends when the answer is written.</param>
    /// <param name="now">Unix milliseconds, read once for the envelope.</param>
    /// <returns>When the send came, 0 where that is not known any more; null where it is not answered from here.</returns>
    public long? Accept(Delivery delivery, FrameSpan? span, long now)
    {
        lock (_lock)
        {
            if (_close is not null) return null;
            var feed = FeedOf(delivery.Conversation);
            // The read of the log came first and answered already.
            if (feed.Sent >= delivery.Seq && !_unanswered.ContainsKey(delivery.ClientId)) return null;
            var step = Offer(delivery.Conversation, feed, delivery.Seq);
            if (step is not (FeedStep.Send or FeedStep.Drop)) return null;
            if (step == FeedStep.Send)
            {
                feed.HoldOwn(delivery.Seq);
                feed.SentAt = now;
            }

            TryAnswered(delivery.ClientId, null, out var since);
            Add(AcceptedOf(delivery.ClientId, delivery.Conversation, delivery.Seq, delivery.Time));
            if (span is not null) _outbox.Follow(span);
            return since;
        }
    }

    /// <summary>The answer to a send of this connection that made no new message: a repeat or a refusal.</summary>
    public void Answer(Answer answer)
    {
        if (answer.Code is { } code)
        {
            lock (_lock)
            {
                // Given up meanwhile: it was answered, and its repeat will be told this. (An id that nobody waits for is answered: a second send with the same id
                // has an answer of its own.)
                if (TryAnswered(answer.ClientId, code, out var since) && since == 0) return;
                if (_close is null) Add(new ServerFrame.Rejected(answer.ClientId, code, Codes.IsRetryable(code), Codes.IsRetryable(code) ? 1000 : null));
            }

            return;
        }

        lock (_lock)
        {
            if (_close is not null) return;
            // A repeat beyond what was sent goes out in its place, so that the order on the wire stays without a gap.
            var feed = FeedOf(answer.Conversation);
            var step = Offer(answer.Conversation, feed, answer.Seq);
            if (step is FeedStep.Later or FeedStep.CatchUp)
            {
                feed.Deferred.Add(answer);
                return;
            }

            if (step == FeedStep.Send)
            {
                feed.HoldOwn(answer.Seq);
                feed.SentAt = _services.Time.GetUtcNow().ToUnixTimeMilliseconds();
            }

            TryAnswered(answer.ClientId);
            Add(AcceptedOf(answer.ClientId, answer.Conversation, answer.Seq, answer.Time));
        }
    }

    /// <summary>The log holds the conversation up to <paramref name="head"/>, and the user sees it from <paramref name="fromSeq"/> on.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>What the connection waits for, sent or not.</returns>
    public Backlog Reconcile(ConversationId conversation, long fromSeq, long head, long now)
    {
        lock (_lock)
        {
            if (_close is not null || !_feedsKnown) return default;
            var feed = FeedOf(conversation);
            feed.StartAt(fromSeq);
            return feed.Look(head, now);
        }
    }

    /// <summary>Reads from the log what this connection was not sent up to <paramref name="head"/>; nothing where it was meanwhile.</summary>
    public void ReadUpTo(ConversationId conversation, long head)
    {
        lock (_lock)
        {
            if (_close is not null || !_feeds.TryGetValue(conversation, out var feed) || head <= feed.Sent) return;
            if (Offer(conversation, feed, head, isLive: false) == FeedStep.CatchUp) _services.Metrics.Reconciled();
        }
    }

    /// <summary>Under the lock.</summary>
    private FeedStep Offer(ConversationId conversation, ConversationFeed feed, long seq, bool isLive = true)
    {
        var step = feed.Offer(seq, isLive && _outbox.HasRoom);
        if (step == FeedStep.CatchUp) StartCatchUp(conversation);
        return step;
    }

    private ConversationFeed FeedOf(ConversationId conversation)
    {
        if (_feeds.TryGetValue(conversation, out var feed)) return feed;
        feed = new ConversationFeed(0);
        // Before the replay knows where the device stands, nothing is the next one: note it and let the log decide.
        if (!_feedsKnown) feed.Offer(long.MaxValue, hasRoom: false);
        return _feeds[conversation] = feed;
    }

    /// <summary>Up to where an acknowledgement counts: what this connection was given; null for a conversation that it knows nothing of.</summary>
    private long? HeldUpTo(ConversationId conversation, long seq)
    {
        lock (_lock) return _feeds.TryGetValue(conversation, out var feed) ? feed.Acknowledge(seq) : null;
    }

    private static ServerFrame.Accepted AcceptedOf(string clientId, ConversationId conversation, long seq, long time) =>
        new(clientId, conversation.ToString(), seq, conversation.MessageId(seq), time);
}
