namespace Im.Gateway.Connections;

/// <summary>
/// Tells when most connections have left for good. Their memory is garbage then that nobody collects: the collector runs when something is allocated, and hardly anything
/// is any more.
/// </summary>
public sealed class MassLeave
{
    /// <summary>Fewer took too little (some 20 KB each: 20 MB) to pause for.</summary>
    public const int Fewest = 1_000;

    /// <summary>
    /// The pause grows with those who are left, and they are the ones who wait: on a machine with ten times the work it can do it took 0.27 s with 118 left of 5,000, and
    /// 0.2 to 0.4 s with all of them there. The traffic of more makes the collector run besides.
    /// </summary>
    public const int MostLeft = 1_000;

    /// <summary>Who comes back after a break of the network is there by then, and is none that has left.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private int _peak;
    private TimeSpan? _since;

    /// <summary>At least <see cref="Fewest"/> below the peak, and at most <see cref="MostLeft"/> are left.</summary>
    public static bool HasFallen(int peak, int connections) => connections <= MostLeft && peak - connections >= Fewest;

    /// <summary>To be asked again and again. True once, when the number has been low for all of 10 s; what is left is the peak to fall from next.</summary>
    /// <param name="connections">Those that are open now.</param>
    /// <param name="now">A time that never goes back.</param>
    public bool IsOver(int connections, TimeSpan now)
    {
        _peak = Math.Max(_peak, connections);
        if (!HasFallen(_peak, connections))
        {
            _since = null;
            return false;
        }

        _since ??= now;
        if (now - _since < Quiet) return false;
        (_peak, _since) = (connections, null);
        return true;
    }
}
