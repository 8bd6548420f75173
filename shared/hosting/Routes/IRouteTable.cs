namespace Im.Hosting.Routes;

/// <summary>Where a device is connected.</summary>
/// <param name="Boot">The gateway process.</param>
/// <param name="Connection">The connection's number on that gateway, drawn with <see cref="Im.Contracts.Ids.Next"/>, so that it tells its time.</param>
/// <param name="Epoch">Drawn at connect, rises for ever: of two routes of a device the higher one counts.</param>
public readonly record struct Route(long DeviceKey, string Boot, long Connection, long Epoch)
{
    /// <summary>When the connection began, Unix milliseconds.</summary>
    public long Since => Im.Contracts.Ids.TimeOf(Connection);
}

/// <summary>What became of a registration.</summary>
/// <param name="Accepted">False: a newer connection of the device is registered already, this one has to close.</param>
/// <param name="Replaced">The older connection of the device that has to close now; null if there was none.</param>
public readonly record struct Registration(bool Accepted, Route? Replaced);

/// <summary>
/// User → device → gateway, connection, epoch. Written by the gateway that holds the connection, read after each commit. It is a hint that saves
/// time: without it messages are found in the log by reconciliation. One specification test holds both implementations.
/// </summary>
/// <remarks>Any call may fail with <see cref="RoutesUnavailableException"/> while Redis is away; callers go on without.</remarks>
public interface IRouteTable
{
    /// <summary>Until the gateway's next renewal the route is kept for the length of a lease: who registers lives, also before its first renewal.</summary>
    Task<Registration> RegisterAsync(long user, Route route, CancellationToken cancel);

    /// <summary>Removes exactly this route; a newer one of the device stays.</summary>
    Task RemoveAsync(long user, Route route, CancellationToken cancel);

    /// <summary>The routes of each user, in the order asked; one round trip for the whole list.</summary>
    Task<IReadOnlyList<Route>[]> LookUpAsync(IReadOnlyList<long> users, CancellationToken cancel);

    /// <summary>Keeps this gateway's routes from being swept. False: it had not been renewed in time (Redis emptied, process frozen), register all routes again.</summary>
    Task<bool> RenewLeaseAsync(string boot, CancellationToken cancel);

    /// <summary>
    /// Takes away what gateways without a lease left behind and tells whose routes went, about 10,000 users at once. Takes nothing unless sweeps
    /// followed each other without a break for the length of a lease: after one, the leases say nothing about who lives.
    /// </summary>
    Task<IReadOnlyList<long>> SweepAsync(CancellationToken cancel);
}

/// <summary>The routes cannot be read or written now.</summary>
public sealed class RoutesUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

public static class RouteLease
{
    /// <summary>A killed gateway's users are offline after this and one sweep: under 20 s in all.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    /// <summary>Three tries before the lease ends.</summary>
    public static readonly TimeSpan Renewal = TimeSpan.FromSeconds(3);

    public static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A longer gap between two sweeps is a break. Shorter than what is left of the lease of a gateway that lives (length less one renewal), so that a
    /// Redis that paused can never have run out a lease without being noticed.
    /// </summary>
    public static readonly TimeSpan LongestBreak = TimeSpan.FromSeconds(5);
}
