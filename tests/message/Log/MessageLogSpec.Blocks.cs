using Im.Contracts;
using Im.Message.Commit;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

public abstract partial class MessageLogSpec
{
    [Fact]
    public async Task A_block_is_loaded_with_its_direction_also_where_nobody_wrote_yet()
    {
        await StoreAsync(Block(Ann, Bob), Block(Cem, Ann), Block(Cem, Dora), Block(Dora, Cem));
        Assert.Equal((0, PairBlocks.ByHigh), await BlocksAsync(AnnAndBob));
        Assert.Equal((0, PairBlocks.ByLow), await BlocksAsync(ConversationId.Direct(Ann, Cem)));
        Assert.Equal((0, PairBlocks.ByHigh | PairBlocks.ByLow), await BlocksAsync(ConversationId.Direct(Cem, Dora)));
        Assert.Equal((0, PairBlocks.None), await BlocksAsync(Team));
        Assert.Equal(Now, await OneAsync<long>("SELECT since FROM blocks WHERE user_id = @Ann AND blocked = @Bob AND conversation = @id", new { Ann, Bob, id = AnnAndBob }));
        var counts = await Messages.CountBlocksAsync([Ann, Bob, Cem], Cancel);
        Assert.Equal([(Ann, 1), (Cem, 2)], counts.Select(one => (one.Key, one.Value)).Order());

        await StoreAsync(Unblock(Cem, Dora), Unblock(Ann, Bob));
        Assert.Equal((0, PairBlocks.ByLow), await BlocksAsync(ConversationId.Direct(Cem, Dora)));
        Assert.Equal((0, PairBlocks.None), await BlocksAsync(AnnAndBob));
    }

    [Fact]
    public async Task Blocks_of_one_plan_are_stored_in_their_order()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "a"), Block(Ann, Bob), Unblock(Ann, Bob), Send(Bob, AnnAndBob, "b"), Block(Ann, Bob, "again"), Block(Bob, Ann), Unblock(Bob, Ann));
        Assert.Equal((2, PairBlocks.ByHigh), await BlocksAsync(AnnAndBob));
    }

    [Fact]
    public async Task A_send_decided_before_a_block_is_not_stored_after_it_and_takes_its_plan_with_it()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "first"));
        var outdated = await PlanAsync(Send(Bob, AnnAndBob, "late"), Create(Cem, Team, "T", Dora));
        await StoreAsync(Block(Ann, Bob));
        Assert.False(await Messages.AppendAsync(outdated, Cancel));
        Assert.Equal((1, 1), (await CountAsync("messages"), await CountAsync("conversations")));
        Assert.Equal(Codes.Blocked, Assert.Single((await PlanAsync(Send(Bob, AnnAndBob, "late"))).Outcomes).Code);
    }

    [Fact]
    public async Task A_first_message_decided_before_a_block_does_not_begin_the_conversation_after_it()
    {
        var outdated = await PlanAsync(Send(Bob, AnnAndBob, "late"));
        await StoreAsync(Block(Ann, Bob));
        Assert.False(await Messages.AppendAsync(outdated, Cancel));
        Assert.Equal((0, 0), (await CountAsync("messages"), await CountAsync("conversations")));
    }

    [Fact]
    public async Task Of_two_changes_of_a_shard_that_did_not_know_of_each_other_one_is_decided_again()
    {
        var (one, other) = (await PlanAsync(Block(Ann, Bob)), await PlanAsync(Block(Bob, Ann)));
        Assert.True(await Messages.AppendAsync(one, Cancel));
        Assert.False(await Messages.AppendAsync(other, Cancel));
        Assert.Equal(1, await RevisionAsync(AnnAndBob));
        await StoreAsync(Unblock(Ann, Bob), Block(Bob, Ann));
        Assert.Equal(2, await RevisionAsync(AnnAndBob));
        Assert.Equal((0, PairBlocks.ByLow), await BlocksAsync(AnnAndBob));
    }

    [Fact]
    public async Task A_block_holds_up_no_other_shard()
    {
        var elsewhere = new[] { Bob, Cem, Dora }.SelectMany(one => new[] { Cem, Dora }.Select(other => ConversationId.Direct(one, other)))
            .First(id => ShardOf(id) != ShardOf(AnnAndBob) && id.High != id.Low);
        var plan = await PlanAsync(Send(elsewhere.High, elsewhere, "a"));
        await StoreAsync(Block(Ann, Bob));
        Assert.True(await Messages.AppendAsync(plan, Cancel));
    }

    [Fact]
    public async Task Messages_and_changes_with_a_seq_raise_no_revision_and_names_and_owners_do()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "a"), Create(Ann, Team, "T", Bob, Cem));
        await StoreAsync(Add(Ann, Team, Dora), Remove(Ann, Team, Cem), Send(Bob, AnnAndBob, "b"));
        Assert.Equal((0, 0), (await RevisionAsync(AnnAndBob), await RevisionAsync(Team)));
        await StoreAsync(Rename(Ann, Team, "U"));
        Assert.Equal(1, await RevisionAsync(Team));
        await StoreAsync(Remove(Ann, Team, Ann));
        Assert.Equal(2, await RevisionAsync(Team));
    }

    [Fact]
    public async Task A_name_given_by_who_was_the_owner_is_not_stored()
    {
        await StoreAsync(Create(Ann, Team, "T", Bob));
        var outdated = await PlanAsync(Rename(Ann, Team, "mine"));
        await StoreAsync(Remove(Ann, Team, Ann));
        Assert.False(await Messages.AppendAsync(outdated, Cancel));
        Assert.Equal("T", (await LoadAsync(Team)).Title);
    }

    [Fact]
    public async Task Plans_at_once_that_are_told_to_be_taken_are_stored_and_the_others_are_not()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "first"));
        for (var round = 0; round < 20; round++)
        {
            var send = await PlanAsync(Send(Bob, AnnAndBob, $"send {round}"));
            var block = await PlanAsync(Block(Ann, Bob));
            var (before, taken) = (await CountAsync("messages"), await Task.WhenAll(Messages.AppendAsync(send, Cancel), Messages.AppendAsync(block, Cancel)));
            Assert.True(taken[1]);
            Assert.Equal(before + (taken[0] ? 1 : 0), await CountAsync("messages"));
            await StoreAsync(Unblock(Ann, Bob));
        }
    }

    private async Task<(long Head, PairBlocks Blocks)> BlocksAsync(ConversationId id)
    {
        var state = await LoadAsync(id);
        return (state.Head, state.Blocks);
    }

    private async Task<long> RevisionAsync(ConversationId id) => (await Messages.LoadAsync([], [ShardOf(id)], Cancel)).Revisions[ShardOf(id)];
}
