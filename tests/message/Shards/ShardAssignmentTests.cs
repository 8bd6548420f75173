using Im.Message.Shards;

namespace Im.Message.Tests.Shards;

public sealed class ShardAssignmentTests
{
    private static readonly string[] Names = ["3f", "a7", "zz", "b0", "b1", "node-with-a-long-name", "7"];

    public static TheoryData<int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, int>();
            for (var instances = 1; instances <= Names.Length; instances++)
                foreach (var shards in new[] { 1, 16, 64 }) sizes.Add(instances, shards);
            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_shard_has_exactly_one_owner_in_whatever_order_one_looks(int instances, int shards)
    {
        var board = Names[..instances];
        var owned = board.SelectMany((name, i) => ShardAssignment.Of(name, Rotated(board, i), shards)).Order();
        Assert.Equal(Enumerable.Range(0, shards), owned);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void When_an_instance_goes_only_its_own_shards_move(int instances, int shards)
    {
        var board = Names[..instances];
        foreach (var gone in board.Where(_ => instances > 1))
        {
            var rest = board.Where(name => name != gone).ToArray();
            for (var shard = 0; shard < shards; shard++)
            {
                var before = ShardAssignment.OwnerOf(shard, board);
                if (before != gone) Assert.Equal(before, ShardAssignment.OwnerOf(shard, rest));
            }
        }
    }

    [Fact]
    public void Who_is_not_on_the_board_orders_nothing()
    {
        Assert.Empty(ShardAssignment.Of("stranger", Names, 16));
        Assert.Empty(ShardAssignment.Of("stranger", [], 16));
    }

    [Fact]
    public void Nobody_is_left_without_work_for_long_and_nobody_has_all()
    {
        foreach (var name in Names[..3]) Assert.InRange(ShardAssignment.Of(name, Names[..3], 64).Count, 8, 40);
    }

    private static string[] Rotated(string[] board, int by) => [.. board[by..], .. board[..by]];
}
