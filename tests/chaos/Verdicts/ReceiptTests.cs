using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

public sealed class ReceiptTests
{
    private readonly PairStory _story = new();

    /// <summary>The same two users, each with a bare device only.</summary>
    private readonly Told _bare = new();
    private readonly ToldDevice _ann, _bob;

    public ReceiptTests()
    {
        _bare.Pair(PairStory.Pair, "1", "2");
        (_ann, _bob) = (_bare.Bare("1").Connects(), _bare.Bare("2").Connects());
    }

    [Fact]
    public void A_receipt_up_to_what_a_bare_device_acknowledged_is_true()
    {
        _ann.Says(PairStory.Pair);
        _ann.IsTold(PairStory.Pair, "2", 1);
        Expect.Good(_bare);
    }

    [Fact]
    public void A_receipt_before_the_acknowledgement_is_false_though_the_message_was_there()
    {
        _bob.Acknowledges = false;
        _ann.Says(PairStory.Pair);
        _ann.IsTold(PairStory.Pair, "2", 1);
        _bob.Add(new Acks(_bare.Tick(), 1, PairStory.Pair, 1));
        Expect.Only(ViolationKind.FalseReceipt, _bare);
    }

    [Fact]
    public void A_receipt_beyond_the_acknowledgement_is_false()
    {
        _ann.Says(PairStory.Pair);
        _ann.IsTold(PairStory.Pair, "2", 2);
        Expect.Only(ViolationKind.FalseReceipt, _bare);
    }

    [Fact]
    public void A_receipt_up_to_what_an_application_on_the_sdk_got_is_true()
    {
        _story.Bob.Acknowledges = false;
        _story.Ann.Says(PairStory.Pair);
        _story.Ann.IsTold(PairStory.Pair, "2", 1);
        Expect.Good(_story.Told);
    }

    [Fact]
    public void A_receipt_before_any_device_got_the_message_is_false()
    {
        var message = _story.Stored(_story.Ann);
        _story.Ann.IsTold(PairStory.Pair, "2", 1);
        _story.Told.Deliver(message, _story.Ann);
        Expect.Only(ViolationKind.FalseReceipt, _story.Told);
    }

    [Fact]
    public void The_sdk_may_acknowledge_its_own_message_before_the_application_sees_the_answer()
    {
        _story.Bob.Acknowledges = false;
        var message = _story.Told.Store(PairStory.Pair, "2", _story.Phone.Sends(PairStory.Pair));
        _story.Told.Deliver(message, _story.Phone);
        _story.Ann.IsTold(PairStory.Pair, "2", 1);
        _story.Phone.Accepts(message);
        Expect.Good(_story.Told);
    }

    [Fact]
    public void An_own_message_of_a_bare_device_counts_when_it_is_acknowledged()
    {
        _bob.Acknowledges = false;
        _bob.Says(PairStory.Pair);
        _ann.IsTold(PairStory.Pair, "2", 1);
        Expect.Only(ViolationKind.FalseReceipt, _bare);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void What_is_told_as_read_was_acknowledged(long read, bool isTrue)
    {
        _ann.Says(PairStory.Pair);
        _ann.Add(new Receipt(_bare.Tick(), 1, PairStory.Pair, "2", null, read));
        if (isTrue) Expect.Good(_bare);
        else Expect.Only(ViolationKind.FalseReceipt, _bare);
    }

    [Fact]
    public void A_receipt_may_repeat_an_older_place()
    {
        _story.Ann.Says(PairStory.Pair);
        _story.Ann.Says(PairStory.Pair);
        _story.Ann.IsTold(PairStory.Pair, "2", 2);
        _story.Ann.IsTold(PairStory.Pair, "2", 1);
        Expect.Good(_story.Told);
    }
}
