using Im.Message.Commit;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>A revision is never newer than the states that are remembered beside it.</summary>
public sealed class ConversationMemoryTests
{
    private static readonly int Shard = AnnAndBob.Shard(World.Shards);
    private readonly ConversationMemory _memory = new(10);

    [Fact]
    public void Beside_older_states_the_older_revision_stays()
    {
        Learn(3, isAllNew: false);
        Remember(3);
        Learn(4, isAllNew: false);
        Assert.Equal(3, _memory.RevisionOf(Shard));
        Assert.True(_memory.TryGet(AnnAndBob, out _));
    }

    [Fact]
    public void A_new_revision_that_counts_makes_older_states_forgotten()
    {
        Learn(3, isAllNew: false);
        Remember(3);
        Learn(4, isAllNew: true);
        Assert.Equal(4, _memory.RevisionOf(Shard));
        Assert.False(_memory.TryGet(AnnAndBob, out _));
    }

    [Fact]
    public void The_same_revision_read_anew_leaves_everything_in_place()
    {
        Learn(3, isAllNew: false);
        Remember(3);
        Learn(3, isAllNew: true);
        Assert.True(_memory.TryGet(AnnAndBob, out _));
    }

    [Fact]
    public void What_this_owner_changed_itself_it_knows()
    {
        Learn(3, isAllNew: false);
        Remember(3, Block(Ann, Bob));
        Assert.Equal(4, _memory.RevisionOf(Shard));
        Assert.True(_memory.TryGet(AnnAndBob, out var state));
        Assert.Equal(PairBlocks.ByHigh, state.Blocks);
        Learn(4, isAllNew: true);
        Assert.True(_memory.TryGet(AnnAndBob, out _));
    }

    [Fact]
    public void With_the_states_the_revisions_are_forgotten()
    {
        Learn(3, isAllNew: false);
        Remember(3);
        _memory.ForgetAll();
        Learn(9, isAllNew: false);
        Assert.Equal(9, _memory.RevisionOf(Shard));
        Assert.False(_memory.TryGet(AnnAndBob, out _));
    }

    private void Learn(long revision, bool isAllNew) => _memory.Learn(new Dictionary<int, long> { [Shard] = revision }, isAllNew);

    private void Remember(long revision, Pending? pending = null) =>
        _memory.Remember(new World { Revisions = { [Shard] = revision } }.Plan(pending ?? Send(Ann, AnnAndBob, "a")));
}
