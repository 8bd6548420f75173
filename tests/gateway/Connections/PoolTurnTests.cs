using Im.Gateway.Connections;

namespace Im.Gateway.Tests.Connections;

/// <summary>Who is to blame for a silence.</summary>
public sealed class PoolTurnTests
{
    private readonly ManualTime _time = new();
    private string _said = "";

    [Theory]
    [InlineData(0, "in time")]
    [InlineData(250, "in time")]
    [InlineData(251, "late")]
    [InlineData(10_000, "late")]
    public void A_turn_that_is_long_in_coming_shows_that_nobody_could_listen(int milliseconds, string said)
    {
        Action? queued = null;
        PoolTurn.Ask(_time, () => _said = "in time", () => _said = "late", work => queued = work);
        Assert.Equal("", _said);
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        queued!();
        Assert.Equal(said, _said);
    }

    [Fact]
    public async Task The_pool_gives_the_turn()
    {
        var came = new TaskCompletionSource();
        PoolTurn.Ask(_time, came.SetResult, () => came.SetException(new InvalidOperationException("late by a clock that stands still")));
        await came.Task.WaitAsync(TestContext.Current.CancellationToken);
    }
}
