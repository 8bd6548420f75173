using System.Collections.Concurrent;

namespace Im.Bench;

/// <summary>What all connections together saw. Latencies and rates count only while measuring, everything else from the first message on.</summary>
internal sealed class Tally
{
    private long _sent, _accepted, _delivered, _expected, _doubled, _disordered, _missing, _measuredAccepted, _measuredDelivered;
    private volatile bool _measuring;

    public Latencies ToAccepted { get; } = new();

    public Latencies ToDelivered { get; } = new();

    public ConcurrentDictionary<string, long> Rejected { get; } = new();

    /// <summary>Connections that ended although nobody asked them to, with the reason.</summary>
    public ConcurrentQueue<string> Broken { get; } = new();

    public long Sent => Volatile.Read(ref _sent);

    public long Accepted => Volatile.Read(ref _accepted);

    public long Delivered => Volatile.Read(ref _delivered);

    public long MeasuredAccepted => Volatile.Read(ref _measuredAccepted);

    public long MeasuredDelivered => Volatile.Read(ref _measuredDelivered);

    public long Doubled => Volatile.Read(ref _doubled);

    public long Disordered => Volatile.Read(ref _disordered);

    /// <summary>Left out on a connection, whether or not they came later.</summary>
    public long Gaps => Volatile.Read(ref _missing);

    public long Unanswered => Sent - Accepted - Rejected.Values.Sum();

    /// <summary>Accepted messages times the connections that should have got them, less those that did.</summary>
    public long Lost => Math.Max(0, Volatile.Read(ref _expected) - Delivered);

    public bool Measuring { get => _measuring; set => _measuring = value; }

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountAccepted(int recipients, long due)
    {
        Interlocked.Increment(ref _accepted);
        Interlocked.Add(ref _expected, recipients);
        if (!_measuring) return;
        Interlocked.Increment(ref _measuredAccepted);
        ToAccepted.Add(BodyStamp.MicrosecondsSince(due));
    }

    public void CountDelivered(long due)
    {
        Interlocked.Increment(ref _delivered);
        if (!_measuring) return;
        Interlocked.Increment(ref _measuredDelivered);
        ToDelivered.Add(BodyStamp.MicrosecondsSince(due));
    }

    public void CountRejected(string code) => Rejected.AddOrUpdate(code, 1, (_, count) => count + 1);

    public void CountDoubled() => Interlocked.Increment(ref _doubled);

    public void CountDisordered() => Interlocked.Increment(ref _disordered);

    public void CountGap(long messages) => Interlocked.Add(ref _missing, messages);
}
