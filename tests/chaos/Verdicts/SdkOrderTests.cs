using Im.Chaos.Verdicts;

namespace Im.Chaos.Tests.Verdicts;

public sealed class SdkOrderTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    private ToldDevice Phone => _story.Phone;

    [Fact]
    public void Own_messages_are_no_holes_wherever_their_answers_stand()
    {
        var own = Told.Store(PairStory.Pair, "2", Phone.Sends(PairStory.Pair));
        Told.Deliver(own, Phone);
        _story.Ann.Says(PairStory.Pair);
        Phone.Accepts(own);
        _story.Ann.Says(PairStory.Pair);
        Expect.Good(Told);
    }

    [Fact]
    public void A_message_of_the_users_other_device_is_no_own_one()
    {
        var message = _story.Stored(_story.Bob);
        _story.Ann.Gets(message);
        _story.Ann.Says(PairStory.Pair);
        Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void An_earlier_message_behind_a_later_one_is_out_of_order()
    {
        var (first, second) = (Others(), Others());
        Phone.Gets(second);
        Phone.Gets(first);
        Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void A_hole_is_out_of_order_from_the_first_message_on()
    {
        Others();
        Phone.Gets(Others());
        Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void A_hole_across_a_reconnect_is_out_of_order_too()
    {
        _story.Ann.Says(PairStory.Pair);
        Phone.IsThrownOff();
        Others();
        Others();
        Phone.Add(new Im.Chaos.Journals.Connected(Told.Tick(), 2, "gateway-2", null));
        Phone.Gets(Told.Log[2]);
        Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    [Fact]
    public void A_stay_in_a_group_begins_with_its_first_message()
    {
        Told.Group("g", "1", "2");
        Phone.IsThrownOff();
        Told.Leaves("g", "2");
        _story.Ann.Says("g");
        Told.Joins("g", "2");
        _story.Ann.Says("g");
        Phone.Connects();
        Expect.Good(Told);
    }

    [Fact]
    public void A_stay_whose_first_message_is_missing_has_a_hole()
    {
        Told.Group("g", "1");
        Told.Store("g", "1", """{"joined":["2"]}""", isMember: true);
        _story.Ann.Gets(Told.Log[^1]);
        _story.Bob.Gets(Told.Log[^1]);
        Told.Store("g", "1", _story.Ann.Sends("g"));
        _story.Ann.Accepts(Told.Log[^1]);
        _story.Bob.Gets(Told.Log[^1]);
        Phone.Gets(Told.Log[^1]);
        Expect.Some(ViolationKind.OutOfOrder, Told);
    }

    private LoggedMessage Others()
    {
        var message = _story.Stored(_story.Ann);
        _story.Bob.Gets(message);
        return message;
    }
}
