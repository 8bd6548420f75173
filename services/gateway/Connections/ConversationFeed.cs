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
    /// <summary>The first message that waits and when it was first seen waiting; 0 where none did.</summary>
    private long _waitsFor, _waitsSince;

    private List<Answer>? _deferred;

    /// <summary>Highest seq that the device held when this connection began.</summary>
    public long Began { get; private set; } = sent;

    /// <summary>Highest seq sent on this connection, its starting cursor at first. Own sends count by their <c>accepted</c>.</summary>
    public long Sent { get; private set; } = sent;

    /// <summary>When <see cref="Sent"/> last rose, in Unix milliseconds; 0 where nothing was sent on this connection.</summary>
    public long SentAt { get; set; }

    /// <summary>Highest seq that the device holds by its own word: its starting cursor, what it acknowledged, what it sent itself right behind that.</summary>
    public long Held { get; private set; } = sent;

    /// <summary>Highest seq known to be in the log while it is read.</summary>
    public long Known { get; private set; } = sent;

    public bool CatchingUp { get; private set; }

    /// <summary>Answers to repeats that lie beyond what was sent; they go out when the read comes past them, or ends.</summary>
    public List<Answer> Deferred => _deferred ??= [];

    public bool HasDeferred => _deferred is { Count: > 0 };

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
        Began = Sent = Held = Known = sent;
        CatchingUp = false;
    }

    /// <summary>The user sees the conversation from here on: nothing before it will ever come.</summary>
    public void StartAt(long fromSeq)
    {
        if (fromSeq - 1 <= Sent) return;
        Began = Sent = Held = fromSeq - 1;
        Known = Math.Max(Known, Sent);
    }

    /// <summary>A row of the log in its turn. False where it was sent before.</summary>
    public bool TakeFromLog(long seq)
    {
        if (seq != Sent + 1) return false;
        Sent = seq;
        return true;
    }

    /// <summary>The device holds everything up to <paramref name="seq"/>. What it was not sent does not count; answers with what does.</summary>
    public long Acknowledge(long seq)
    {
        var upTo = Math.Min(seq, Sent);
        Held = Math.Max(Held, upTo);
        return upTo;
    }

    /// <summary>A message that this connection sent itself and was just told the place of: nobody waits for it where all before it is held.</summary>
    public void HoldOwn(long seq)
    {
        if (Held == seq - 1) Held = seq;
    }

    /// <summary>What of the log up to <paramref name="head"/> this connection still waits for.</summary>
    /// <param name="now">Unix milliseconds.</param>
    public Backlog Look(long head, long now)
    {
        var end = Math.Max(head, Sent);
        if (end <= Held)
        {
            _waitsFor = 0;
            return default;
        }

        if (_waitsFor != Held + 1) (_waitsFor, _waitsSince) = (Held + 1, now);
        return new Backlog(end - Sent, Sent - Held, _waitsFor, _waitsSince);
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

/// <summary>What a device that is online waits for in one conversation; default where nothing.</summary>
/// <param name="Unsent">Messages of the log that its connection was not given.</param>
/// <param name="Unacknowledged">Messages that it was given and has not acknowledged.</param>
/// <param name="FirstSeq">The oldest of them.</param>
/// <param name="Since">When that one was first seen waiting, Unix milliseconds.</param>
public readonly record struct Backlog(long Unsent, long Unacknowledged, long FirstSeq, long Since)
{
    public bool IsEmpty => FirstSeq == 0;
}
