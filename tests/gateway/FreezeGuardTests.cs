namespace Im.Gateway.Tests;

/// <summary>The ticks of the guard are real, the clock that it reads is not: so the test decides when the process was frozen.</summary>
public sealed class FreezeGuardTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly FreezeGuard _guard;

    public FreezeGuardTests() => _guard = new FreezeGuard(_time);

    public async ValueTask DisposeAsync()
    {
        await _guard.StopAsync(CancellationToken.None);
        _guard.Dispose();
    }

    [Theory]
    [InlineData(2.0, false)]
    [InlineData(2.001, true)]
    [InlineData(3600, true)]
    public void More_than_two_seconds_without_a_tick_are_a_freeze(double seconds, bool isFrozen)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(isFrozen, _guard.IsFrozen);
    }

    [Fact]
    public async Task The_thaw_is_told_once_while_the_guard_still_says_frozen_and_then_all_goes_on()
    {
        using var thawed = new SemaphoreSlim(0);
        var wasFrozen = new List<bool>();
        _guard.Thawed += () =>
        {
            wasFrozen.Add(_guard.IsFrozen);
            thawed.Release();
        };
        await _guard.StartAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await thawed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        // The tick that told of it is over once the guard says so; only the next freeze is another one.
        Assert.True(SpinWait.SpinUntil(() => !_guard.IsFrozen, TimeSpan.FromSeconds(30)));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(await thawed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal([true, true], wasFrozen);
        Assert.Equal(0, thawed.CurrentCount);
    }
}
