using Im.Chaos.Load;

namespace Im.Chaos.Tests.Load;

public sealed class UnansweredTests
{
    private readonly Unanswered _message = new("s1-1", new Room(isPair: true, [], []), "@2", "s1-1");

    [Fact]
    public void It_is_due_five_seconds_after_each_send()
    {
        _message.Sent(TimeSpan.FromSeconds(10));
        Assert.Equal((1, TimeSpan.FromSeconds(15)), (_message.Try, _message.DueAt));

        _message.Sent(TimeSpan.FromSeconds(16));
        Assert.Equal((2, TimeSpan.FromSeconds(21)), (_message.Try, _message.DueAt));
    }

    [Theory, InlineData(null, 1000), InlineData(0, 0), InlineData(2500, 2500)]
    public void A_refusal_that_may_be_repeated_names_the_pause(int? asked, int expected)
    {
        _message.Sent(TimeSpan.Zero);

        _message.Refused(TimeSpan.FromSeconds(1), asked);

        Assert.Equal(TimeSpan.FromMilliseconds(1000 + expected), _message.DueAt);
    }

    [Theory, InlineData(0, "s1-1"), InlineData(5, "s1-1"), InlineData(8, "s1-1 xxx")]
    public void A_body_is_the_id_and_what_makes_it_weigh(int bytes, string expected)
    {
        var body = MessageText.Of("s1-1", bytes);

        Assert.Equal(expected, body);
        Assert.Equal("s1-1", MessageText.IdOf(body).ToString());
    }
}
