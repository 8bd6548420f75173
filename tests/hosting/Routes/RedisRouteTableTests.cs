using Im.Contracts;
using Im.Hosting.Routes;
using Im.Local;

namespace Im.Hosting.Tests.Routes;

/// <summary>The routes in a real Redis; besides the specification, what they do while it is away.</summary>
public sealed class RedisRouteTableTests(Servers servers) : RedisRouteTableSpec
{
    private PrivateRedis? _server;
    private RedisClient? _redis;

    protected override RedisClient Redis => _redis!;

    /// <summary>As the product has it, where failing is what is tested.</summary>
    private RedisRouteTable? _bare;

    protected override async Task<IRouteTable> OpenAsync()
    {
        _server = await servers.RedisAsync();
        _redis = await RedisClient.OpenAsync(_server);
        await _redis.RunAsync(db => db.ExecuteAsync("FLUSHALL"));
        _bare = new RedisRouteTable(_redis.Connection);
        return new PatientRouteTable(_bare);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_redis is not null) await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Leases_and_the_marker_run_out_by_themselves()
    {
        await Table.RenewLeaseAsync(Boot, Cancel);
        await Table.SweepAsync(Cancel);
        var lease = await _redis!.RunAsync(db => db.KeyTimeToLiveAsync(RedisKeys.Lease(Boot)));
        var marker = await _redis.RunAsync(db => db.KeyTimeToLiveAsync(RedisKeys.Marker));
        Assert.InRange(lease!.Value, TimeSpan.FromSeconds(1), RouteLease.Length);
        Assert.InRange(marker!.Value, TimeSpan.FromSeconds(1), RouteLease.LongestBreak);
    }

    [Fact]
    public async Task While_Redis_is_away_calls_fail_at_once_and_work_again_soon_after_its_return()
    {
        var (user, route) = (NewUser(), new Route(1, Boot, 1, 1));
        await Table.RenewLeaseAsync(Boot, Cancel);
        await Table.RegisterAsync(user, route, Cancel);
        _server!.Kill();
        await _server.Exited.WaitAsync(Cancel);
        await Assert.ThrowsAsync<RoutesUnavailableException>(() => _bare!.LookUpAsync([user], Cancel));
        await Assert.ThrowsAsync<RoutesUnavailableException>(() => _bare!.RegisterAsync(user, route, Cancel));
        await Assert.ThrowsAsync<RoutesUnavailableException>(() => _bare!.RenewLeaseAsync(Boot, Cancel));
        await Assert.ThrowsAsync<RoutesUnavailableException>(() => _bare!.SweepAsync(Cancel));

        var back = _redis!.RestoredAsync();
        await _server.StartAsync(Cancel);
        await back;
        Assert.Empty(await RoutesAsync(user));
        Assert.False(await Table.RenewLeaseAsync(Boot, Cancel));
        Assert.Equal(new Registration(true, null), await Table.RegisterAsync(user, route, Cancel));
        Assert.Equal([route], await RoutesAsync(user));
    }

    [Fact]
    public async Task A_frozen_Redis_does_not_hold_anybody_up()
    {
        _server!.Pause();
        try
        {
            var call = _bare!.LookUpAsync([NewUser()], Cancel);
            await Assert.ThrowsAsync<RoutesUnavailableException>(() => call.WaitAsync(TimeSpan.FromSeconds(3), Cancel));
        }
        finally
        {
            _server.Resume();
        }
    }
}
