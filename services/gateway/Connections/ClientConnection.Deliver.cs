using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Protocol;

namespace Im.Gateway.Connections;

public sealed partial class ClientConnection
{
    private readonly Dictionary<ConversationId, ConversationFeed> _feeds = [];

    /// <summary>False until the replay knows where each conversation starts; what comes before is only noted.</summary>
    private bool _feedsKnown;

    /// <summary>A live message that this connection did not send.</summary>
    /// <param name="frame">The frame in the format of this connection, made once for all that get the same.</param>
    /// <param name="span">Of a sampled message: ends when the frame is written.</param>
    /// <returns>False where it is not sent from here: it was sent before, or comes from the log.</returns>
    public bool Deliver(ConversationId conversation, long seq, ReadOnlySpan<byte> frame, FrameSpan? span)
    {
        lock (_lock)
        {
            if (_close is not null) return false;
            if (Offer(conversation, seq) != FeedStep.Send) return false;
            _outbox.Add(frame);
            if (span is not null) _outbox.Follow(span);
        }

        Wake();
        return true;
    }

    /// <summary>The answer to a send of this connection that made a new message.</summary>
    /// <param name="span">Of a sampled message: ends when the answer is written.</param>
    /// <returns>When the send came, 0 where that is not known any more; null where it is not answered from here.</returns>
    public long? Accept(Delivery delivery, FrameSpan? span)
    {
        long since;
        lock (_lock)
        {
            // The read of the log came first and answered already.
            if (_close is not null || !_unanswered.ContainsKey(delivery.ClientId) && FeedOf(delivery.Conversation).Sent >= delivery.Seq) return null;
            if (Offer(delivery.Conversation, delivery.Seq) is not (FeedStep.Send or FeedStep.Drop)) return null;
            TryAnswered(delivery.ClientId, null, out since);
            Add(AcceptedOf(delivery.ClientId, delivery.Conversation, delivery.Seq, delivery.Time));
            if (span is not null) _outbox.Follow(span);
        }

        Wake();
        return since;
    }

    /// <summary>The answer to a send of this connection that made no new message: a repeat or a refusal.</summary>
    public void Answer(Answer answer)
    {
        if (answer.Code is { } code)
        {
            // Also where the id waits no more: a second send with the same id has an answer of its own.
            lock (_lock) TryAnswered(answer.ClientId, code);
            Send(new ServerFrame.Rejected(answer.ClientId, code, Codes.IsRetryable(code), Codes.IsRetryable(code) ? 1000 : null));
            return;
        }

        lock (_lock)
        {
            if (_close is not null) return;
            // A repeat beyond what was sent goes out in its place, so that the order on the wire stays without a gap.
            if (Offer(answer.Conversation, answer.Seq) is FeedStep.Later or FeedStep.CatchUp)
            {
                FeedOf(answer.Conversation).Deferred.Add(answer);
                return;
            }

            TryAnswered(answer.ClientId);
            Add(AcceptedOf(answer.ClientId, answer.Conversation, answer.Seq, answer.Time));
        }

        Wake();
    }

    /// <summary>The log holds the conversation up to <paramref name="head"/>: reads what this connection was not sent. By reconciliation.</summary>
    public void Reconcile(ConversationId conversation, long fromSeq, long head)
    {
        lock (_lock)
        {
            if (_close is not null || !_feedsKnown) return;
            var feed = FeedOf(conversation);
            feed.StartAt(fromSeq);
            if (head > feed.Sent && Offer(conversation, head, isLive: false) == FeedStep.CatchUp) _services.Metrics.Reconciled();
        }
    }

    /// <summary>Under the lock.</summary>
    private FeedStep Offer(ConversationId conversation, long seq, bool isLive = true)
    {
        var feed = FeedOf(conversation);
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

    /// <summary>Highest seq that this connection was given; null for a conversation that it knows nothing of.</summary>
    private long? GivenUpTo(ConversationId conversation)
    {
        lock (_lock) return _feeds.TryGetValue(conversation, out var feed) ? feed.Sent : null;
    }

    private static ServerFrame.Accepted AcceptedOf(string clientId, ConversationId conversation, long seq, long time) =>
        new(clientId, conversation.ToString(), seq, conversation.MessageId(seq), time);
}
