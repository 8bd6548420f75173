using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Im.Hosting.Routes;

/// <summary>The route table of a process that has all modules inside: nothing can be left behind by another process.</summary>
public sealed class MemoryRouteTable(TimeProvider time) : IRouteTable
{
    /// <param name="IsRenewed">False: it came with a registration.</param>
    private readonly record struct Lease(long Since, bool IsRenewed);

    private readonly ConcurrentDictionary<long, ImmutableList<Route>> _routes = new();
    private readonly ConcurrentDictionary<string, Lease> _leases = new();
    private readonly Lock _sweeping = new();
    private long? _lastSweep;
    private long _watchedSince;

    public Task<Registration> RegisterAsync(long user, Route route, CancellationToken cancel)
    {
        while (true)
        {
            var before = _routes.GetOrAdd(user, []);
            var old = before.FirstOrDefault(one => one.DeviceKey == route.DeviceKey);
            if (old.Epoch > route.Epoch) return Task.FromResult(new Registration(false, null));
            var after = before.RemoveAll(one => one.DeviceKey == route.DeviceKey).Add(route);
            if (!_routes.TryUpdate(user, after, before)) continue;
            _leases.AddOrUpdate(route.Boot, _ => new Lease(time.GetTimestamp(), false), (_, lease) => IsHeld(lease) ? lease : new Lease(time.GetTimestamp(), false));
            var replaced = old.Boot is not null && (old.Boot, old.Connection) != (route.Boot, route.Connection) ? old : (Route?)null;
            return Task.FromResult(new Registration(true, replaced));
        }
    }

    public Task RemoveAsync(long user, Route route, CancellationToken cancel)
    {
        RemoveWhere(user, one => one.DeviceKey == route.DeviceKey && one.Boot == route.Boot && one.Connection == route.Connection);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Route>[]> LookUpAsync(IReadOnlyList<long> users, CancellationToken cancel)
    {
        var found = new IReadOnlyList<Route>[users.Count];
        for (var i = 0; i < found.Length; i++) found[i] = _routes.TryGetValue(users[i], out var routes) ? routes : [];
        return Task.FromResult(found);
    }

    public Task<bool> RenewLeaseAsync(string boot, CancellationToken cancel)
    {
        var held = _leases.TryGetValue(boot, out var lease) && lease.IsRenewed && IsHeld(lease);
        _leases[boot] = new Lease(time.GetTimestamp(), true);
        return Task.FromResult(held);
    }

    public Task<IReadOnlyList<long>> SweepAsync(CancellationToken cancel)
    {
        var swept = new List<long>();
        if (!WatchedLongEnough()) return Task.FromResult<IReadOnlyList<long>>(swept);
        foreach (var (boot, lease) in _leases)
        {
            if (IsHeld(lease)) continue;
            if (!_leases.TryRemove(KeyValuePair.Create(boot, lease))) continue;
            swept.AddRange(_routes.Keys.Where(user => RemoveWhere(user, one => one.Boot == boot)));
        }

        return Task.FromResult<IReadOnlyList<long>>(swept);
    }

    private bool IsHeld(Lease lease) => time.GetElapsedTime(lease.Since) <= RouteLease.Length;

    private bool WatchedLongEnough()
    {
        lock (_sweeping)
        {
            var now = time.GetTimestamp();
            if (_lastSweep is not { } last || time.GetElapsedTime(last, now) > RouteLease.LongestBreak) _watchedSince = now;
            _lastSweep = now;
            return time.GetElapsedTime(_watchedSince, now) >= RouteLease.Length;
        }
    }

    private bool RemoveWhere(long user, Predicate<Route> match)
    {
        while (_routes.TryGetValue(user, out var before))
        {
            var after = before.RemoveAll(match);
            if (after.Count == before.Count) return false;
            var done = after.IsEmpty
                ? _routes.TryRemove(new KeyValuePair<long, ImmutableList<Route>>(user, before))
                : _routes.TryUpdate(user, after, before);
            if (done) return true;
        }

        return false;
    }
}
