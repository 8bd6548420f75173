using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Connections;

namespace Im.Gateway.Tests.Connections;

/// <summary>What ended connections had been given is remembered, within bounds.</summary>
public sealed class EndedConnectionsTests
{
    private static readonly ConversationId Team = ConversationId.Group(7);
    private static readonly IReadOnlySet<long> Bob = new HashSet<long> { 2 };
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(9, true)]
    [InlineData(10, false)]
    public void A_message_was_given_if_it_lies_between_what_was_held_and_what_was_sent(long seq, bool expected)
    {
        var ended = new EndedConnections(_time);
        ended.Remember(2, 20, 200, [new UnacknowledgedPart(Team, 4, 9, 1234)]);
        var found = ended.Find(Bob, Team, seq, out _);
        if (expected) Assert.Equal(new MessageOnConnection(20, 200, MessageStand.Sent, 1234, _time.GetUtcNow().ToUnixTimeMilliseconds()), Assert.Single(found));
        else Assert.Empty(found);
    }

    [Fact]
    public void Others_and_other_conversations_are_not_found()
    {
        var ended = new EndedConnections(_time);
        ended.Remember(2, 20, 200, [new UnacknowledgedPart(Team, 4, 9, 1234)]);
        Assert.Empty(ended.Find(new HashSet<long> { 3 }, Team, 5, out _));
        Assert.Empty(ended.Find(Bob, ConversationId.Group(8), 5, out _));
    }

    [Fact]
    public void When_it_is_full_what_ended_first_is_forgotten_and_it_says_so()
    {
        var ended = new EndedConnections(_time);
        ended.Find(Bob, Team, 1, out var born);
        Assert.Equal(_time.GetUtcNow().ToUnixTimeMilliseconds(), born);
        var half = Enumerable.Repeat(new UnacknowledgedPart(ConversationId.Group(8), 0, 1, 1), EndedConnections.MaxParts / 2).ToArray();
        _time.Advance(TimeSpan.FromSeconds(1));
        ended.Remember(2, 20, 200, [new UnacknowledgedPart(Team, 0, 1, 1)]);
        var first = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _time.Advance(TimeSpan.FromSeconds(1));
        ended.Remember(3, 30, 300, half);
        Assert.Single(ended.Find(Bob, Team, 1, out var before));
        Assert.Equal(born, before);

        _time.Advance(TimeSpan.FromSeconds(1));
        ended.Remember(3, 30, 301, half);
        Assert.Empty(ended.Find(Bob, Team, 1, out var since));
        Assert.Equal(first + 1, since);
    }

    [Fact]
    public void One_that_alone_is_too_much_is_remembered_in_part()
    {
        var ended = new EndedConnections(_time);
        var parts = Enumerable.Range(1, EndedConnections.MaxParts + 5).Select(group => new UnacknowledgedPart(ConversationId.Group(group), 0, 1, 1));
        ended.Remember(2, 20, 200, parts.ToArray());
        Assert.Single(ended.Find(Bob, ConversationId.Group(EndedConnections.MaxParts), 1, out _));
        Assert.Empty(ended.Find(Bob, ConversationId.Group(EndedConnections.MaxParts + 1), 1, out _));
    }
}
