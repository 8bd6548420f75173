using System.Numerics;

namespace Im.Bench.Results;

/// <summary>A histogram of microseconds with buckets of at most 1.6 % width: constant in size, exact enough for percentiles, safe for many writers.</summary>
internal sealed class Latencies
{
    private const int SubBits = 6, Sub = 1 << SubBits;

    private readonly long[] _counts = new long[(40 - SubBits) * Sub];
    private long _max;

    public long Count => _counts.Sum();

    public double MaxMs => _max / 1000.0;

    public void Add(long microseconds)
    {
        var value = (ulong)Math.Max(0, microseconds);
        Interlocked.Increment(ref _counts[Math.Min(Bucket(value), _counts.Length - 1)]);
        var max = Volatile.Read(ref _max);
        while (microseconds > max)
        {
            var seen = Interlocked.CompareExchange(ref _max, microseconds, max);
            if (seen == max) return;
            max = seen;
        }
    }

    /// <param name="share">0.5 for the median.</param>
    public double PercentileMs(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left <= 0) return Math.Min(UpperBound(i) / 1000.0, MaxMs);
        }

        return MaxMs;
    }

    private static int Bucket(ulong value)
    {
        if (value < Sub) return (int)value;
        var shift = BitOperations.Log2(value) - SubBits;
        return (shift + 1) * Sub + (int)(value >> shift) - Sub;
    }

    private static double UpperBound(int bucket)
    {
        if (bucket < Sub) return bucket;
        var shift = bucket / Sub - 1;
        return (double)((ulong)(bucket % Sub + Sub + 1) << shift) - 1;
    }
}
