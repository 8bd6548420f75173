namespace Im.Client.Tests.Parts;

public class BackoffGrid
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(6, 6400)]
    [InlineData(7, 10_000)]
    [InlineData(30, 10_000)]
    [InlineData(int.MaxValue, 10_000)]
    public void The_bound_doubles_up_to_the_limit(int attempt, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), With(1).Bound(attempt));

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.25, 100)]
    [InlineData(0.5, 200)]
    [InlineData(0.999, 399.6)]
    public void The_pause_is_anything_from_zero_to_the_bound(double jitter, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), With(jitter).Delay(2));

    [Fact]
    public void Clients_that_break_together_do_not_come_back_together()
    {
        var random = new Random(1);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), random.NextDouble);
        var delays = Enumerable.Range(0, 10_000).Select(_ => backoff.Delay(7).TotalSeconds).ToList();
        for (var second = 0; second < 10; second++) Assert.InRange(delays.Count(delay => (int)delay == second), 850, 1150);
    }

    private static Backoff With(double jitter) => new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), () => jitter);
}
