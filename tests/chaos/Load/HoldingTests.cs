using Im.Chaos.Load;

namespace Im.Chaos.Tests.Load;

public sealed class HoldingTests
{
    [Fact]
    public void It_holds_what_came_without_a_gap()
    {
        var holding = new Holding();

        Assert.True(holding.Note(1));
        Assert.True(holding.Note(2));
        Assert.True(holding.Note(4));

        Assert.Equal(2, holding.Held);
    }

    [Fact]
    public void What_fills_a_gap_brings_it_up_to_what_came_before()
    {
        var holding = new Holding();
        foreach (var seq in new[] { 1, 4, 3 }) holding.Note(seq);

        holding.Note(2);

        Assert.Equal(4, holding.Held);
    }

    [Fact]
    public void A_repeat_changes_nothing()
    {
        var holding = new Holding();
        foreach (var seq in new[] { 1, 2, 5 }) holding.Note(seq);

        Assert.False(holding.Note(1));
        Assert.False(holding.Note(5));
        Assert.Equal(2, holding.Held);
    }

    [Fact]
    public void It_begins_where_the_user_joined()
    {
        var holding = new Holding();

        holding.Note(20, begins: true);
        holding.Note(21);

        Assert.Equal(21, holding.Held);
    }

    [Fact]
    public void Joining_again_leaves_out_what_was_said_in_between()
    {
        var holding = new Holding();
        foreach (var seq in new[] { 1, 2, 4 }) holding.Note(seq);

        Assert.True(holding.Note(9, begins: true));
        Assert.Equal(9, holding.Held);
        Assert.True(holding.Note(10));
        Assert.Equal(10, holding.Held);
    }

    [Fact]
    public void It_never_gets_less()
    {
        var holding = new Holding();
        foreach (var seq in Enumerable.Range(1, 30)) holding.Note(seq);

        Assert.False(holding.Note(20, begins: true));

        Assert.Equal(30, holding.Held);
    }
}
