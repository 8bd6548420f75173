using Im.Chaos.Journals;
using Im.Chaos.Verdicts;
using Im.Protocol;

namespace Im.Chaos.Tests.Verdicts;

/// <summary>Twins, and devices that faults threw off.</summary>
public sealed class ConnectionTests
{
    private readonly PairStory _story = new();

    private Told Told => _story.Told;

    private ToldDevice Bob => _story.Bob;

    [Theory]
    [InlineData(4, false)]
    [InlineData(6, true)]
    public void The_older_connection_of_a_device_ends_so_long_after_the_newer_one_is_there(double seconds, bool isLate)
    {
        Bob.Connects();
        Told.Wait(seconds);
        Bob.Add(new Disconnected(Told.Tick(), 1, 4409, false));
        Told.Wait(1);
        Bob.IsThrownOff();
        Check(isLate);
    }

    [Fact]
    public void In_a_fault_the_older_connection_may_stay_longer()
    {
        Told.Breaks(1);
        Bob.Connects();
        Told.Wait(20);
        Bob.Add(new Disconnected(Told.Tick(), 1, 4409, false));
        Bob.IsThrownOff();
        Expect.Good(Told);
    }

    [Fact]
    public void Which_of_two_that_were_dialled_at_once_is_the_older_one_only_the_server_knows()
    {
        var device = Told.Bare("3");
        device.Add(new Dials(Told.Tick(), 1));
        device.Add(new Dials(Told.Tick(), 2));
        device.Add(new Connected(Told.Tick(), 1, "gateway-1", null));
        device.Add(new Connected(Told.Tick(), 2, "gateway-2", null));
        Told.Wait(20);
        device.Add(new Disconnected(Told.Tick(), 2, 4409, false));
        Expect.Good(Told);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(121, true)]
    public void A_device_is_replaced_only_by_itself(double seconds, bool isFalse)
    {
        Bob.Leaves();
        Told.Wait(seconds);
        Bob.Connects();
        Bob.IsThrownOff(CloseCodes.Replaced);
        if (isFalse) Expect.Only(ViolationKind.Finding, Told);
        else Expect.Good(Told);
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(61, true)]
    public void A_device_that_was_thrown_off_is_back_so_long_after_the_heal(double seconds, bool isLate)
    {
        Bob.IsThrownOff();
        Told.Breaks(5);
        Told.Wait(seconds);
        Bob.Connects();
        Told.Wait(10);
        Bob.Leaves();
        Check(isLate);
    }

    [Fact]
    public void A_device_that_left_by_itself_comes_back_when_it_likes()
    {
        Bob.Leaves();
        Told.Breaks(5);
        Told.Wait(100);
        Bob.Connects();
        Expect.Good(Told);
    }

    [Fact]
    public void A_device_whose_session_was_ended_has_to_log_in_first()
    {
        Bob.EndsSession();
        Bob.IsThrownOff(4401);
        Told.Breaks(5);
        Told.Wait(100);
        Bob.OpensSession();
        Bob.Connects();
        Expect.Good(Told);
    }

    private void Check(bool isLate)
    {
        if (isLate) Expect.Only(ViolationKind.Late, Told);
        else Expect.Good(Told);
    }
}
