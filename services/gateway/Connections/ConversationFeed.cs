using Im.Contracts.Lanes;

namespace Im.Gateway.Connections;

/// <summary>What to do with a message that is there to be sent.</summary>
public enum FeedStep
{
    /// <summary>It is the next one: send it.</summary>
    Send,

    /// <summary>It was sent before.</summary>
    Drop,

    /// <summary>The log is being read already and will come to it.</summary>
    Later,

    /// <summary>There is a hole before it: read the log from behind the last one sent.</summary>
    CatchUp,
}

/// <summary>
/// One conversation on one connection: only ever the next seq is sent. What is at or below the last one is dropped, what lies beyond starts a read of the
/// log, which is the truth; so neither a lost nor a doubled nor an overtaking envelope can show. Pure; its connection's lock guards it.
/// </summary>
public sealed class ConversationFeed(long sent)
{
    /// <summary>Highest seq sent on this connection, its starting cursor at first. Own sends count by their <c>accepted</c>.</summary>
    public long Sent { get; private set; } = sent;

    /// <summary>Highest seq known to be in the log while it is read.</summary>
    public long Known { get; private set; } = sent;

    public bool CatchingUp { get; private set; }

    /// <summary>Answers to repeats that lie beyond what was sent; they go out when the read comes past them, or ends.</summary>
    public List<Answer> Deferred { get; } = [];

    /// <param name="hasRoom">False where the outbox is full: then the log is read once there is room again.</param>
    public FeedStep Offer(long seq, bool hasRoom)
    {
        if (seq <= Sent) return FeedStep.Drop;
        if (CatchingUp)
        {
            Known = Math.Max(Known, seq);
            return FeedStep.Later;
        }

        if (seq == Sent + 1 && hasRoom)
        {
            Sent = Known = seq;
            return FeedStep.Send;
        }

        Known = seq;
        CatchingUp = true;
        return FeedStep.CatchUp;
    }

    /// <summary>Now it is known where the device stands; nothing was sent before.</summary>
    public void Begin(long sent)
    {
        Sent = Known = sent;
        CatchingUp = false;
    }

    /// <summary>The user sees the conversation from here on: nothing before it will ever come.</summary>
    public void StartAt(long fromSeq)
    {
        if (fromSeq - 1 <= Sent) return;
        Sent = fromSeq - 1;
        Known = Math.Max(Known, Sent);
    }

    /// <summary>A row of the log in its turn. False where it was sent before.</summary>
    public bool TakeFromLog(long seq)
    {
        if (seq != Sent + 1) return false;
        Sent = seq;
        return true;
    }

    /// <summary>The log was read to its end. True: nothing newer is known, live messages flow again. False: read on.</summary>
    public bool TryFinish()
    {
        if (Known > Sent) return false;
        CatchingUp = false;
        return true;
    }

    /// <summary>
    /// The log showed nothing more: ends the read though more was announced, for the user does not see it (any more). False: more was announced while
    /// the log was being read, and the read may have come too early for it. Read on.
    /// </summary>
    /// <param name="announced"><see cref="Known"/> before the log was read.</param>
    public bool TryAbandon(long announced)
    {
        if (Known > announced) return false;
        Known = Sent;
        CatchingUp = false;
        return true;
    }
}
