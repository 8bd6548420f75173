using System.Collections.Concurrent;
using Im.Bench.Load;

namespace Im.Bench.Results;

/// <summary>What all connections together saw. Latencies and rates count only while measuring, everything else from the first message on.</summary>
/// <param name="followsEach">Notes when each message has reached all who should get it: for a few senders with many recipients.</param>
internal sealed class Tally(bool followsEach)
{
    private readonly ConcurrentDictionary<long, int> _waitingFor = new();
    private volatile Latencies _toDelivered = new();

    private long _sent, _accepted, _delivered, _expected, _doubled, _disordered, _missing, _measuredAccepted, _measuredDelivered, _late, _repeated;
    private volatile bool _measuring;

    public Latencies ToAccepted { get; } = new();

    public Latencies ToDelivered => _toDelivered;

    /// <summary>Until the last recipient had it.</summary>
    public Latencies ToLast { get; } = new();

    public ConcurrentDictionary<string, long> Rejected { get; } = new();

    /// <summary>Connections that ended although nobody asked them to, with the reason.</summary>
    public ConcurrentQueue<string> Broken { get; } = new();

    public long Sent => Volatile.Read(ref _sent);

    public long Accepted => Volatile.Read(ref _accepted);

    public long Delivered => Volatile.Read(ref _delivered);

    public long MeasuredAccepted => Volatile.Read(ref _measuredAccepted);

    public long MeasuredDelivered => Volatile.Read(ref _measuredDelivered);

    /// <summary>Refused as unavailable, and accepted later.</summary>
    public long Late => Volatile.Read(ref _late);

    /// <summary>Accepted once more with the same place, which the contract allows.</summary>
    public long Repeated => Volatile.Read(ref _repeated);

    public long Doubled => Volatile.Read(ref _doubled);

    public long Disordered => Volatile.Read(ref _disordered);

    /// <summary>Left out on a connection, whether or not they came later.</summary>
    public long Gaps => Volatile.Read(ref _missing);

    public long Unanswered => Sent - Accepted - Rejected.Values.Sum();

    /// <summary>Accepted messages times the connections that should have got them, less those that did.</summary>
    public long Lost => Math.Max(0, Volatile.Read(ref _expected) - Delivered);

    public bool Measuring { get => _measuring; set => _measuring = value; }

    /// <summary>Measures while this is under way: what was delivered in it, by itself.</summary>
    public async Task<Percentiles> WhileAsync(Func<Task> something)
    {
        var own = _toDelivered = new Latencies();
        Measuring = true;
        await something();
        Measuring = false;
        return new Percentiles(own);
    }

    public void CountSent(int recipients, long due)
    {
        Interlocked.Increment(ref _sent);
        if (followsEach) _waitingFor[due] = recipients;
    }

    /// <summary>Takes back <see cref="CountSent"/>: the connection did not take it.</summary>
    public void CountUnsent(long due)
    {
        Interlocked.Decrement(ref _sent);
        if (followsEach) _waitingFor.TryRemove(due, out _);
    }

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
        var isLast = followsEach && _waitingFor.AddOrUpdate(due, -1, static (_, left) => left - 1) == 0 && _waitingFor.TryRemove(due, out _);
        if (!_measuring) return;
        if (isLast) ToLast.Add(BodyStamp.MicrosecondsSince(due));
        Interlocked.Increment(ref _measuredDelivered);
        ToDelivered.Add(BodyStamp.MicrosecondsSince(due));
    }

    /// <summary>Accepted after it had been refused as unavailable.</summary>
    public void CountLate(int recipients)
    {
        Interlocked.Increment(ref _late);
        Interlocked.Add(ref _expected, recipients);
    }

    public void CountRejected(string code) => Rejected.AddOrUpdate(code, 1, (_, count) => count + 1);

    public void CountRepeated() => Interlocked.Increment(ref _repeated);

    public void CountDoubled() => Interlocked.Increment(ref _doubled);

    public void CountDisordered() => Interlocked.Increment(ref _disordered);

    public void CountGap(long messages) => Interlocked.Add(ref _missing, messages);
}
