namespace Im.Client;

/// <summary>
/// Hellos that were written and never answered. The network may bring one to its gateway much later, which then takes it for the newest connection and replaces
/// the one that is there. So who is replaced within that time was perhaps replaced by himself: he comes back, once for each such hello. Not thread-safe.
/// </summary>
internal sealed class UnansweredHellos(TimeProvider time)
{
    /// <summary>For so long a system goes on sending what a closed socket had left (Linux: tcp_orphan_retries, about 100 s), and something more.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(3);

    /// <summary>More attempts than fit into that time; the oldest is forgotten.</summary>
    private const int Most = 64;

    private readonly Queue<long> _written = [];

    public void Add()
    {
        if (_written.Count == Most) _written.Dequeue();
        _written.Enqueue(time.GetTimestamp());
    }

    /// <summary>Whether one may still arrive, or has just done so; it counts no more.</summary>
    public bool TryTake()
    {
        while (_written.TryDequeue(out var written))
            if (time.GetElapsedTime(written) <= Lifetime) return true;
        return false;
    }
}
