using Im.Gateway.Connections;

namespace Im.Gateway.Tests.Connections;

public sealed class TokenBucketTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_burst_is_let_through_and_the_next_one_waits()
    {
        var bucket = new TokenBucket(50, 500, _time);
        for (var i = 0; i < 500; i++) Assert.Equal(0, bucket.Take());
        Assert.Equal(20, bucket.Take());
        Assert.Equal(20, bucket.Take());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(333)]
    [InlineData(999)]
    [InlineData(100_000)]
    public void Who_waits_as_told_is_let_through(int perSecond)
    {
        var bucket = new TokenBucket(perSecond, 1, _time);
        Assert.Equal(0, bucket.Take());
        for (var i = 0; i < 1000; i++)
        {
            var wait = bucket.Take();
            Assert.InRange(wait, 1, 1000);
            _time.Advance(TimeSpan.FromMilliseconds(wait));
            Assert.Equal(0, bucket.Take());
        }
    }

    [Fact]
    public void A_long_silence_fills_no_more_than_one_burst()
    {
        var bucket = new TokenBucket(10, 5, _time);
        _time.Advance(TimeSpan.FromDays(30));
        Assert.Equal(5, Enumerable.Range(0, 100).Count(_ => bucket.Take() == 0));
    }

    [Fact]
    public void Over_time_the_rate_is_kept_however_often_one_asks()
    {
        var bucket = new TokenBucket(100, 10, _time);
        var taken = 0;
        for (var ms = 0; ms < 10_000; ms++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            for (var tries = 0; tries < 3; tries++) taken += bucket.Take() == 0 ? 1 : 0;
        }

        Assert.InRange(taken, 1000, 1010);
    }
}
