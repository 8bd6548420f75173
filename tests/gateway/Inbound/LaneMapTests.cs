using Im.Gateway.Inbound;

namespace Im.Gateway.Tests.Inbound;

public sealed class LaneMapTests
{
    [Theory]
    [InlineData("", "0 1 2 3", "nobody has told of himself yet")]
    [InlineData("a=", "0 1 2 3", "nobody has any yet")]
    [InlineData("a=0,1,2,3", "0 0 0 0", "one has all")]
    [InlineData("a=1,3|b=0,2", "0 1 0 1", "two share them")]
    [InlineData("a=3,1", "0 1 2 1", "what nobody has keeps its own, in whatever order they are told")]
    [InlineData("a=0,1,2,3|b=", "0 0 0 0", "one that has none yet changes nothing")]
    [InlineData("a=0,1,2,3|b=2", "0 0 2 0", "on its way from one to the other, told by both")]
    [InlineData("a=1,7,x,-2,,2", "0 1 1 3", "what is no shard here is left out")]
    public void Shards_with_one_owner_share_the_queue_of_one_of_them(string held, string lanes, string why) =>
        Assert.True(lanes == Text(LaneMap.Apart(4).Next(Owners(held))), why);

    [Theory]
    [InlineData("a=0,1|b=2,3", "b=0,1,2,3", "2 2 2 2", "an heir keeps its lane: what it inherits may still be served to a frozen one")]
    [InlineData("a=0,1|b=2,3", "a=0|b=1,2,3", "0 2 2 2", "a shard that changes hands takes the lane of its new owner")]
    [InlineData("a=0,1|b=2,3", "a=1|b=0,2,3", "2 1 2 2", "who has lost the shard of its lane takes the lowest of the others")]
    [InlineData("a=0,1|b=2,3", "c=0,1|b=2,3", "0 0 2 2", "one that came in place of another")]
    [InlineData("a=0,1|b=2,3", "", "0 0 2 2", "nobody is on the board: the database was away for longer than a node may be silent")]
    [InlineData("a=0,1|b=2,3", "b=2,3", "0 1 2 2", "one that is away: its shards wait in their own queues for whoever takes them")]
    public void An_owner_keeps_its_lane_as_long_as_it_has_that_shard(string before, string after, string lanes, string why) =>
        Assert.True(lanes == Text(LaneMap.Apart(4).Next(Owners(before)).Next(Owners(after))), why);

    [Theory]
    [InlineData("a=0,1", "a=0|b=1,2,3", "0 2 2 2", "back with more shards, of which another is lower")]
    [InlineData("a=0,1,2,3", "a=1,3|b=0,2", "0 1 0 1", "back when its shard had been another's: it begins anew")]
    public void An_owner_that_comes_back_to_the_board_has_its_lane_again_unless_another_had_the_shard(string meanwhile, string after, string lanes, string why) =>
        Assert.True(lanes == Text(LaneMap.Apart(4).Next(Owners("a=0,1|b=2,3")).Next(Owners(meanwhile)).Next(Owners(after))), why);

    [Fact]
    public void A_node_that_tells_nothing_has_none() => Assert.Equal([0, 1], LaneMap.Apart(2).Next([("a", null)]).Lanes);

    private static string Text(LaneMap map) => string.Join(' ', map.Lanes);

    private static IEnumerable<(string Boot, string? Held)> Owners(string text) =>
        text.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(owner => owner.Split('=')).Select(parts => (parts[0], (string?)parts[1]));
}
