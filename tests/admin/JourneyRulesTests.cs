using Im.Admin.Journeys;
using Im.Contracts.Messages;

namespace Im.Admin.Tests;

/// <summary>Every combination of what can be known of a device has one state and one reason.</summary>
public sealed class JourneyRulesTests
{
    private static readonly bool[] Both = [false, true];

    private static IEnumerable<DeviceFacts> All =>
        from acknowledged in Both
        from newer in Both
        from removed in Both
        from live in Enum.GetValues<MessageStand>().Cast<MessageStand?>().Append(null)
        from route in Both
        from known in Both
        from hidden in Both
        from sent in Both
        select new DeviceFacts(acknowledged, newer, removed, live, route, known, hidden, sent);

    [Fact]
    public void Every_answer_is_one_of_those_that_are_documented() => Assert.All(All, facts =>
    {
        var (state, reason) = JourneyRules.OfDevice(facts);
        Assert.Contains(state, JourneyRules.States);
        if (reason is not null) Assert.Contains(reason, JourneyRules.Reasons);
        // Who reads that something waits, or was sent and no more, reads why.
        else Assert.True(state is JourneyRules.Acknowledged or JourneyRules.Removed);
    });

    [Fact]
    public void Each_reason_but_the_members_own_is_given_in_some_case() => Assert.Equal(
        JourneyRules.Reasons.Except([JourneyRules.NoSessions]).Order(),
        All.Select(facts => JourneyRules.OfDevice(facts).Reason).OfType<string>().Distinct().Order());

    [Fact]
    public void The_stored_cursor_wins_over_all_else() => Assert.All(
        All.Where(facts => facts.IsAcknowledged),
        facts => Assert.Equal((JourneyRules.Acknowledged, facts.IsNewer ? JourneyRules.NewerDevice : null), JourneyRules.OfDevice(facts)));

    [Fact]
    public void Who_was_removed_waits_for_nothing() => Assert.All(
        All.Where(facts => facts.IsRemoved), facts => Assert.True(JourneyRules.OfDevice(facts).State is JourneyRules.Acknowledged or JourneyRules.Removed));

    [Fact]
    public void Nothing_is_called_sent_without_a_connection_that_says_so() => Assert.All(
        All.Where(facts => JourneyRules.OfDevice(facts).State == JourneyRules.Sent), facts => Assert.True(facts.Live is MessageStand.Sent or MessageStand.SentUnread));

    [Fact]
    public void Nobody_is_called_offline_while_his_gateway_may_only_be_silent() => Assert.All(
        All.Where(facts => JourneyRules.OfDevice(facts).Reason is JourneyRules.Offline or JourneyRules.OfflineUnacknowledged), facts => Assert.False(facts.IsHidden));

    [Theory]
    [InlineData(MessageStand.Acknowledged, "acknowledged", "by_connection")]
    [InlineData(MessageStand.Held, "acknowledged", "held_by_client")]
    [InlineData(MessageStand.Sent, "sent", "not_acknowledged")]
    [InlineData(MessageStand.SentUnread, "sent", "client_does_not_read")]
    [InlineData(MessageStand.OutboxFull, "waiting", "outbox_full")]
    [InlineData(MessageStand.ReadingLog, "waiting", "reading_log")]
    [InlineData(MessageStand.Replaying, "waiting", "replaying")]
    [InlineData(MessageStand.Unannounced, "waiting", "not_announced")]
    [InlineData(null, "waiting", "offline")]
    public void A_connection_says_how_it_stands(MessageStand? live, string state, string reason) =>
        Assert.Equal((state, reason), JourneyRules.OfDevice(new DeviceFacts(false, false, false, live, true, true, false, false)));

    [Theory]
    [InlineData(true, true, "not_announced")]
    [InlineData(false, true, "no_route")]
    [InlineData(true, false, "no_route")]
    [InlineData(false, false, "no_route")]
    public void A_connection_that_no_route_leads_to_is_told_apart(bool hasRoute, bool areKnown, string reason) =>
        Assert.Equal(reason, JourneyRules.OfDevice(new DeviceFacts(false, false, false, MessageStand.Unannounced, hasRoute, areKnown, false, false)).Reason);

    [Theory]
    [InlineData("", false, false, "waiting", "no_sessions")]
    [InlineData("", true, false, "acknowledged", "no_sessions")]
    [InlineData("", false, true, "removed", null)]
    [InlineData("acknowledged", true, true, "acknowledged", null)]
    [InlineData("removed", false, true, "removed", null)]
    [InlineData("acknowledged", false, false, "acknowledged", null)]
    [InlineData("acknowledged sent", true, false, "sent", null)]
    [InlineData("sent waiting acknowledged", true, false, "waiting", null)]
    [InlineData("waiting", false, false, "waiting", null)]
    public void A_member_is_as_far_as_the_device_that_is_furthest_behind(string devices, bool hasAcknowledged, bool isRemoved, string state, string? reason) =>
        Assert.Equal((state, reason), JourneyRules.OfMember(devices.Split(' ', StringSplitOptions.RemoveEmptyEntries), hasAcknowledged, isRemoved));
}
