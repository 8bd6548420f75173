using Im.Contracts;
using Im.Hosting.Routes;

namespace Im.Hosting.Tests.Routes;

/// <summary>How time passes and leases end in a Redis, for whoever's routes are in it.</summary>
public abstract class RedisRouteTableSpec : RouteTableSpec
{
    /// <summary>As one who may do everything.</summary>
    protected abstract RedisClient Redis { get; }

    protected override async Task WatchAsync()
    {
        Assert.Empty(await Table.SweepAsync(Cancel));
        // Waiting for it would take the length of a lease in every test.
        var since = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (long)RouteLease.Length.TotalMilliseconds - 1000;
        await Redis.RunAsync(db => db.StringSetAsync(RedisKeys.Marker, since, RouteLease.LongestBreak));
    }

    protected override Task LoseLeaseAsync(string boot) => Redis.RunAsync(db => db.KeyDeleteAsync(RedisKeys.Lease(boot)));

    protected override Task BreakOffWatchingAsync() => Redis.RunAsync(db => db.KeyDeleteAsync(RedisKeys.Marker));
}
