namespace Im.Client;

/// <summary>Full jitter: any time from zero up to a bound that doubles with every attempt in vain, within the two limits.</summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max, Func<double> jitter)
{
    /// <param name="attempt">0 for the first try after something failed.</param>
    public TimeSpan Delay(int attempt) => Bound(attempt) * jitter();

    public TimeSpan Bound(int attempt)
    {
        // Beyond 30 doublings the limit was reached long ago; a larger exponent would only overflow.
        var bound = min * Math.Pow(2, Math.Min(attempt, 30));
        return bound < max ? bound : max;
    }
}
