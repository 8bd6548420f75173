using Im.Contracts;
using Im.Message.Commit;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>The order of a pile is the order of its conversations.</summary>
public sealed class CommitPlanOrderTests
{
    [Fact]
    public void Each_conversation_counts_on_from_its_own_head()
    {
        var world = new World().WithHead(AnnAndBob, 41).WithTeam(Bob, Ann);
        var pile = Enumerable.Range(0, 30).Select(i => (i % 3) switch
        {
            0 => Send(Ann, AnnAndBob, $"m{i}"),
            1 => Send(Bob, Team, $"m{i}"),
            _ => Send(Cem, ConversationId.Direct(Cem, Ann), $"m{i}"),
        }).ToArray();
        var plan = world.Plan(pile);
        Assert.Equal(Enumerable.Range(42, 10).Select(seq => (long)seq), SeqsOf(plan, AnnAndBob));
        Assert.Equal(Enumerable.Range(5, 10).Select(seq => (long)seq), SeqsOf(plan, Team));
        Assert.Equal(Enumerable.Range(1, 10).Select(seq => (long)seq), SeqsOf(plan, ConversationId.Direct(Ann, Cem)));
        Assert.Equal(pile, plan.Outcomes.Select(outcome => outcome.Pending));
    }

    [Fact]
    public void Refusals_and_repeats_leave_no_gap()
    {
        var plan = new World().WithTeam(Bob, Ann).Plan(
            Send(Ann, Team, "a"), Send(Cem, Team, "x"), Send(Ann, Team, "a"), Rename(Bob, Team, "T"), Send(Ann, Team, "a", "other"), Send(Bob, Team, "b"));
        Assert.Equal([5, 6], plan.Rows.Select(row => row.Seq));
        Assert.Equal([5, 0, 5, 5, 0, 6], plan.Outcomes.Select(outcome => outcome.Seq));
    }

    [Fact]
    public void A_send_before_the_removal_is_taken_and_one_after_it_is_not()
    {
        var plan = new World().WithTeam(Bob, Ann).Plan(Send(Ann, Team, "before"), Remove(Bob, Team, Ann), Send(Ann, Team, "after"));
        Assert.Equal([null, null, Codes.NotFound], plan.Outcomes.Select(outcome => outcome.Code));
    }

    [Fact]
    public void At_each_place_the_audience_is_who_is_in_the_group_then()
    {
        var plan = new World().WithTeam(Bob).Plan(
            Send(Bob, Team, "1"), Add(Bob, Team, Ann), Send(Bob, Team, "2"), Add(Bob, Team, Cem), Remove(Bob, Team, Ann), Send(Bob, Team, "3"));
        Assert.Equal(
            [[Bob], [Bob, Ann], [Bob, Ann], [Bob, Ann, Cem], [Bob, Cem], [Bob, Cem]],
            plan.Outcomes.Select(outcome => outcome.Audience.InJoinOrder.ToArray()));
    }

    [Fact]
    public void Who_comes_back_is_the_youngest()
    {
        var plan = new World().WithTeam(Bob, Ann, Cem).Plan(Remove(Ann, Team, Ann), Add(Bob, Team, Ann), Remove(Bob, Team, Bob));
        var after = Assert.Single(plan.After);
        Assert.Equal([Cem, Ann], after.Members.InJoinOrder);
        Assert.Equal(Cem, after.Owner);
    }

    [Fact]
    public void A_group_can_be_used_in_the_pile_that_creates_it()
    {
        var plan = new World().Plan(Create(Ann, Team, "T", Bob), Send(Bob, Team, "first"), Rename(Ann, Team, "U"), Send(Cem, Team, "x"));
        Assert.Equal([null, null, null, Codes.NotFound], plan.Outcomes.Select(outcome => outcome.Code));
        Assert.Equal([1, 2], plan.Rows.Select(row => row.Seq));
        Assert.Equal("U", Assert.Single(plan.After).Title);
        // The group goes in as it began; the changes follow in their order.
        Assert.Equal("T", Assert.Single(plan.NewGroups).Title);
        Assert.IsType<GroupChange.Renamed>(plan.Changes[^1]);
    }

    [Fact]
    public void Making_a_plan_changes_nothing_outside_of_it()
    {
        var world = new World().WithTeam(Bob, Ann);
        var before = world.States[Team];
        world.Plan(Send(Ann, Team, "a"), Remove(Bob, Team, Ann));
        Assert.Same(before, world.States[Team]);
        Assert.Equal([Bob, Ann], before.Members.InJoinOrder);
        Assert.Empty(world.InLog);
    }

    private static IEnumerable<long> SeqsOf(CommitPlan plan, ConversationId conversation) =>
        plan.Rows.Where(row => row.Conversation == conversation).Select(row => row.Seq);
}
