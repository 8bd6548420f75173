namespace Im.Gateway.Connections;

/// <summary>
/// Tells a silent client from one that was not heard: where this process has no thread to spare, what the client said may wait in the socket for as long. A turn on the
/// thread pool shows it, for every read needs some.
/// </summary>
internal static class PoolTurn
{
    /// <summary>A read needs a few turns: where several in a row come sooner than this, whatever came was heard.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(250);

    /// <param name="queue">The pool's, where nothing else is given.</param>
    public static void Ask(TimeProvider time, Action inTime, Action late, Action<Action>? queue = null)
    {
        var asked = time.GetTimestamp();
        (queue ?? OnPool)(() => (time.GetElapsedTime(asked) > Late ? late : inTime)());
    }

    private static void OnPool(Action work) => ThreadPool.UnsafeQueueUserWorkItem(static work => work(), work, preferLocal: false);
}
