using Im.Contracts;
using Im.Hosting.Routes;
using Im.Message.Commit;
using Im.Message.Cursors;
using Im.Message.Hints;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Hints;

/// <summary>Who is told how far somebody got, and who types. Ann has device 1 on node-a and device 2 on node-b, Bob device 3 on node-b.</summary>
public sealed class HintPlanTests
{
    private readonly Dictionary<long, List<Route>> _routes = new()
    {
        [Ann] = [new Route(1, "node-a", 10, 1), new Route(2, "node-b", 20, 2)],
        [Bob] = [new Route(3, "node-b", 30, 3), new Route(4, "node-b", 40, 4)],
    };

    public enum Place
    {
        Pair,
        OneSelf,
        Group,
    }

    public static TheoryData<Place, bool, bool> Receipts
    {
        get
        {
            var grid = new TheoryData<Place, bool, bool>();
            foreach (var place in Enum.GetValues<Place>())
                foreach (var isMember in new[] { true, false })
                    foreach (var isBlocked in new[] { true, false }) grid.Add(place, isMember, isBlocked);
            return grid;
        }
    }

    [Theory]
    [MemberData(nameof(Receipts))]
    public void A_receipt_is_for_the_user_himself_and_for_the_other_of_an_unblocked_pair(Place place, bool isMember, bool isBlocked)
    {
        var conversation = place switch { Place.Pair => AnnAndBob, Place.OneSelf => ConversationId.Direct(Ann, Ann), _ => Team };
        var hints = HintPlan.ReceiptsOf([new MarkMoved(Ann, conversation, 1, 7, 5, isMember, isBlocked)]);
        if (!isMember)
        {
            Assert.Empty(hints.Receipts);
            return;
        }

        var receipt = Assert.Single(hints.Receipts);
        Assert.Equal((conversation, Ann, 1, 7, 5), (receipt.Conversation, receipt.User, receipt.Device, receipt.Delivered, receipt.Read));
        Assert.Equal(place == Place.Pair && !isBlocked ? [Ann, Bob] : [Ann], receipt.Users);
    }

    [Fact]
    public void Each_node_is_told_once_and_the_device_that_reported_is_not()
    {
        var nodes = HintPlan.Of(HintPlan.ReceiptsOf([new MarkMoved(Ann, AnnAndBob, 1, 7, 0, true, false), new MarkMoved(Bob, AnnAndBob, 3, 2, 2, true, false)]), RoutesOf);
        Assert.Equal(["node-a", "node-b"], nodes.Keys.Order());
        Assert.Equal([Ann], Assert.Single(nodes["node-a"].Receipts).Users);
        Assert.Equal(Bob, nodes["node-a"].Receipts[0].User);
        Assert.Equal([[Ann, Bob], [Bob, Ann]], nodes["node-b"].Receipts.Select(one => one.Users.ToArray()));
    }

    [Fact]
    public void A_receipt_of_several_devices_is_told_to_all_of_them()
    {
        var nodes = HintPlan.Of(HintPlan.ReceiptsOf([new MarkMoved(Ann, Team, 0, 7, 7, true, false)]), RoutesOf);
        Assert.Equal(["node-a", "node-b"], nodes.Keys.Order());
    }

    [Fact]
    public void A_user_with_one_device_makes_no_envelope_for_himself()
    {
        _routes[Ann].RemoveAt(1);
        Assert.Empty(HintPlan.Of(HintPlan.ReceiptsOf([new MarkMoved(Ann, Team, 1, 7, 7, true, false)]), RoutesOf));
    }

    [Theory]
    [InlineData(Ann, new[] { Ann, Bob, Cem }, new[] { Bob, Cem })]
    [InlineData(Cem, new[] { Ann, Cem }, new[] { Ann })]
    [InlineData(Dora, new[] { Ann, Bob }, null)]
    [InlineData(Ann, new[] { Ann }, null)]
    [InlineData(Ann, null, null)]
    public void Typing_is_told_to_the_others_by_a_member_alone(long user, long[]? members, long[]? told)
    {
        var audiences = members is null ? [] : new Dictionary<ConversationId, MemberList> { [Team] = new(members) };
        var hints = HintPlan.TypingsOf([(user, Team)], audiences);
        Assert.Equal(told is null ? [] : new[] { told }, hints.Typings.Select(one => one.Users.ToArray()));
    }

    [Fact]
    public void Typing_reaches_each_node_of_the_others_once()
    {
        var hints = HintPlan.TypingsOf([(Cem, Team)], new Dictionary<ConversationId, MemberList> { [Team] = new([Ann, Bob, Cem]) });
        Assert.Equal([Ann, Bob], HintPlan.UsersOf(hints));
        var nodes = HintPlan.Of(hints, RoutesOf);
        Assert.Equal([Ann], Assert.Single(nodes["node-a"].Typings).Users);
        Assert.Equal([Ann, Bob], Assert.Single(nodes["node-b"].Typings).Users);
        Assert.All(nodes.Values, envelope => Assert.Equal((0, Cem, Team), (envelope.Receipts.Count, envelope.Typings[0].User, envelope.Typings[0].Conversation)));
    }

    private List<Route> RoutesOf(long user) => _routes.GetValueOrDefault(user, []);
}
