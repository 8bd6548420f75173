using Im.Contracts;
using Im.Message.Log;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>Who may send where, and what a repeat gets.</summary>
public sealed class CommitPlanSendTests
{
    public enum Place
    {
        Pair,
        OneSelf,
        PairOfOthers,
        GroupOfMine,
        GroupOfOthers,
    }

    public enum Difference
    {
        None,
        Body,
        Type,
        Conversation,
    }

    public static TheoryData<Place, bool, bool, bool, bool> Grid
    {
        get
        {
            var grid = new TheoryData<Place, bool, bool, bool, bool>();
            foreach (var place in Enum.GetValues<Place>())
                for (var bits = 0; bits < 16; bits++)
                    grid.Add(place, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
            return grid;
        }
    }

    [Theory]
    [InlineData("application/vnd.im.member+json")]
    [InlineData("APPLICATION/vnd.im.Member+json")]
    [InlineData("application/vnd.im.member+json; charset=utf-8")]
    [InlineData(" application/vnd.im.member+json ;a=b")]
    public void The_type_of_member_messages_is_refused_however_it_is_written(string type)
    {
        var world = new World();
        world.WithHead(IdOf(Place.Pair), 9);
        Assert.Equal(Codes.Forbidden, Assert.Single(world.Plan(Send(Ann, IdOf(Place.Pair), "a", type: type)).Outcomes).Code);
    }

    [Theory]
    [MemberData(nameof(Grid))]
    public void A_send_is_taken_from_members_and_begins_a_pair_only_where_it_may(Place place, bool exists, bool mayCreate, bool peerExists, bool isMemberType)
    {
        var world = new World();
        var to = IdOf(place);
        if (exists && to.IsGroup) world.WithTeam(place == Place.GroupOfMine ? [Bob, Ann] : [Bob, Cem]);
        else if (exists) world.WithHead(to, 9);
        if (!peerExists) world.Users.Remove(place == Place.OneSelf ? Ann : Bob);

        var plan = world.Plan(Send(Ann, to, "a", mayCreate: mayCreate, type: isMemberType ? Limits.MemberType : null));

        var isMember = place is Place.Pair or Place.OneSelf || (place == Place.GroupOfMine && exists);
        var begins = !exists && place is Place.Pair or Place.OneSelf && !exists;
        var expected = isMemberType ? Codes.Forbidden
            : !isMember || (begins && !(mayCreate && peerExists)) ? Codes.NotFound
            : null;
        var outcome = Assert.Single(plan.Outcomes);
        Assert.Equal(expected, outcome.Code);
        Assert.Equal(expected is not null, plan.IsEmpty);
        if (expected is not null)
        {
            Assert.Null(outcome.Row);
            Assert.Equal(0, outcome.Seq);
            Assert.Empty(plan.NewDirects);
            Assert.Empty(plan.After);
            Assert.Empty(plan.Placed);
            return;
        }

        Assert.Equal(begins ? [to] : [], plan.NewDirects);
        var seq = !exists ? 1 : to.IsGroup ? 5 : 10;
        Assert.Equal((to, seq, Ann, World.Now), (outcome.Row!.Conversation, outcome.Row.Seq, outcome.Row.Sender, outcome.Row.Time));
        Assert.Equal(seq, Assert.Single(plan.After).Head);
        Assert.Equal(place == Place.OneSelf ? [Ann] : new[] { Ann, Bob }, outcome.Audience.InJoinOrder.Order());
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, Codes.NotFound)]
    public void The_system_speaks_in_every_conversation_that_there_is_and_is_in_none(bool exists, string? code)
    {
        var world = new World();
        if (exists) world.WithTeam(Bob, Ann).WithHead(AnnAndBob, 2);
        var plan = world.Plan(Send(Ids.SystemUser, Team, "a"), Send(Ids.SystemUser, AnnAndBob, "b"), Rename(Ids.SystemUser, Team, "Mine"));
        Assert.Equal([code, code, Codes.NotFound], plan.Outcomes.Select(outcome => outcome.Code));
        Assert.All(plan.Outcomes.Where(outcome => outcome.Row is not null), outcome => Assert.Equal([Ann, Bob], outcome.Audience.InJoinOrder.Order()));
    }

    public static TheoryData<bool, Difference, bool> Repeats
    {
        get
        {
            var grid = new TheoryData<bool, Difference, bool>();
            foreach (var remembered in new[] { true, false })
                foreach (var difference in Enum.GetValues<Difference>())
                    foreach (var mayStillSend in new[] { true, false })
                        grid.Add(remembered, difference, mayStillSend);
            return grid;
        }
    }

    [Theory]
    [MemberData(nameof(Repeats))]
    public void A_used_id_gets_the_place_it_has_or_is_refused_for_other_content(bool remembered, Difference difference, bool mayStillSend)
    {
        var world = new World().WithTeam(Bob, Ann).WithHead(AnnAndBob, 3);
        var first = Send(Ann, Team, "used", "text", type: "a/b");
        var again = difference switch
        {
            Difference.Body => Send(Ann, Team, "used", "other", type: "a/b"),
            Difference.Type => Send(Ann, Team, "used", "text"),
            Difference.Conversation => Send(Ann, AnnAndBob, "used", "text", type: "a/b"),
            _ => Send(Ann, Team, "used", "text", type: "a/b"),
        };
        if (remembered)
        {
            world.InLog[first.Key] = new Placed(Team, 2, 1234, first.Content);
            if (!mayStillSend) world.WithTeam(Bob, Cem);
        }

        var leaves = Remove(Ann, Team, Ann);
        var plan = remembered ? world.Plan(again) : mayStillSend ? world.Plan(first, again) : world.Plan(first, leaves, again);

        var outcome = plan.Outcomes[^1];
        Assert.Null(outcome.Row);
        Assert.Equal(0, outcome.Audience.Count);
        Assert.Equal(difference == Difference.None ? null : Codes.IdReuse, outcome.Code);
        var place = remembered ? (2L, 1234L) : (5L, World.Now);
        Assert.Equal(difference == Difference.None ? place : (0, 0), (outcome.Seq, outcome.Time));
        Assert.Equal(remembered ? 0 : mayStillSend ? 1 : 2, plan.Rows.Count);
    }

    [Fact]
    public void The_same_id_of_two_senders_is_two_messages()
    {
        var plan = new World().Plan(Send(Ann, AnnAndBob, "same"), Send(Bob, AnnAndBob, "same"));
        Assert.Equal([1, 2], plan.Outcomes.Select(outcome => outcome.Seq));
        Assert.Equal([AnnAndBob], plan.NewDirects);
    }

    [Fact]
    public void A_refused_id_is_not_used_up()
    {
        var plan = new World().WithTeam(Bob, Cem).Plan(Send(Ann, Team, "again"), Add(Bob, Team, Ann), Send(Ann, Team, "again"));
        Assert.Equal([Codes.NotFound, null, null], plan.Outcomes.Select(outcome => outcome.Code));
    }

    [Fact]
    public void A_refused_first_message_does_not_begin_the_conversation_for_the_next_one()
    {
        var plan = new World().Plan(Send(Ann, AnnAndBob, "a", mayCreate: false), Send(Ann, AnnAndBob, "b"), Send(Bob, AnnAndBob, "c", mayCreate: false));
        Assert.Equal([Codes.NotFound, null, null], plan.Outcomes.Select(outcome => outcome.Code));
        Assert.Equal([1, 2], plan.Rows.Select(row => row.Seq));
    }

    [Fact]
    public void Only_users_that_decide_are_asked_for()
    {
        Assert.Equal([Bob], Message.Commit.CommitPlan.UsersToCheck(Send(Ann, AnnAndBob, "a").Submission));
        Assert.Empty(Message.Commit.CommitPlan.UsersToCheck(Send(Ann, AnnAndBob, "a", mayCreate: false).Submission));
        Assert.Empty(Message.Commit.CommitPlan.UsersToCheck(Send(Ann, Team, "a").Submission));
        Assert.Equal([Bob, Cem], Message.Commit.CommitPlan.UsersToCheck(Create(Ann, Team, "T", Bob, Cem).Submission));
        Assert.Equal([Bob], Message.Commit.CommitPlan.UsersToCheck(Add(Ann, Team, Bob).Submission));
        Assert.Empty(Message.Commit.CommitPlan.UsersToCheck(Remove(Ann, Team, Bob).Submission));
    }

    private static ConversationId IdOf(Place place) => place switch
    {
        Place.Pair => AnnAndBob,
        Place.OneSelf => ConversationId.Direct(Ann, Ann),
        Place.PairOfOthers => ConversationId.Direct(Bob, Cem),
        _ => Team,
    };
}
