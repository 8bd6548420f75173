using Im.Contracts;
using Im.Gateway.Typing;

namespace Im.Gateway.Tests.Connections;

/// <summary>How often one connection tells that its user types.</summary>
public sealed class TypingPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void The_same_conversation_is_told_once_in_three_seconds()
    {
        var pace = new TypingPace(_time);
        Assert.True(pace.TryTake(ConversationId.Group(1)));
        Assert.False(pace.TryTake(ConversationId.Group(1)));
        Assert.True(pace.TryTake(ConversationId.Group(2)));
        _time.Advance(TypingPace.Pause - TimeSpan.FromMilliseconds(1));
        Assert.False(pace.TryTake(ConversationId.Group(1)));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(pace.TryTake(ConversationId.Group(1)));
        Assert.False(pace.TryTake(ConversationId.Group(1)));
    }

    [Fact]
    public void Only_so_many_conversations_are_remembered_and_old_ones_make_room()
    {
        var pace = new TypingPace(_time);
        for (var i = 1; i <= TypingPace.MaxConversations; i++) Assert.True(pace.TryTake(ConversationId.Group(i)));
        Assert.False(pace.TryTake(ConversationId.Group(1000)));
        _time.Advance(TypingPace.Pause);
        Assert.True(pace.TryTake(ConversationId.Group(1000)));
    }
}
