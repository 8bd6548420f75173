using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

public sealed class ContradictionTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    [Fact]
    public void Two_answers_that_say_the_same_agree()
    {
        var message = Delivered();
        _story.Ann.Accepts(message);
        Expect.Good(Told);
    }

    [Theory]
    [InlineData("p", 2, "p.1")]
    [InlineData("p", 1, "p.9")]
    [InlineData("q", 1, "p.1")]
    public void Two_answers_that_differ_are_a_contradiction(string conversation, long seq, string messageId)
    {
        var message = Delivered();
        _story.Ann.Add(new Accepted(Told.Tick(), 1, message.Text, conversation, seq, messageId));
        Expect.Some(ViolationKind.Contradiction, Told);
    }

    [Fact]
    public void An_answer_that_names_another_place_than_the_log_is_a_contradiction()
    {
        var message = Told.Store(PairStory.Pair, "1", _story.Ann.Sends(PairStory.Pair));
        Told.Deliver(message, _story.Ann);
        _story.Ann.Accepts(message with { MessageId = "p.7" });
        Expect.Only(ViolationKind.Contradiction, Told);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("from")]
    [InlineData("id")]
    [InlineData("member")]
    public void A_copy_that_differs_from_the_log_is_a_contradiction(string what)
    {
        var message = _story.Stored(_story.Ann);
        _story.Phone.Gets(message);
        _story.Bob.Gets(what switch
        {
            "text" => message with { Text = "other" },
            "from" => message with { From = "2" },
            "id" => message with { MessageId = "p.7" },
            _ => message with { IsMember = true },
        });
        Expect.Only(ViolationKind.Contradiction, Told);
    }

    [Fact]
    public void An_answer_at_a_device_that_did_not_send_is_a_contradiction()
    {
        var message = Delivered();
        _story.Bob.Add(new Accepted(Told.Tick(), 1, message.Text, message.Conversation, message.Seq, message.MessageId));
        Expect.Some(ViolationKind.Contradiction, Told);
    }

    [Fact]
    public void A_refusal_at_a_device_that_did_not_send_is_a_contradiction()
    {
        _story.Bob.IsRefused(Delivered().Text, "unavailable", retryable: true);
        Expect.Some(ViolationKind.Contradiction, Told);
    }

    [Fact]
    public void An_answer_to_what_nobody_sent_is_a_contradiction()
    {
        _story.Ann.IsRefused("made-up", "unavailable", retryable: true);
        Expect.Only(ViolationKind.Contradiction, Told);
    }

    [Theory]
    [InlineData("not_found", false, true)]
    [InlineData("session_ended", false, false)]
    [InlineData("unavailable", true, false)]
    public void A_repeat_of_what_is_stored_is_not_refused_for_good(string code, bool retryable, bool isContradiction)
    {
        var id = _story.Ann.Sends(PairStory.Pair);
        var message = Told.Store(PairStory.Pair, "1", id);
        Told.Deliver(message, _story.Ann);
        _story.Ann.IsThrownOff();
        _story.Ann.Connects();
        _story.Ann.Sends(PairStory.Pair, id, attempt: 2);
        _story.Ann.IsRefused(id, code, retryable);
        _story.Ann.Sends(PairStory.Pair, id, attempt: 3);
        _story.Ann.Accepts(message);
        if (isContradiction) Expect.Some(ViolationKind.Contradiction, Told);
        else Expect.Good(Told);
    }

    [Fact]
    public void What_was_refused_for_good_is_nowhere()
    {
        _story.Ann.IsRefused(_story.Ann.Sends(PairStory.Pair));
        Expect.Good(Told);
        var id = _story.Ann.Sends(PairStory.Pair);
        _story.Ann.IsRefused(id);
        Told.Store(PairStory.Pair, "1", id);
        foreach (var device in Told.Devices) device.Gets(Told.Log[^1]);
        Expect.Only(ViolationKind.Contradiction, Told);
    }

    [Fact]
    public void What_was_refused_for_the_time_being_may_be_stored()
    {
        var id = _story.Ann.Sends(PairStory.Pair);
        _story.Ann.IsRefused(id, "unavailable", retryable: true);
        Told.Store(PairStory.Pair, "1", id);
        foreach (var device in Told.Devices) device.Gets(Told.Log[^1]);
        Expect.Good(Told);
    }

    [Fact]
    public void One_try_may_be_refused_and_another_one_stored()
    {
        var id = _story.Ann.Sends(PairStory.Pair);
        _story.Ann.Sends(PairStory.Pair, id, 2);
        _story.Ann.IsRefused(id);
        Told.Store(PairStory.Pair, "1", id);
        foreach (var device in Told.Devices) device.Gets(Told.Log[^1]);
        Expect.Good(Told);
    }

    [Fact]
    public void What_is_in_the_log_was_sent_by_the_one_it_is_from()
    {
        var message = Told.Store(PairStory.Pair, "2", _story.Ann.Sends(PairStory.Pair));
        _story.Ann.Accepts(message);
        Told.Deliver(message, _story.Ann);
        Expect.Only(ViolationKind.Contradiction, Told);
    }

    [Fact]
    public void What_is_in_the_log_was_sent_by_somebody()
    {
        Told.Store(PairStory.Pair, "1", "forged");
        Told.Deliver(Told.Log[^1], null);
        Expect.Only(ViolationKind.Contradiction, Told);
    }

    [Theory]
    [InlineData("@2", true)]
    [InlineData("p", true)]
    [InlineData("@3", false)]
    [InlineData("q", false)]
    public void A_message_is_where_it_was_sent_to(string to, bool isRight)
    {
        var message = Told.Store(PairStory.Pair, "1", _story.Ann.Sends(to));
        _story.Ann.Accepts(message);
        Told.Deliver(message, _story.Ann);
        if (isRight) Expect.Good(Told);
        else Expect.Only(ViolationKind.Contradiction, Told);
    }

    [Fact]
    public void A_hole_in_the_log_is_out_of_order()
    {
        Delivered();
        Told.Log.Add(new LoggedMessage(PairStory.Pair, 3, "p.3", "1", _story.Ann.Sends(PairStory.Pair), false));
        foreach (var device in Told.Devices) device.Gets(Told.Log[^1]);
        Assert.Contains(Told.Judge().Violations, one => one.Kind == ViolationKind.OutOfOrder && one.What.Contains("nothing at #2", StringComparison.Ordinal));
    }

    private LoggedMessage Delivered()
    {
        var message = _story.Stored(_story.Ann);
        Told.Deliver(message, _story.Ann);
        return message;
    }
}
