using System.Collections.Concurrent;
using Im.Hosting.Routes;

namespace Im.Presence.Tests;

/// <summary>Renews the leases of gateways as they do it themselves: a test may take longer than a lease lasts, and nobody has died in it.</summary>
internal sealed class LivingGateways : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte> _boots = new();
    private readonly CancellationTokenSource _end = new();
    private readonly IRouteTable _routes;
    private readonly Task _renewing;

    public LivingGateways(IRouteTable routes)
    {
        _routes = routes;
        _renewing = Task.Run(RenewAsync);
    }

    public IEnumerable<string> Boots => _boots.Keys;

    public void Add(string boot) => _boots.TryAdd(boot, 0);

    /// <summary>Those that lived on while nobody renewed for them.</summary>
    public async Task TakeOverAsync(IEnumerable<string> boots)
    {
        foreach (var boot in boots)
        {
            Add(boot);
            await Patiently.UntilAsync(() => _routes.RenewLeaseAsync(boot, TestContext.Current.CancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(RouteLease.Renewal);
        while (await timer.WaitForNextTickAsync(_end.Token))
        {
            try
            {
                foreach (var boot in _boots.Keys) await _routes.RenewLeaseAsync(boot, _end.Token);
            }
            catch (RoutesUnavailableException)
            {
                // The next round makes up for it, as with gateways.
            }
        }
    }
}
