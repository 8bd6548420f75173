using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

public sealed class WireOrderTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    private ToldDevice Bob => _story.Bob;

    [Fact]
    public void Messages_and_own_answers_make_one_ascending_row()
    {
        for (var i = 0; i < 5; i++)
        {
            _story.Ann.Says(PairStory.Pair);
            Bob.Says(PairStory.Pair);
        }

        Expect.Good(Told);
    }

    [Fact]
    public void A_later_message_before_an_earlier_one_is_out_of_order()
    {
        var (first, second) = (Others(), Others());
        Bob.Gets(second);
        Bob.Gets(first);
        Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void A_gap_on_a_connection_is_out_of_order_also_if_the_next_connection_fills_it()
    {
        var (_, second) = (Others(), Others());
        Bob.Gets(second);
        Bob.IsThrownOff();
        Bob.Acknowledges = false;
        Line(2, []);
        foreach (var message in Told.Log) On(2, message);
        Assert.Contains("#2 without #1", Expect.Only(ViolationKind.OutOfOrder, Told).What, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_message_twice_on_a_connection_is_out_of_order()
    {
        Bob.Gets(Others());
        Bob.Gets(Told.Log[^1]);
        Expect.Only(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void A_connection_begins_behind_the_cursor_that_hello_named()
    {
        Bob.Gets(Others());
        Bob.Gets(Others());
        Bob.IsThrownOff();
        var third = Others();
        Line(2, new() { [PairStory.Pair] = 1 });
        On(2, Told.Log[1]);
        On(2, third);
        Expect.Good(Told);
        Line(3, new() { [PairStory.Pair] = 2 });
        On(3, Told.Log[1]);
        Expect.Only(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void A_connection_that_begins_beyond_the_cursor_that_hello_named_leaves_a_gap()
    {
        Bob.Gets(Others());
        Bob.Gets(Others());
        Line(2, new() { [PairStory.Pair] = 0 });
        On(2, Told.Log[1]);
        Expect.Only(ViolationKind.OutOfOrder, Told);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Where_hello_names_nothing_the_connection_begins_no_later_than_behind_the_last_acknowledgement(long begin, bool isGap)
    {
        Bob.Acknowledges = false;
        for (var i = 0; i < 3; i++) Bob.Gets(Others());
        Bob.Add(new Acks(Told.Tick(), 1, PairStory.Pair, 1));
        Line(2, null);
        for (var seq = begin; seq <= 3; seq++) On(2, Told.Log[(int)seq - 1]);
        if (isGap) Expect.Only(ViolationKind.OutOfOrder, Told);
        else Expect.Good(Told);
    }

    [Fact]
    public void The_answer_to_a_send_that_was_not_repeated_stands_in_its_place()
    {
        Others();
        var own = Told.Store(PairStory.Pair, "2", Bob.Sends(PairStory.Pair));
        Told.Deliver(own, Bob);
        Bob.Accepts(own);
        Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void The_answer_to_a_repeat_may_come_early_and_late()
    {
        Others();
        var own = Told.Store(PairStory.Pair, "2", Bob.Sends(PairStory.Pair));
        Bob.Sends(PairStory.Pair, own.Text, 2);
        Bob.Accepts(own);
        _story.Phone.Gets(Told.Log[1]);
        _story.Ann.Gets(own);
        Bob.Gets(Told.Log[0]);
        Bob.Gets(Others());
        Bob.Add(new Accepted(Told.Tick(), 1, own.Text, own.Conversation, own.Seq, own.MessageId));
        Expect.Good(Told);
    }

    [Fact]
    public void Connections_of_a_device_are_in_order_each_for_itself()
    {
        Bob.Gets(Others());
        Line(2, new() { [PairStory.Pair] = 1 });
        var second = Others();
        On(2, second);
        On(1, second);
        Expect.Good(Told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_was_removed_while_he_was_behind_is_told_of_his_own_send_and_of_nothing_before_it(bool isRemoved)
    {
        Told.Group("g", "1", "2");
        var missed = Told.Store("g", "1", _story.Ann.Sends("g"));
        _story.Ann.Accepts(missed);
        _story.Phone.Gets(missed);
        var own = Told.Store("g", "2", Bob.Sends("g"));
        _story.Ann.Gets(own);
        _story.Phone.Gets(own);
        if (isRemoved) Told.Leaves("g", "2");
        Bob.Accepts(own);
        if (isRemoved) Expect.Good(Told);
        else Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void Who_joins_again_goes_on_with_that_message_without_a_gap()
    {
        Told.Group("g", "1", "2");
        Told.Leaves("g", "2");
        _story.Ann.Says("g");
        Told.Joins("g", "2");
        _story.Ann.Says("g");
        Expect.Good(Told);
    }

    private LoggedMessage Others()
    {
        var message = _story.Stored(_story.Ann);
        _story.Phone.Gets(message);
        return message;
    }

    private void Line(int line, Dictionary<string, long>? cursors) => Bob.Add(new Connected(Told.Tick(), line, "gateway-2", cursors));

    private void On(int line, LoggedMessage message) => Bob.Add(Received(line, message));

    private Received Received(int line, LoggedMessage message) =>
        new(Told.Tick(), line, message.Conversation, message.Seq, message.MessageId, message.From, message.Text, message.IsMember);
}
