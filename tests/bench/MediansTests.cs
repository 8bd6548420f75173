using Im.Bench.Results;

namespace Im.Bench.Tests;

/// <summary>Several runs as one line.</summary>
public sealed class MediansTests
{
    [Theory]
    [InlineData(new double[] { 7 }, 7)]
    [InlineData(new double[] { 9, 1 }, 5)]
    [InlineData(new double[] { 9, 1, 2 }, 2)]
    [InlineData(new double[] { 1, 100, 2, 3 }, 2.5)]
    [InlineData(new double[] { 5, 4, 3, 2, 1 }, 3)]
    public void Each_figure_is_the_middle_one(double[] values, double middle)
    {
        var median = Medians.Of([.. values.Select(value => new Figures
        {
            AcceptedPerSecond = value,
            DeliveredPerSecond = -value,
            ToDelivered = new Percentiles(P50: value, P999: 2 * value),
            ServerMicroseconds = value,
        })]);
        Assert.Equal(
            (middle, -middle, middle, 2 * middle, middle),
            (median.AcceptedPerSecond, median.DeliveredPerSecond, median.ToDelivered.P50, median.ToDelivered.P999, median.ServerMicroseconds));
    }

    [Fact]
    public void What_must_not_happen_is_added_up_and_never_hidden_by_good_runs()
    {
        var median = Medians.Of([new Figures(), new Figures { Lost = 1 }, new Figures { Doubled = 2, Broken = ["gone"] }, new Figures(), new Figures()]);
        Assert.Equal((1, 2, 1, true), (median.Lost, median.Doubled, median.Broken.Count, median.Failed));
    }

    [Fact]
    public void What_one_run_did_not_see_is_not_made_up() =>
        Assert.Null(Medians.Of([new Figures { ServerMicroseconds = 3 }, new Figures()]).ServerMicroseconds);
}
