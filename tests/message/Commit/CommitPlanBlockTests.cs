using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Message.Commit;
using Im.Message.Log;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>Blocks between two, in one order with their sends. Ann is the first of the pair's id, Bob the second.</summary>
public sealed class CommitPlanBlockTests
{
    private static readonly int Shard = AnnAndBob.Shard(World.Shards);

    public static TheoryData<long, PairBlocks, bool, bool> Sends
    {
        get
        {
            var grid = new TheoryData<long, PairBlocks, bool, bool>();
            foreach (var sender in new[] { Ann, Bob })
                for (var blocks = PairBlocks.None; blocks <= (PairBlocks.ByHigh | PairBlocks.ByLow); blocks++)
                    foreach (var exists in new[] { true, false })
                        foreach (var peerExists in new[] { true, false })
                            grid.Add(sender, blocks, exists, peerExists);
            return grid;
        }
    }

    [Theory]
    [MemberData(nameof(Sends))]
    public void A_block_of_either_stops_sends_of_both_and_tells_nobody_who_exists(long sender, PairBlocks blocks, bool exists, bool peerExists)
    {
        var world = new World().WithPair(AnnAndBob, exists ? 3 : 0, blocks);
        if (!peerExists) world.Users.Remove(AnnAndBob.PeerOf(sender));
        var plan = world.Plan(Send(sender, AnnAndBob, "a"));
        var expected = !exists && !peerExists ? Codes.NotFound : blocks != PairBlocks.None ? Codes.Blocked : null;
        Assert.Equal(expected, Assert.Single(plan.Outcomes).Code);
        Assert.Equal((expected is not null, expected is not null), (plan.IsEmpty, plan.IsUnguarded));
        Assert.Equal(!exists && expected is null ? [AnnAndBob] : [], plan.NewDirects);
    }

    public static TheoryData<SubmissionKind, long, PairBlocks, bool> Changes
    {
        get
        {
            var grid = new TheoryData<SubmissionKind, long, PairBlocks, bool>();
            foreach (var kind in new[] { SubmissionKind.BlockUser, SubmissionKind.UnblockUser })
                foreach (var user in new[] { Ann, Bob })
                    for (var blocks = PairBlocks.None; blocks <= (PairBlocks.ByHigh | PairBlocks.ByLow); blocks++)
                        foreach (var exists in new[] { true, false })
                            grid.Add(kind, user, blocks, exists);
            return grid;
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_concerns_the_block_of_who_asks_and_takes_no_seq(SubmissionKind kind, long user, PairBlocks blocks, bool exists)
    {
        var world = new World().WithPair(AnnAndBob, exists ? 3 : 0, blocks);
        world.Revisions[Shard] = 7;
        var (other, own) = (AnnAndBob.PeerOf(user), user == Ann ? PairBlocks.ByHigh : PairBlocks.ByLow);
        var isBlocked = kind == SubmissionKind.BlockUser;
        var plan = world.Plan(isBlocked ? Block(user, other) : Unblock(user, other));

        var outcome = Assert.Single(plan.Outcomes);
        Assert.Equal((null, exists ? 3 : 0, null), (outcome.Code, outcome.Seq, outcome.Row));
        Assert.Empty(plan.NewDirects);
        if (blocks.HasFlag(own) == isBlocked)
        {
            Assert.True(plan is { IsEmpty: true, IsUnguarded: true });
            Assert.Empty(plan.Revisions);
            return;
        }

        Assert.False(plan.IsEmpty || plan.IsUnguarded);
        Assert.Equal(new BlockChange(AnnAndBob, user, other, isBlocked), Assert.Single(plan.BlockChanges));
        Assert.Equal(isBlocked ? blocks | own : blocks & ~own, Assert.Single(plan.After).Blocks);
        Assert.Equal([new KeyValuePair<int, long>(Shard, 7)], plan.Revisions);
        Assert.Equal([Shard], plan.Raised);
    }

    [Fact]
    public void Sends_and_blocks_of_a_pile_stand_in_its_order()
    {
        var plan = new World().WithHead(AnnAndBob, 1).Plan(
            Send(Bob, AnnAndBob, "a"), Block(Ann, Bob), Send(Bob, AnnAndBob, "b"), Send(Ann, AnnAndBob, "c"), Unblock(Ann, Bob), Send(Bob, AnnAndBob, "d"));
        Assert.Equal([null, null, Codes.Blocked, Codes.Blocked, null, null], plan.Outcomes.Select(outcome => outcome.Code));
        Assert.Equal([2, 3], plan.Rows.Select(row => row.Seq));
        Assert.Equal([true, false], plan.BlockChanges.Select(change => change.IsBlocked));
        Assert.Equal(PairBlocks.None, Assert.Single(plan.After).Blocks);
    }

    [Fact]
    public void A_repeat_of_what_was_accepted_before_the_block_is_answered_with_its_place()
    {
        var world = new World().WithPair(AnnAndBob, 5, PairBlocks.ByHigh);
        var send = Send(Bob, AnnAndBob, "used");
        world.InLog[send.Key] = new Placed(AnnAndBob, 4, 1234, send.Content);
        var plan = world.Plan(send);
        Assert.Equal((null, 4, 1234), (plan.Outcomes[0].Code, plan.Outcomes[0].Seq, plan.Outcomes[0].Time));
        Assert.False(plan.IsUnguarded);
    }

    [Fact]
    public void The_system_and_groups_are_not_touched_by_blocks()
    {
        var world = new World().WithTeam(Bob, Ann).WithPair(AnnAndBob, 5, PairBlocks.ByHigh | PairBlocks.ByLow);
        var plan = world.Plan(Send(Ids.SystemUser, AnnAndBob, "a"), Send(Ids.SystemUser, ConversationId.Direct(Ids.SystemUser, Ann), "b"), Send(Bob, Team, "c"));
        Assert.Equal([null, null, null], plan.Outcomes.Select(outcome => outcome.Code));
        Assert.Empty(plan.Raised);
    }

    [Theory]
    [InlineData(Ann, Ann, Codes.Invalid)]
    [InlineData(Ann, Ids.SystemUser, Codes.Forbidden)]
    [InlineData(Ann, Nobody, Codes.NotFound)]
    public void Who_cannot_be_blocked_cannot_be_unblocked_either(long user, long other, string code)
    {
        var plan = new World().Plan(Block(user, other), Unblock(user, other));
        Assert.Equal([code, code], plan.Outcomes.Select(outcome => outcome.Code));
        Assert.True(plan is { IsEmpty: true, IsUnguarded: true });
    }

    [Theory]
    [InlineData(SubmissionKind.BlockUser)]
    [InlineData(SubmissionKind.UnblockUser)]
    public void Nobody_changes_the_block_of_others(SubmissionKind kind)
    {
        var world = new World().WithTeam(Bob, Ann).WithPair(AnnAndBob, 5, PairBlocks.ByHigh);
        var plan = world.Plan(Command(kind, Cem, AnnAndBob, []), Command(kind, Bob, Team, []));
        Assert.Equal([Codes.NotFound, Codes.NotFound], plan.Outcomes.Select(outcome => outcome.Code));
        Assert.True(plan.IsEmpty);
    }

    [Fact]
    public void A_user_blocks_ten_thousand_others_and_no_more()
    {
        var world = new World { Blocks = { [Ann] = CommitPlan.MaxBlocks - 1 } };
        var plan = world.Plan(Block(Ann, Bob), Block(Ann, Cem), Block(Ann, Bob, "again"), Block(Cem, Ann), Unblock(Ann, Bob), Block(Ann, Cem, "now"));
        Assert.Equal([null, Codes.Invalid, null, null, null, null], plan.Outcomes.Select(outcome => outcome.Code));
    }

    [Fact]
    public void The_other_one_decides_whether_a_block_can_be()
    {
        Assert.Equal([Bob], CommitPlan.UsersToCheck(Block(Ann, Bob).Submission));
        Assert.Equal([Ann], CommitPlan.UsersToCheck(Unblock(Bob, Ann).Submission));
        Assert.Empty(CommitPlan.UsersToCheck(Command(SubmissionKind.BlockUser, Ann, Team, []).Submission));
    }

    [Fact]
    public void A_plan_is_guarded_by_the_shards_that_it_touches_and_raises_those_whose_names_owners_and_blocks_it_changes()
    {
        var pairs = new[] { AnnAndBob, ConversationId.Direct(Ann, Cem), ConversationId.Direct(Ann, Dora) };
        var world = new World().WithTeam(Bob, Ann);
        foreach (var shard in Enumerable.Range(0, World.Shards)) world.Revisions[shard] = shard + 100;
        var plan = world.Plan([.. pairs.Select(pair => Send(Ann, pair, $"{pair}"))]);
        Assert.Equal(pairs.Select(ShardOf).Distinct().Order(), plan.Revisions.Keys.Order());
        Assert.All(plan.Revisions, one => Assert.Equal(one.Key + 100, one.Value));
        Assert.Empty(plan.Raised);

        Assert.Empty(world.Plan(Send(Ann, Team, "a"), Add(Bob, Team, Cem)).Raised);
        Assert.Equal([ShardOf(Team)], world.Plan(Rename(Bob, Team, "U")).Raised);
        Assert.Equal([ShardOf(Team)], world.Plan(Remove(Bob, Team, Bob)).Raised);
        Assert.Equal([ShardOf(Team)], world.Plan(Send(Ann, Team, "a")).Revisions.Keys);
    }

    private static int ShardOf(ConversationId id) => id.Shard(World.Shards);
}
