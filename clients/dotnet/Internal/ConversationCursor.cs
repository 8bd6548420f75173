namespace Im.Client;

internal enum Arrival
{
    /// <summary>Already held: nothing to do.</summary>
    Repeat,
    Next,

    /// <summary>Something before it is missing.</summary>
    Gap,
}

/// <summary>
/// What this device holds of one conversation. Everything up to <see cref="Held"/> has arrived, everything up to <see cref="Acked"/> was taken
/// by the application; own messages count as both. Where the server decided the start (no cursor was named), the first message sets it.
/// </summary>
internal sealed class ConversationCursor(long held)
{
    // Own messages beyond a hole that is still being filled; a wider one is treated as a gap.
    private const int MaxAhead = 4096;

    private readonly HashSet<long> _ahead = [];

    // With several loops a later message may be done before an earlier one.
    private List<long>? _inWork;
    private long _taken;

    private long _lastMessage = held;

    public long Held { get; private set; } = held;

    public long Acked { get; private set; } = held;

    public long Read { get; private set; }

    /// <summary>Where this client's knowledge began.</summary>
    public long Start { get; } = held;

    /// <summary>What this connection was told; a new connection is told again what changed on the last one.</summary>
    public long AckSent { get; set; } = held;

    public long ReadSent { get; set; }

    /// <summary>The start of the replay on this connection is known: what comes next must follow without a gap.</summary>
    public bool Based { get; set; }

    public Arrival Receive(long seq)
    {
        var arrival = Place(seq);
        if (arrival == Arrival.Next) _lastMessage = seq;
        return arrival;
    }

    /// <summary>The message that comes next, beyond what is held, lets this user in again: what was said while he was out is not his, and not missing.</summary>
    public void Join(long seq)
    {
        _ahead.RemoveWhere(own => own < seq);
        Rebase(seq - 1);
    }

    /// <summary>A message of one's own was stored at <paramref name="seq"/>.</summary>
    /// <param name="replayed">Everything missed has been sent on this connection: nothing older can follow.</param>
    public Arrival Own(long seq, bool replayed)
    {
        if (seq <= Held || _ahead.Contains(seq)) return Arrival.Repeat;
        if (seq == Held + 1)
        {
            AdvanceOwn(seq);
            return Arrival.Next;
        }

        if (!Based && replayed)
        {
            Rebase(seq - 1);
            AdvanceOwn(seq);
            return Arrival.Next;
        }

        if (_ahead.Count == MaxAhead) return Arrival.Gap;
        _ahead.Add(seq);
        return Arrival.Next;
    }

    /// <summary>The replay has ended: own messages that came during it start a conversation of which nothing else was sent.</summary>
    public void EndReplay()
    {
        if (Based || _ahead.Count == 0) return;
        Rebase(_ahead.Min() - 1);
        AdvanceOwn(Held);
    }

    /// <summary>A loop of the application begins with the message.</summary>
    public void HandOut(long seq) => (_inWork ??= []).Add(seq);

    /// <summary>A loop is done with it: acknowledged is what lies before all that others are at. True: the server has to be told.</summary>
    public bool Take(long seq)
    {
        _taken = Math.Max(_taken, seq);
        _inWork?.Remove(seq);
        return Acknowledge(_inWork is { Count: > 0 } ? Math.Min(_taken, _inWork.Min() - 1) : _taken);
    }

    /// <summary>The application has everything up to <paramref name="seq"/>. True: the server has to be told.</summary>
    public bool Acknowledge(long seq)
    {
        seq = Math.Min(seq, Held);
        if (seq > Acked) Acked = seq;
        if (Acked >= _lastMessage) Acked = Held;
        return Acked > AckSent;
    }

    public bool MarkRead(long seq)
    {
        // Where nothing was received yet the application knows the conversation from its history.
        if (Held > 0) seq = Math.Min(seq, Held);
        if (seq > Read) Read = seq;
        Acknowledge(seq);
        return Read > ReadSent;
    }

    private Arrival Place(long seq)
    {
        if (seq <= Held || _ahead.Contains(seq))
        {
            Based |= seq <= Held;
            return Arrival.Repeat;
        }

        if (seq != Held + 1 && !Based) Rebase(Math.Min(seq, _ahead.Count == 0 ? seq : _ahead.Min()) - 1);
        if (seq != Held + 1 && _ahead.Count > 0) Advance(Held);
        if (seq != Held + 1) return Arrival.Gap;
        Based = true;
        Advance(seq);
        return Arrival.Next;
    }

    private void Rebase(long held)
    {
        if (Acked == Held) Acked = held;
        Held = held;
        Based = true;
    }

    private void AdvanceOwn(long seq)
    {
        var allTaken = Acked >= _lastMessage;
        Advance(seq);
        if (allTaken) Acked = Held;
    }

    private void Advance(long seq)
    {
        Held = seq;
        while (_ahead.Remove(Held + 1)) Held++;
    }
}
