namespace Im.Gateway.Connections;

/// <summary>So many at once, then so many a second. For one thread.</summary>
public sealed class TokenBucket(int perSecond, int burst, TimeProvider time)
{
    private double _tokens = burst;
    private long _last = time.GetTimestamp();

    /// <summary>Milliseconds until the next one is allowed; 0 where this one is.</summary>
    public int Take()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + (time.GetElapsedTime(_last, now).TotalSeconds * perSecond));
        _last = now;
        if (_tokens < 1) return (int)Math.Ceiling((1 - _tokens) * 1000 / perSecond);
        _tokens--;
        return 0;
    }
}
