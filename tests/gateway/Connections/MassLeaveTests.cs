using Im.Gateway.Connections;

namespace Im.Gateway.Tests.Connections;

public sealed class MassLeaveTests
{
    private readonly MassLeave _leave = new();

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(999, 0, false)]
    [InlineData(1_000, 0, true)]
    [InlineData(1_000, 1, false)]
    [InlineData(1_000, 1_000, false)]
    [InlineData(1_999, 999, true)]
    [InlineData(1_999, 1_000, false)]
    [InlineData(2_000, 1_000, true)]
    [InlineData(2_001, 1_001, false)]
    [InlineData(18_000, 0, true)]
    [InlineData(18_000, 1_000, true)]
    [InlineData(18_000, 1_001, false)]
    [InlineData(18_000, 18_000, false)]
    public void A_number_has_fallen_when_a_thousand_have_left_and_at_most_a_thousand_are_there(int peak, int connections, bool hasFallen) =>
        Assert.Equal(hasFallen, MassLeave.HasFallen(peak, connections));

    [Theory]
    [InlineData(9.9, false)]
    [InlineData(10, true)]
    [InlineData(3600, true)]
    public void It_is_over_when_the_number_was_low_for_ten_seconds(double seconds, bool isOver)
    {
        Assert.False(At(0, 5_000));
        Assert.False(At(7, 1_000));
        Assert.Equal(isOver, At(7 + seconds, 0));
    }

    [Fact]
    public void Who_comes_back_in_time_has_not_left_and_the_time_begins_anew()
    {
        Assert.False(At(0, 5_000));
        Assert.False(At(1, 0));
        Assert.False(At(10, 1_001));
        Assert.False(At(12, 1_000));
        Assert.False(At(21.9, 1_000));
        Assert.True(At(22, 1_000));
    }

    [Fact]
    public void It_is_told_once_and_what_is_left_is_the_next_peak()
    {
        Assert.False(At(0, 5_000));
        Assert.False(At(1, 900));
        Assert.True(At(11, 900));
        for (var second = 12; second < 60; second++) Assert.False(At(second, 0));
        Assert.False(At(60, 1_500));
        Assert.False(At(61, 500));
        Assert.True(At(71, 500));
    }

    private bool At(double second, int connections) => _leave.IsOver(connections, TimeSpan.FromSeconds(second));
}
