using Im.Hosting.Routes;

namespace Im.Hosting.Tests.Routes;

/// <summary>What both route tables keep.</summary>
public abstract class RouteTableSpec : IAsyncLifetime
{
    private static long s_user = 1000;
    private IRouteTable? _table;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected IRouteTable Table => _table!;

    /// <summary>A user that no other test has.</summary>
    protected static long NewUser() => Interlocked.Increment(ref s_user);

    /// <summary>A gateway that no other test has.</summary>
    protected string Boot { get; } = Guid.NewGuid().ToString("N")[..12];

    protected abstract Task<IRouteTable> OpenAsync();

    /// <summary>Makes it that sweeps followed each other without a break for long enough.</summary>
    protected abstract Task WatchAsync();

    /// <summary>Makes it that the lease ran out, while the leases are watched.</summary>
    protected abstract Task LoseLeaseAsync(string boot);

    /// <summary>Makes it that nobody swept for too long.</summary>
    protected abstract Task BreakOffWatchingAsync();

    public virtual async ValueTask InitializeAsync() => _table = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task The_routes_of_users_come_in_the_order_asked_with_nothing_for_who_has_none()
    {
        var (ann, bob, nobody) = (NewUser(), NewUser(), NewUser());
        var (phone, desk, other) = (new Route(1, Boot, 11, 101), new Route(2, "elsewhere", 12, 102), new Route(3, Boot, 13, 103));
        await Table.RegisterAsync(ann, phone, Cancel);
        await Table.RegisterAsync(bob, other, Cancel);
        await Table.RegisterAsync(ann, desk, Cancel);
        var found = await Table.LookUpAsync([bob, nobody, ann, bob], Cancel);
        Assert.Equal([other], found[0]);
        Assert.Empty(found[1]);
        Assert.Equal([phone, desk], found[2]);
        Assert.Equal([other], found[3]);
        Assert.Empty(await Table.LookUpAsync([], Cancel));
    }

    [Fact]
    public async Task A_newer_connection_of_a_device_replaces_the_older_and_names_it()
    {
        var user = NewUser();
        var (old, young) = (new Route(1, Boot, 11, 101), new Route(1, "elsewhere", 5, 102));
        Assert.Equal(new Registration(true, null), await Table.RegisterAsync(user, old, Cancel));
        Assert.Equal(new Registration(true, old), await Table.RegisterAsync(user, young, Cancel));
        Assert.Equal([young], await RoutesAsync(user));
    }

    [Fact]
    public async Task An_older_connection_that_registers_late_is_refused()
    {
        var user = NewUser();
        var young = new Route(1, Boot, 5, 102);
        await Table.RegisterAsync(user, young, Cancel);
        Assert.Equal(new Registration(false, null), await Table.RegisterAsync(user, new Route(1, "elsewhere", 11, 101), Cancel));
        Assert.Equal([young], await RoutesAsync(user));
    }

    [Fact]
    public async Task Registering_the_same_connection_again_replaces_nothing()
    {
        var user = NewUser();
        var route = new Route(1, Boot, 5, 102);
        await Table.RegisterAsync(user, route, Cancel);
        Assert.Equal(new Registration(true, null), await Table.RegisterAsync(user, route, Cancel));
        Assert.Equal([route], await RoutesAsync(user));
    }

    [Fact]
    public async Task Exactly_the_route_that_is_named_is_removed()
    {
        var user = NewUser();
        var (old, young, tablet) = (new Route(1, Boot, 11, 101), new Route(1, Boot, 12, 102), new Route(2, Boot, 13, 103));
        foreach (var route in (Route[])[old, young, tablet]) await Table.RegisterAsync(user, route, Cancel);
        await Table.RemoveAsync(user, old, Cancel);
        await Table.RemoveAsync(user, young with { Boot = "elsewhere" }, Cancel);
        Assert.Equal([young, tablet], await RoutesAsync(user));
        await Table.RemoveAsync(user, young, Cancel);
        Assert.Equal([tablet], await RoutesAsync(user));
        await Table.RemoveAsync(user, tablet, Cancel);
        Assert.Empty(await RoutesAsync(user));
    }

    [Fact]
    public async Task Many_registrations_of_one_device_at_once_leave_the_newest()
    {
        var user = NewUser();
        await Task.WhenAll(Enumerable.Range(1, 100).Select(i => Table.RegisterAsync(user, new Route(1, Boot, i, i), Cancel)));
        Assert.Equal([new Route(1, Boot, 100, 100)], await RoutesAsync(user));
    }

    [Fact]
    public async Task A_lease_is_new_the_first_time_and_held_the_next()
    {
        await WatchAsync();
        Assert.False(await Table.RenewLeaseAsync(Boot, Cancel));
        Assert.True(await Table.RenewLeaseAsync(Boot, Cancel));
        await LoseLeaseAsync(Boot);
        Assert.False(await Table.RenewLeaseAsync(Boot, Cancel));
    }

    [Fact]
    public async Task What_a_gateway_registers_before_its_first_renewal_is_not_swept_for_the_length_of_a_lease()
    {
        var user = NewUser();
        await WatchAsync();
        await Table.RegisterAsync(user, new Route(1, Boot, 1, 1), Cancel);
        Assert.Empty(await Table.SweepAsync(Cancel));
        Assert.Single(await RoutesAsync(user));
        await LoseLeaseAsync(Boot);
        Assert.Equal([user], await Table.SweepAsync(Cancel));
    }

    [Fact]
    public async Task A_lease_that_came_with_a_registration_does_not_count_as_held_for_other_routes_may_be_gone()
    {
        var user = NewUser();
        await WatchAsync();
        await Table.RegisterAsync(user, new Route(1, Boot, 1, 1), Cancel);
        Assert.False(await Table.RenewLeaseAsync(Boot, Cancel));
        await Table.RegisterAsync(user, new Route(1, Boot, 1, 1), Cancel);
        Assert.True(await Table.RenewLeaseAsync(Boot, Cancel));
        await LoseLeaseAsync(Boot);
        await Table.RegisterAsync(user, new Route(1, Boot, 1, 1), Cancel);
        Assert.False(await Table.RenewLeaseAsync(Boot, Cancel));
    }

    [Fact]
    public async Task A_sweep_takes_what_a_gateway_without_a_lease_left_and_nothing_else()
    {
        var (gone, both, here) = (NewUser(), NewUser(), NewUser());
        var alive = Boot + "-alive";
        await WatchAsync();
        await Table.RenewLeaseAsync(Boot, Cancel);
        await Table.RegisterAsync(gone, new Route(1, Boot, 1, 1), Cancel);
        await Table.RegisterAsync(both, new Route(2, Boot, 2, 2), Cancel);
        await Table.RegisterAsync(both, new Route(3, alive, 3, 3), Cancel);
        await Table.RegisterAsync(here, new Route(4, alive, 4, 4), Cancel);
        await LoseLeaseAsync(Boot);
        await Table.RenewLeaseAsync(alive, Cancel);

        Assert.Equal([gone, both], (await Table.SweepAsync(Cancel)).Order());
        Assert.Empty(await RoutesAsync(gone));
        Assert.Equal([new Route(3, alive, 3, 3)], await RoutesAsync(both));
        Assert.Equal([new Route(4, alive, 4, 4)], await RoutesAsync(here));
        Assert.Empty(await Table.SweepAsync(Cancel));
    }

    [Fact]
    public async Task A_user_who_left_before_is_not_among_the_swept()
    {
        var (left, gone) = (NewUser(), NewUser());
        await WatchAsync();
        await Table.RenewLeaseAsync(Boot, Cancel);
        await Table.RegisterAsync(left, new Route(1, Boot, 1, 1), Cancel);
        await Table.RegisterAsync(gone, new Route(2, Boot, 2, 2), Cancel);
        await Table.RemoveAsync(left, new Route(1, Boot, 1, 1), Cancel);
        await LoseLeaseAsync(Boot);
        Assert.Equal([gone], await Table.SweepAsync(Cancel));
    }

    [Fact]
    public async Task More_users_than_one_step_takes_are_swept_at_once()
    {
        var users = Enumerable.Range(0, 1700).Select(_ => NewUser()).ToArray();
        // Before all else: they may take longer than sweeps may pause.
        foreach (var user in users) await Table.RegisterAsync(user, new Route(user, Boot, user, user), Cancel);
        await WatchAsync();
        await Table.RenewLeaseAsync(Boot, Cancel);
        await LoseLeaseAsync(Boot);
        Assert.Equal(users, (await Table.SweepAsync(Cancel)).Order());
    }

    [Fact]
    public async Task After_a_break_in_the_sweeps_nobody_is_swept_for_the_length_of_a_lease()
    {
        var user = NewUser();
        await WatchAsync();
        await Table.RenewLeaseAsync(Boot, Cancel);
        await Table.RegisterAsync(user, new Route(1, Boot, 1, 1), Cancel);
        await LoseLeaseAsync(Boot);
        await BreakOffWatchingAsync();
        Assert.Empty(await Table.SweepAsync(Cancel));
        Assert.Single(await RoutesAsync(user));
        await WatchAsync();
        Assert.Equal([user], await Table.SweepAsync(Cancel));
    }

    protected async Task<IReadOnlyList<Route>> RoutesAsync(long user) => (await Table.LookUpAsync([user], Cancel))[0];
}
