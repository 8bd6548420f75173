namespace Im.Login.Limits;

/// <summary>
/// Failures in a row of one account or one address. From the <paramref name="free"/>-th on each failure locks for twice as long as the one before: 1 s,
/// 2 s, 4 s … 60 s. A quarter of an hour without a failure forgets them.
/// </summary>
public sealed class GrowingDelay(TimeProvider time, int free)
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private int _failures;
    private long _lastFailure;

    /// <summary>How long the lock lasts yet; zero where there is none.</summary>
    public TimeSpan Remaining
    {
        get
        {
            var remaining = LockAfter(_failures, free) - time.GetElapsedTime(_lastFailure);
            return _failures == 0 || remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining;
        }
    }

    public void Failed()
    {
        if (_failures > 0 && time.GetElapsedTime(_lastFailure) > Memory) _failures = 0;
        _failures++;
        _lastFailure = time.GetTimestamp();
    }

    public static TimeSpan LockAfter(int failures, int free)
    {
        if (failures < free) return TimeSpan.Zero;
        var doublings = failures - free;
        return doublings >= 6 ? Longest : TimeSpan.FromSeconds(1 << doublings);
    }
}
