using System.Diagnostics;

namespace Im.Bench.Load;

/// <summary>
/// Open loop: message k is due at start + k / rate, whatever became of those before, and its latency counts from then, what this process's own timer is late by
/// included: half a millisecond where there is time.
/// </summary>
internal static class Pace
{
    public static async Task RunAsync(IReadOnlyList<ISender> senders, int rate, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var start = Stopwatch.GetTimestamp();
        long next = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                // The last one that is due: the first is at the start.
                var due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate);
                var refused = 0;
                while (next <= due && refused < senders.Count)
                {
                    var at = start + (long)((double)next / rate * Stopwatch.Frequency);
                    if (senders[(int)((next + refused) % senders.Count)].TrySend(at)) next++;
                    else refused++;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The measured time is over.
        }
    }
}
