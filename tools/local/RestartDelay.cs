namespace Im.Local;

/// <summary>
/// How long a dead process waits for its restart: not at all the first time, then longer with each death up to 5 s, and not at all again
/// once it has lived for 30 s. There is no last attempt.
/// </summary>
public sealed class RestartDelay
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5), LongLife = TimeSpan.FromSeconds(30);
    private int _earlyDeaths;

    /// <summary>The delay after a life of this length.</summary>
    public TimeSpan After(TimeSpan life)
    {
        _earlyDeaths = life >= LongLife ? 0 : _earlyDeaths + 1;
        if (_earlyDeaths <= 1)
            return TimeSpan.Zero;
        var delay = TimeSpan.FromMilliseconds(250 * Math.Pow(2, Math.Min(_earlyDeaths - 2, 10)));
        return delay < Longest ? delay : Longest;
    }
}
