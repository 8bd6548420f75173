using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

public sealed class SenderOrderTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    private ToldDevice Ann => _story.Ann;

    [Fact]
    public void What_was_sent_after_an_answer_stands_behind_it()
    {
        Ann.Says(PairStory.Pair);
        Ann.Says(PairStory.Pair);
        _story.Phone.Says(PairStory.Pair);
        Expect.Good(Told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_sent_after_an_answer_and_stands_before_it_is_out_of_order(bool isBare)
    {
        var sender = isBare ? Ann : _story.Phone;
        var first = sender.Sends(PairStory.Pair);
        var placed = new LoggedMessage(PairStory.Pair, 2, "p.2", sender.User, first, false);
        sender.Accepts(placed);
        var second = Told.Store(PairStory.Pair, sender.User, sender.Sends(PairStory.Pair));
        Told.Log.Add(placed);
        foreach (var message in Told.Log) Told.Deliver(message, sender);
        sender.Accepts(second);
        Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void What_was_pipelined_keeps_its_order()
    {
        Pipeline(swapped: false);
        Expect.Good(Told);
    }

    [Fact]
    public void What_was_pipelined_and_changed_its_order_is_out_of_order()
    {
        Pipeline(swapped: true);
        Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void What_was_refused_in_a_pipeline_or_repeated_may_come_later()
    {
        var (refused, repeated, plain) = (Ann.Sends(PairStory.Pair), Ann.Sends(PairStory.Pair), Ann.Sends(PairStory.Pair));
        Ann.IsRefused(refused, "unavailable", retryable: true);
        Stores(plain);
        Ann.Sends(PairStory.Pair, refused, 2);
        Ann.Sends(PairStory.Pair, repeated, 2);
        Stores(repeated);
        Stores(refused);
        Expect.Good(Told);
    }

    [Fact]
    public void What_two_connections_sent_without_waiting_has_no_order()
    {
        var first = Ann.Sends(PairStory.Pair);
        Ann.Connects();
        var second = Ann.Sends(PairStory.Pair);
        Stores(second);
        Told.Store(PairStory.Pair, "1", first);
        Told.Deliver(Told.Log[^1], null);
        Expect.Good(Told);
    }

    [Fact]
    public void Two_conversations_have_no_order()
    {
        Told.Pair("q", "1", "3");
        var (first, second) = (Ann.Sends(PairStory.Pair), Ann.Sends("q"));
        Told.Store("q", "1", second);
        Ann.Accepts(Told.Log[^1]);
        Stores(first);
        Expect.Good(Told);
    }

    private void Pipeline(bool swapped)
    {
        string[] sent = [.. Enumerable.Range(0, 5).Select(_ => Ann.Sends(PairStory.Pair))];
        if (swapped) (sent[1], sent[2]) = (sent[2], sent[1]);
        foreach (var id in sent) Stores(id);
    }

    private void Stores(string id)
    {
        var message = Told.Store(PairStory.Pair, "1", id);
        Ann.Accepts(message);
        Told.Deliver(message, Ann);
    }
}
