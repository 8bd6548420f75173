namespace Im.Chaos.Load;

/// <param name="Comes">The device that goes away and comes back.</param>
/// <param name="Stays">The other one's.</param>
internal sealed record Reunion(BareDevice Comes, Device Stays, Room Room);

/// <summary>
/// One comes back, and the other says one thing at that very moment: either the route that the connection has just registered or the log that it then reads has to
/// bring it. Nothing more is said until the first has gone again, for the next message would show the gap and so bring the one that neither of them did.
/// </summary>
internal sealed class Reunions(IReadOnlyList<Reunion> reunions, Scene scene)
{
    /// <summary>A connection is dialled, greeted and has read the log within some 30 ms on a slow machine; a message is stored within 20 ms.</summary>
    private const int SpreadMs = 40;

    private readonly Random _random = scene.NewRandom(-4);

    /// <summary>Returns when it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var reunion in reunions) reunion.Comes.Dialling += () => _ = SayAsync(reunion, cancel);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task SayAsync(Reunion reunion, CancellationToken cancel)
    {
        try
        {
            int delay;
            lock (_random) delay = _random.Next(SpreadMs);
            await Task.Delay(delay, cancel);
            // Where it is not connected itself the next return has its message.
            if (!scene.IsCalm) reunion.Stays.TrySay(reunion.Room, 1);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception e)
        {
            scene.Found($"what was to be said when {reunion.Comes.Journal} came back: {e}");
        }
    }
}
