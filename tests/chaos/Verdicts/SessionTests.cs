using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>What an ended session still sends and receives.</summary>
public sealed class SessionTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    private ToldDevice Bob => _story.Bob;

    [Theory]
    [InlineData(1.9, false, false)]
    [InlineData(2.1, false, true)]
    [InlineData(9.9, true, false)]
    [InlineData(10.1, true, true)]
    public void What_was_first_sent_so_long_after_the_end_is_stored(double seconds, bool inFault, bool isIntrusion)
    {
        if (inFault) Told.Breaks(1);
        Bob.EndsSession();
        Told.Wait(seconds);
        Bob.Says(PairStory.Pair);
        Check(ViolationKind.Intrusion, isIntrusion);
    }

    [Theory]
    [InlineData(1.9, false, false)]
    [InlineData(2.1, false, true)]
    [InlineData(9.9, true, false)]
    [InlineData(10.1, true, true)]
    public void What_was_sent_so_long_after_the_end_arrives(double seconds, bool inFault, bool isEnded)
    {
        if (inFault) Told.Breaks(1);
        Bob.EndsSession();
        Told.Wait(seconds);
        _story.Ann.Says(PairStory.Pair);
        Check(ViolationKind.EndedSession, isEnded);
    }

    [Fact]
    public void What_was_sent_before_the_end_may_arrive_when_a_wire_is_whole_again()
    {
        var message = _story.Stored(_story.Ann);
        _story.Phone.Gets(message);
        Bob.EndsSession();
        Told.Breaks(20);
        Bob.Gets(message);
        Expect.Good(Told);
    }

    [Fact]
    public void What_waited_for_its_answer_when_the_session_ended_may_be_answered_late()
    {
        var message = Told.Store(PairStory.Pair, "2", Bob.Sends(PairStory.Pair));
        Told.Deliver(message, Bob);
        Bob.EndsSession();
        Told.Wait(20);
        Bob.Accepts(message);
        Expect.Good(Told);
    }

    [Fact]
    public void A_new_session_sends_and_receives()
    {
        Bob.EndsSession();
        Bob.IsThrownOff(4401);
        Told.Wait(15);
        _story.Ann.Says(PairStory.Pair);
        Bob.OpensSession();
        Bob.Connects();
        Bob.Says(PairStory.Pair);
        _story.Ann.Says(PairStory.Pair);
        Expect.Good(Told);
    }

    [Fact]
    public void An_old_connection_beside_the_new_session_is_still_of_the_old_one()
    {
        Bob.EndsSession();
        Told.Wait(15);
        Bob.OpensSession();
        Bob.Connects();
        _story.Ann.Says(PairStory.Pair);
        Expect.Good(Told);
        var message = Told.Log[^1];
        Bob.Add(new Received(Told.Tick(), 1, message.Conversation, message.Seq, message.MessageId, message.From, message.Text, false));
        Expect.Only(ViolationKind.EndedSession, Told);
    }

    [Fact]
    public void What_the_old_session_sent_too_late_may_be_stored_by_the_new_one()
    {
        Bob.EndsSession();
        Told.Wait(15);
        var id = Bob.Sends(PairStory.Pair);
        Bob.IsThrownOff(4401);
        Bob.OpensSession();
        Bob.Connects();
        Bob.Sends(PairStory.Pair, id, 2);
        var message = Told.Store(PairStory.Pair, "2", id);
        Bob.Accepts(message);
        Told.Deliver(message, Bob);
        Expect.Good(Told);
    }

    [Fact]
    public void What_was_sent_too_late_and_never_answered_is_an_intrusion_if_it_is_stored()
    {
        Bob.EndsSession();
        Told.Wait(3);
        var id = Bob.Sends(PairStory.Pair);
        Expect.Good(Told);
        Told.Store(PairStory.Pair, "2", id);
        Bob.IsThrownOff(4401);
        Bob.OpensSession();
        Bob.Connects();
        _story.Ann.Gets(Told.Log[^1]);
        _story.Phone.Gets(Told.Log[^1]);
        Expect.Only(ViolationKind.Intrusion, Told);
    }

    [Fact]
    public void A_session_that_was_opened_before_the_answer_to_the_end_of_the_older_one_goes_on()
    {
        Bob.Add(new EndsSession(Told.Tick()));
        Bob.IsThrownOff(4401);
        Bob.OpensSession();
        Bob.Connects();
        Bob.Add(new SessionEnded(Told.Tick()));
        Told.Wait(20);
        Bob.Says(PairStory.Pair);
        _story.Ann.Says(PairStory.Pair);
        Expect.Good(Told);
    }

    private void Check(ViolationKind kind, bool isViolation)
    {
        if (isViolation) Expect.Only(kind, Told);
        else Expect.Good(Told);
    }
}
