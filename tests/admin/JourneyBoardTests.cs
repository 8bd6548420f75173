using Im.Admin.Journeys;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Nodes;
using Im.Hosting.Routes;

namespace Im.Admin.Tests;

/// <summary>Routes and answers of gateways, put together.</summary>
public sealed class JourneyBoardTests
{
    private static readonly Node One = new() { Boot = "b1", Name = "gateway-1", Services = "gateway" };
    private static readonly Node Two = new() { Boot = "b2", Name = "gateway-2", Services = "gateway" };
    private static readonly FoundMessage Message = new() { Conversation = ConversationId.Group(5), Seq = 9, Sender = 1, Time = 1000 };
    private static readonly DeviceOf Phone = new(2, 20, "phone", 500, 8);
    private static readonly MemberOf Bob = new(2, false, 8);

    public static TheoryData<string?, bool, bool, bool> Hidden => new()
    {
        // Its route leads to, the first answers, the second answers → hidden.
        { "b1", true, false, false },
        { "b2", true, false, true },
        { "b2", true, true, false },
        { "gone", true, true, true },
        { null, true, false, false },
    };

    [Theory]
    [MemberData(nameof(Hidden))]
    public void A_device_is_hidden_where_its_route_leads_to_who_did_not_answer(string? boot, bool first, bool second, bool hidden)
    {
        var board = new JourneyBoard(boot is null ? [] : [new Route(20, boot, 77, 1)], [One, Two], Answers(first, second));
        Assert.Equal(hidden, board.FactsOf(Phone, Bob, Message).IsHidden);
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, false, true)]
    public void Without_routes_everybody_may_be_where_nobody_answers(bool first, bool second, bool hidden)
    {
        var facts = new JourneyBoard(null, [One, Two], Answers(first, second)).FactsOf(Phone, Bob, Message);
        Assert.Equal((false, false, hidden), (facts.AreRoutesKnown, facts.HasRoute, facts.IsHidden));
    }

    [Fact]
    public void Of_two_gateways_that_hold_the_same_device_the_newer_connection_counts()
    {
        var answers = new Dictionary<string, MessageLocated>
        {
            ["b1"] = Answer("b1", new MessageOnConnection(20, 100, MessageStand.Sent, 5, null), new MessageOnConnection(20, 90, MessageStand.Sent, 4, 6)),
            ["b2"] = Answer("b2", new MessageOnConnection(20, 101, MessageStand.Replaying, null, null), new MessageOnConnection(20, 80, MessageStand.Sent, 3, 4)),
        };
        var board = new JourneyBoard([], [One, Two], answers);
        Assert.Equal(("b2", 101), (board.LiveOf(20)!.Value.Boot, board.LiveOf(20)!.Value.Connection.Connection));
        Assert.Equal(("b1", 90), (board.EndedOf(20)!.Value.Boot, board.EndedOf(20)!.Value.Connection.Connection));
        Assert.Null(board.LiveOf(21));
        var facts = board.FactsOf(Phone, Bob, Message);
        Assert.Equal((MessageStand.Replaying, true), (facts.Live, facts.WasSent));
    }

    [Theory]
    [InlineData(8, 500, false, false)]
    [InlineData(9, 500, true, false)]
    [InlineData(10, 1001, true, true)]
    [InlineData(0, 1000, false, false)]
    public void Its_cursor_and_its_age_say_what_a_device_holds(long cursor, long createdAt, bool acknowledged, bool newer)
    {
        var facts = new JourneyBoard([], [], Answers(false, false)).FactsOf(Phone with { Cursor = cursor, CreatedAt = createdAt }, Bob, Message);
        Assert.Equal((acknowledged, newer), (facts.IsAcknowledged, facts.IsNewer));
    }

    [Fact]
    public void Who_is_gone_from_the_board_is_named_by_what_the_routes_know()
    {
        var board = new JourneyBoard([new Route(20, "gone", 77, 1)], [One], Answers(true, false));
        Assert.Equal(["b1", "gone"], board.Boots);
        Assert.Equal(("gateway-1-b1", "gone"), (board.NameOf("b1"), board.NameOf("gone")));
    }

    private static Dictionary<string, MessageLocated> Answers(bool first, bool second)
    {
        var answers = new Dictionary<string, MessageLocated>();
        if (first) answers["b1"] = Answer("b1");
        if (second) answers["b2"] = Answer("b2");
        return answers;
    }

    private static MessageLocated Answer(string boot, params MessageOnConnection[] connections) => new(Guid.Empty, boot, connections, 0);
}
