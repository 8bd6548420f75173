using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

public sealed class DoubledTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    [Fact]
    public void A_message_that_was_repeated_and_answered_twice_is_one()
    {
        var message = _story.Stored(_story.Ann);
        Told.Deliver(message, _story.Ann);
        _story.Ann.Sends(PairStory.Pair, message.Text, 2);
        _story.Ann.Accepts(message);
        Expect.Good(Told);
    }

    [Fact]
    public void A_message_at_two_places_of_the_log_is_doubled()
    {
        var message = _story.Stored(_story.Ann);
        Told.Deliver(message, _story.Ann);
        var again = Told.Store(PairStory.Pair, "1", message.Text);
        foreach (var device in Told.Devices) device.Gets(again);
        Expect.Only(ViolationKind.Doubled, Told);
    }

    [Fact]
    public void Two_messages_at_one_place_are_doubled()
    {
        var message = _story.Stored(_story.Ann);
        Told.Deliver(message, _story.Ann);
        Told.Log.Add(message with { Text = _story.Bob.Sends(PairStory.Pair), From = "2" });
        Expect.Some(ViolationKind.Doubled, Told);
    }

    [Fact]
    public void A_device_that_got_a_message_at_another_place_besides_got_it_doubled()
    {
        var message = _story.Stored(_story.Ann);
        Told.Deliver(message, _story.Ann);
        _story.Bob.Gets(message with { Seq = 2, MessageId = "p.2" });
        Expect.Only(ViolationKind.Doubled, Told);
    }

    [Fact]
    public void An_application_on_the_sdk_gets_each_place_once_whatever_the_connection()
    {
        _story.Ann.Says(PairStory.Pair);
        _story.Phone.IsThrownOff();
        _story.Phone.Connects();
        Expect.Good(Told);
        _story.Phone.Gets(Told.Log[^1]);
        Expect.Only(ViolationKind.Doubled, Told);
    }

    [Fact]
    public void A_bare_device_that_names_no_cursors_may_get_again_what_it_held_and_that_is_counted()
    {
        _story.Bob.Acknowledges = false;
        _story.Ann.Says(PairStory.Pair);
        _story.Bob.IsThrownOff();
        _story.Bob.Connects(names: false);
        Expect.Good(Told);
        Assert.Equal((2L, 1L), Told.Judge().Rows.Select(row => (row.Delivered, row.Repeats)).Single());
    }

    [Fact]
    public void The_repeat_of_what_two_connections_sent_may_come_besides_its_answer()
    {
        var message = _story.Stored(_story.Ann);
        Told.Deliver(message, _story.Ann);
        _story.Ann.IsThrownOff();
        _story.Ann.Add(new Connected(Told.Tick(), 2, "gateway-2", null));
        _story.Ann.Add(new Sends(Told.Tick(), 2, message.Text, PairStory.Pair, 2));
        _story.Ann.Add(new Received(Told.Tick(), 2, message.Conversation, message.Seq, message.MessageId, message.From, message.Text, false));
        _story.Ann.Add(new Accepted(Told.Tick(), 2, message.Text, message.Conversation, message.Seq, message.MessageId));
        Expect.Good(Told);
    }
}
