using System.Text;
using Im.Message.Commit;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>Group commands: who may do what, and what becomes of the group. Bob is the owner, Ann a member, Cem and Dora are strangers.</summary>
public sealed class CommitPlanGroupTests
{
    public static TheoryData<string, long, string?> Rights => new()
    {
        { "add", Bob, null },
        { "add", Ann, Codes.Forbidden },
        { "add", Cem, Codes.NotFound },
        { "remove", Bob, null },
        { "remove", Ann, Codes.Forbidden },
        { "remove", Cem, Codes.NotFound },
        { "leave", Bob, null },
        { "leave", Ann, null },
        { "leave", Cem, Codes.NotFound },
        { "rename", Bob, null },
        { "rename", Ann, Codes.Forbidden },
        { "rename", Cem, Codes.NotFound },
    };

    [Theory]
    [MemberData(nameof(Rights))]
    public void The_owner_rules_members_leave_and_strangers_find_nothing(string what, long who, string? code)
    {
        var command = what switch
        {
            "add" => Add(who, Team, Dora),
            "remove" => Remove(who, Team, who == Bob ? Ann : Bob),
            "leave" => Remove(who, Team, who),
            _ => Rename(who, Team, "New"),
        };
        var plan = new World().WithTeam(Bob, Ann).Plan(command);
        Assert.Equal(code, Assert.Single(plan.Outcomes).Code);
        Assert.Equal(code is not null, plan.IsEmpty);
        Assert.Equal(code is not null, plan.After.Count == 0);
    }

    [Fact]
    public void A_new_group_begins_with_its_members_in_the_order_asked_the_creator_first()
    {
        var plan = new World().Plan(Create(Ann, Team, "Team", Bob, Ann, Cem, Bob));
        var group = Assert.Single(plan.NewGroups);
        Assert.Equal(("Team", Ann), (group.Title, group.Owner));
        Assert.Equal([Ann, Bob, Cem], group.Members.InJoinOrder);
        var joined = Assert.IsType<GroupChange.Joined>(Assert.Single(plan.Changes));
        Assert.Equal(1, joined.FromSeq);
        Assert.Equal([Ann, Bob, Cem], joined.Users);
        var outcome = Assert.Single(plan.Outcomes);
        Assert.Equal((1, Limits.MemberType), (outcome.Seq, outcome.Row!.Type));
        Assert.Equal("""{"joined":["11","12","13"]}""", Encoding.UTF8.GetString(outcome.Row.Body.Span));
        Assert.Equal([Ann, Bob, Cem], outcome.Notified);
        Assert.Equal([Ann, Bob, Cem], outcome.Audience.InJoinOrder);
    }

    [Fact]
    public void A_group_id_that_is_taken_can_be_tried_again() =>
        Assert.Equal(Codes.Unavailable, Assert.Single(new World().WithTeam(Bob).Plan(Create(Ann, Team, "Mine", Bob)).Outcomes).Code);

    [Fact]
    public void A_group_does_not_begin_with_unknown_users() =>
        AssertRefused(new World().Plan(Create(Ann, Team, "T", Bob, Nobody)), Codes.NotFound);

    [Theory]
    [InlineData(3, null)]
    [InlineData(2, Codes.Invalid)]
    public void A_new_group_keeps_to_the_limit(int limit, string? code) =>
        Assert.Equal(code, new World { MaxGroupMembers = limit }.Plan(Create(Ann, Team, "T", Bob, Cem, Ann)).Outcomes[0].Code);

    [Fact]
    public void Who_is_added_sees_from_the_joining_on()
    {
        var plan = new World().WithTeam(Bob, Ann).Plan(Add(Bob, Team, Cem, Ann, Dora, Cem));
        var joined = Assert.IsType<GroupChange.Joined>(Assert.Single(plan.Changes));
        Assert.Equal(5, joined.FromSeq);
        Assert.Equal([Cem, Dora], joined.Users);
        Assert.Equal("""{"joined":["13","14"]}""", Encoding.UTF8.GetString(plan.Rows[0].Body.Span));
        Assert.Equal([Bob, Ann, Cem, Dora], plan.Outcomes[0].Audience.InJoinOrder);
        Assert.Equal([Bob, Ann, Cem, Dora], plan.Outcomes[0].Notified);
    }

    [Fact]
    public void Adding_who_is_in_already_changes_nothing()
    {
        var plan = new World().WithTeam(Bob, Ann).Plan(Add(Bob, Team, Ann, Bob));
        Assert.True(plan.IsEmpty);
        Assert.Equal((null, 4), (plan.Outcomes[0].Code, plan.Outcomes[0].Seq));
        Assert.Null(plan.Outcomes[0].Notified);
    }

    [Fact]
    public void Adding_an_unknown_user_adds_nobody() => AssertRefused(new World().WithTeam(Bob).Plan(Add(Bob, Team, Ann, Nobody)), Codes.NotFound);

    [Theory]
    [InlineData(4, null)]
    [InlineData(3, Codes.Invalid)]
    public void Adding_keeps_to_the_limit(int limit, string? code) =>
        Assert.Equal(code, new World { MaxGroupMembers = limit }.WithTeam(Bob, Ann).Plan(Add(Bob, Team, Ann, Cem, Dora)).Outcomes[0].Code);

    [Fact]
    public void Who_is_removed_is_told_that_he_is_out_but_gets_no_message_any_more()
    {
        var plan = new World().WithTeam(Bob, Ann, Cem).Plan(Remove(Bob, Team, Ann));
        var left = Assert.IsType<GroupChange.Left>(Assert.Single(plan.Changes));
        Assert.Equal(5, left.Seq);
        Assert.Equal([Ann], left.Users);
        Assert.Equal([Bob, Cem], plan.Outcomes[0].Audience.InJoinOrder);
        Assert.Equal([Bob, Ann, Cem], plan.Outcomes[0].Notified);
        Assert.Equal([Bob, Cem], plan.Outcomes[0].Changed!.Members.InJoinOrder);
    }

    [Fact]
    public void Removing_who_is_not_in_the_group_removes_nobody() =>
        AssertRefused(new World().WithTeam(Bob, Ann).Plan(Remove(Bob, Team, Ann, Cem)), Codes.NotFound);

    [Fact]
    public void The_oldest_member_inherits_from_an_owner_who_leaves()
    {
        var plan = new World().WithTeam(Bob, Cem, Ann).Plan(Remove(Bob, Team, Bob), Rename(Bob, Team, "Mine"), Rename(Cem, Team, "Ours"));
        Assert.Equal(new GroupChange.Inherited(Team, Cem), plan.Changes[1]);
        Assert.Equal([null, Codes.NotFound, null], plan.Outcomes.Select(outcome => outcome.Code));
        Assert.Equal(("Ours", Cem), (Assert.Single(plan.After).Title, plan.After.First().Owner));
    }

    [Fact]
    public void When_the_last_one_leaves_the_group_belongs_to_nobody()
    {
        var plan = new World().WithTeam(Bob).Plan(Remove(Bob, Team, Bob), Send(Bob, Team, "late"), Add(Bob, Team, Ann), Create(Bob, Team, "Again"));
        Assert.Equal([null, Codes.NotFound, Codes.NotFound, Codes.Unavailable], plan.Outcomes.Select(outcome => outcome.Code));
        var after = Assert.Single(plan.After);
        Assert.Equal((0, 0), (after.Members.Count, after.Owner));
        Assert.Equal(0, plan.Outcomes[0].Audience.Count);
    }

    [Fact]
    public void A_new_name_takes_no_place_and_is_told_to_all()
    {
        var plan = new World().WithTeam(Bob, Ann).Plan(Rename(Bob, Team, "Ünï"), Send(Ann, Team, "next"));
        Assert.Equal(new GroupChange.Renamed(Team, "Ünï"), Assert.Single(plan.Changes));
        Assert.Equal((null, 4), (plan.Outcomes[0].Row, plan.Outcomes[0].Seq));
        Assert.Equal([Bob, Ann], plan.Outcomes[0].Notified);
        Assert.Equal(5, plan.Outcomes[1].Seq);
    }

    [Theory]
    [InlineData("add")]
    [InlineData("remove")]
    [InlineData("rename")]
    public void A_conversation_of_two_is_no_group(string what)
    {
        var command = what switch { "add" => Add(Ann, AnnAndBob, Cem), "remove" => Remove(Ann, AnnAndBob, Ann), _ => Rename(Ann, AnnAndBob, "Us") };
        AssertRefused(new World().WithHead(AnnAndBob, 1).Plan(command), Codes.Forbidden);
    }

    [Fact]
    public void A_command_that_comes_again_is_answered_with_its_place()
    {
        var add = Add(Bob, Team, Cem);
        var plan = new World().WithTeam(Bob).Plan(add, Send(Cem, Team, "in"), add);
        Assert.Equal([5, 6, 5], plan.Outcomes.Select(outcome => outcome.Seq));
        Assert.Null(plan.Outcomes[2].Changed);
        Assert.Equal(2, plan.Rows.Count);
    }

    private static void AssertRefused(CommitPlan plan, string code)
    {
        Assert.Equal(code, Assert.Single(plan.Outcomes).Code);
        Assert.True(plan.IsEmpty);
        Assert.Empty(plan.NewGroups);
        Assert.Empty(plan.After);
    }
}
