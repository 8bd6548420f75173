using Im.Contracts.Lanes;
using Im.Hosting.Routes;
using Im.Message.Commit;
using Im.Message.Delivery;
using Im.Message.Tests.Commit;
using Im.Protocol;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Delivery;

/// <summary>Which node gets what of a commit. Ann sends from connection 7 on node-a.</summary>
public sealed class DeliveryPlanTests
{
    private readonly Dictionary<long, List<Route>> _routes = [];
    private long _devices = 100;

    public static TheoryData<string[], string[]> Nodes
    {
        get
        {
            string[][] where = [[], ["node-a"], ["node-b"], ["node-a", "node-a"], ["node-a", "node-b"], ["node-b", "node-c", "node-b"]];
            var grid = new TheoryData<string[], string[]>();
            foreach (var peer in where)
                foreach (var own in where) grid.Add(peer, own);
            return grid;
        }
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Every_device_is_reached_once_per_node_and_the_origin_is_told_beside(string[] ofPeer, string[] ofOwnOthers)
    {
        Connect(Ann, Node, Connection);
        foreach (var (node, i) in ofOwnOthers.Select((node, i) => (node, i))) Connect(Ann, node, 20 + i);
        foreach (var (node, i) in ofPeer.Select((node, i) => (node, i))) Connect(Bob, node, 40 + i);

        var envelopes = Plan(new World().Plan(Send(Ann, AnnAndBob, "a")));

        Assert.Equal(ofPeer.Concat(ofOwnOthers).Append(Node).Distinct().Order(), envelopes.Keys.Order());
        foreach (var (node, envelope) in envelopes)
        {
            var delivery = Assert.Single(envelope.Deliveries);
            Assert.Equal((1, "a", node == Node ? Connection : 0), (delivery.Seq, delivery.ClientId, delivery.Origin));
            Assert.Equal(ofPeer.Contains(node), delivery.Users.Contains(Bob));
            Assert.Equal(ofOwnOthers.Contains(node), delivery.Users.Contains(Ann));
            Assert.Equal(delivery.Users.Distinct(), delivery.Users);
            Assert.Empty(envelope.Answers);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("00-11111111111111111111111111111111-1111111111111111-01")]
    public void Whoever_gets_a_sampled_message_continues_its_trace(string? trace)
    {
        Connect(Ann, Node, Connection);
        Connect(Bob, "node-b", 40);
        var sent = Send(Ann, AnnAndBob, "a");
        var envelopes = Plan(new World().Plan(sent with { Submission = sent.Submission with { Trace = trace } }));
        Assert.Equal([trace, trace], envelopes.Values.Select(envelope => envelope.Deliveries[0].Trace));
    }

    [Fact]
    public void The_same_connection_number_on_another_node_is_another_connection()
    {
        Connect(Ann, Node, Connection);
        Connect(Ann, "node-b", Connection);
        var envelopes = Plan(new World().Plan(Send(Ann, AnnAndBob, "a")));
        Assert.Empty(envelopes[Node].Deliveries[0].Users);
        Assert.Equal(0, envelopes["node-b"].Deliveries[0].Origin);
        Assert.Equal([Ann], envelopes["node-b"].Deliveries[0].Users);
    }

    [Fact]
    public void Without_any_route_the_sender_is_still_told()
    {
        var envelope = Assert.Single(Plan(new World().Plan(Send(Ann, AnnAndBob, "a"), Send(Ann, Team, "x"))));
        Assert.Equal(Node, envelope.Key);
        Assert.Equal(Connection, Assert.Single(envelope.Value.Deliveries).Origin);
        Assert.Equal(("x", Codes.NotFound), (Assert.Single(envelope.Value.Answers).ClientId, envelope.Value.Answers[0].Code));
    }

    [Fact]
    public void Repeats_and_refusals_are_answered_to_the_asking_connection_and_reach_nobody_else()
    {
        Connect(Bob, "node-b", 50);
        var plan = new World().Plan(
            Send(Ann, AnnAndBob, "a"), Send(Ann, AnnAndBob, "a", connection: 8, node: "node-c"), Send(Ann, AnnAndBob, "a", "other", connection: 9, node: "node-c"));
        var envelopes = Plan(plan);
        Assert.Equal(
            [new Answer(8, "a", AnnAndBob, 1, World.Now, null), new Answer(9, "a", AnnAndBob, 0, 0, Codes.IdReuse)], envelopes["node-c"].Answers);
        Assert.Empty(envelopes["node-c"].Deliveries);
        Assert.Single(envelopes["node-b"].Deliveries);
    }

    [Fact]
    public void Deliveries_of_a_node_stand_in_the_order_of_the_pile()
    {
        Connect(Bob, "node-b", 50);
        var pile = Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? Send(Ann, AnnAndBob, $"m{i}") : Send(Bob, AnnAndBob, $"m{i}", node: "node-b", connection: 50));
        var envelope = Plan(new World().Plan([.. pile]))["node-b"];
        Assert.Equal(Enumerable.Range(1, 20).Select(seq => (long)seq), envelope.Deliveries.Select(delivery => delivery.Seq));
        Assert.All(envelope.Deliveries, delivery => Assert.Equal(delivery.Sender == Bob ? 50 : 0, delivery.Origin));
        Assert.All(envelope.Deliveries, delivery => Assert.Equal(delivery.Sender == Bob ? [] : [Bob], delivery.Users));
    }

    [Fact]
    public void A_command_is_answered_to_its_call_and_its_message_reaches_the_asking_user_too()
    {
        Connect(Bob, Node, 50);
        Connect(Cem, "node-b", 51);
        var envelopes = Plan(new World().WithTeam(Bob, Ann).Plan(Add(Bob, Team, Cem)));
        var answer = Assert.Single(envelopes[Node].Answers);
        Assert.Equal((-1, 5, null), (answer.Connection, answer.Seq, answer.Code));
        Assert.Equal(0, envelopes[Node].Deliveries[0].Origin);
        Assert.Equal([Bob], envelopes[Node].Deliveries[0].Users);
        Assert.Equal([Cem], envelopes["node-b"].Deliveries[0].Users);
        Assert.Empty(envelopes["node-b"].Answers);
    }

    [Fact]
    public void Members_learn_of_a_change_with_the_members_and_who_is_out_without()
    {
        Connect(Bob, "node-b", 50);
        Connect(Ann, "node-b", 51);
        Connect(Ann, "node-b", 52);
        Connect(Ann, "node-c", 53);
        var envelopes = Plan(new World().WithTeam(Bob, Ann).Plan(Remove(Bob, Team, Ann)));
        var notices = envelopes["node-b"].Notices;
        Assert.Equal(2, notices.Count);
        Assert.Equal("Team", notices[0].Title);
        Assert.Equal([Bob], notices[0].Members);
        Assert.Equal([Bob], notices[0].Users);
        foreach (var notice in new[] { notices[1], Assert.Single(envelopes["node-c"].Notices) })
        {
            Assert.Empty(notice.Members);
            Assert.Equal([Ann], notice.Users);
        }

        Assert.Empty(envelopes["node-c"].Deliveries);
        Assert.Equal([Bob], Assert.Single(envelopes["node-b"].Deliveries).Users);
    }

    [Fact]
    public void A_new_name_is_told_to_members_and_makes_no_delivery()
    {
        Connect(Ann, "node-b", 50);
        var envelopes = Plan(new World().WithTeam(Bob, Ann).Plan(Rename(Bob, Team, "New")));
        Assert.Equal("New", Assert.Single(envelopes["node-b"].Notices).Title);
        Assert.Equal([Ann], envelopes["node-b"].Notices[0].Users);
        Assert.Equal(4, Assert.Single(envelopes[Node].Answers).Seq);
        Assert.All(envelopes.Values, envelope => Assert.Empty(envelope.Deliveries));
    }

    [Fact]
    public void What_is_planned_survives_the_way_to_its_node()
    {
        Connect(Bob, "node-b", 50);
        Connect(Ann, "node-b", 51);
        foreach (var envelope in Plan(new World().Plan(Create(Ann, Team, "Ünï", Bob), Send(Bob, Team, "m", "𝄞", type: "a/b"), Send(Cem, Team, "x"))).Values)
        {
            var bytes = new System.Buffers.ArrayBufferWriter<byte>();
            LaneFormat.Write(bytes, envelope);
            var read = LaneFormat.ReadEnvelope(bytes.WrittenMemory);
            Assert.Equal(envelope.Answers, read.Answers);
            Assert.Equal(envelope.Deliveries.Select(one => (one.Seq, one.ClientId, one.Type, one.Origin)), read.Deliveries.Select(one => (one.Seq, one.ClientId, one.Type, one.Origin)));
            Assert.Equal(envelope.Notices.Select(one => (one.Conversation, one.Title)), read.Notices.Select(one => (one.Conversation, one.Title)));
        }
    }

    private void Connect(long user, string node, long connection)
    {
        if (!_routes.TryGetValue(user, out var routes)) _routes[user] = routes = [];
        routes.Add(new Route(_devices++, node, connection, _devices));
    }

    private IReadOnlyDictionary<string, Envelope> Plan(CommitPlan plan) =>
        DeliveryPlan.Of(plan.Outcomes, user => _routes.TryGetValue(user, out var routes) ? routes : []);
}
