namespace Im.Hosting.Limits;

/// <summary>
/// At most <paramref name="perHour"/> attempts of one key within any hour. Kept in memory for the <paramref name="capacity"/> keys that tried last; each
/// process counts for itself.
/// </summary>
public sealed class HourlyLimit(TimeProvider time, int perHour, int capacity = 100_000)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private readonly BoundedTable<Queue<long>> _attempts = new(capacity);

    /// <summary>Zero where this attempt may go on, and it is counted; else how long until the next one may.</summary>
    public TimeSpan Take(string key)
    {
        lock (_lock)
        {
            var attempts = _attempts.FindOrAdd(key, () => new Queue<long>());
            while (attempts.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Hour) attempts.Dequeue();
            if (attempts.Count >= perHour) return Hour - time.GetElapsedTime(attempts.Peek());
            attempts.Enqueue(time.GetTimestamp());
            return TimeSpan.Zero;
        }
    }
}
