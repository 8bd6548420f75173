using Im.Hosting.Routes;

namespace Im.Hosting.Tests.Routes;

public sealed class MemoryRouteTableTests : RouteTableSpec
{
    private readonly ManualTime _time = new();

    protected override Task<IRouteTable> OpenAsync() => Task.FromResult<IRouteTable>(new MemoryRouteTable(_time));

    protected override Task WatchAsync() => SweepForAsync(RouteLease.Length);

    protected override async Task LoseLeaseAsync(string boot)
    {
        // Not one sweep more: the last one is the test's.
        for (var passed = TimeSpan.Zero; passed < RouteLease.Length; passed += RouteLease.SweepEvery)
        {
            await Table.SweepAsync(Cancel);
            _time.Advance(RouteLease.SweepEvery);
        }

        _time.Advance(TimeSpan.FromSeconds(1));
    }

    protected override Task BreakOffWatchingAsync()
    {
        _time.Advance(RouteLease.LongestBreak + TimeSpan.FromSeconds(1));
        return Task.CompletedTask;
    }

    private async Task SweepForAsync(TimeSpan length)
    {
        for (var passed = TimeSpan.Zero; passed < length; passed += RouteLease.SweepEvery)
        {
            Assert.Empty(await Table.SweepAsync(Cancel));
            _time.Advance(RouteLease.SweepEvery);
        }
    }
}
