using Im.Contracts;
using Im.Message.Audit;

namespace Im.Message.Tests.Audit;

/// <summary>What a page of the log must look like.</summary>
public sealed class LogWalkTests
{
    private static readonly ConversationId One = ConversationId.Group(1), Two = ConversationId.Group(2);

    /// <summary>The page before ended in the first conversation at 10, or in none.</summary>
    [Theory]
    [InlineData(10, 11, 15, 5, null)]
    [InlineData(10, 11, 11, 1, null)]
    [InlineData(10, 12, 15, 4, 11L)]
    [InlineData(10, 11, 15, 4, 11L)]
    [InlineData(10, 12, 15, 3, 11L)]
    [InlineData(0, 1, 3, 3, null)]
    [InlineData(0, 2, 3, 2, 1L)]
    [InlineData(0, 1, 3, 2, 1L)]
    public void A_stretch_goes_on_where_the_page_before_ended(long before, long first, long last, long count, long? from)
    {
        var page = new[] { new Stretch(One, count, first, last) };
        var holed = LogWalk.Holed(before == 0 ? default : One, before, page).ToArray();
        Assert.Equal(from is { } seq ? [(page[0], seq)] : [], holed);
    }

    [Fact]
    public void Every_other_conversation_of_the_page_begins_with_its_first_message()
    {
        Stretch[] page = [new(One, 2, 11, 12), new(Two, 3, 1, 3), new(ConversationId.Group(3), 1, 4, 4)];
        Assert.Equal([(page[2], 1L)], LogWalk.Holed(One, 10, page));
    }

    [Fact]
    public void A_conversation_that_two_pages_share_is_counted_once()
    {
        var count = LogWalk.Count(LogCount.Zero, default(ConversationId), [new(One, 5, 1, 5), new(Two, 2, 1, 2)]);
        Assert.Equal(new LogCount(7, 2, 0, 0), count);
        Assert.Equal(new LogCount(10, 3, 0, 0), LogWalk.Count(count, Two, [new(Two, 2, 3, 4), new(ConversationId.Group(3), 1, 1, 1)]));
    }

    [Theory]
    [InlineData(1, 0, 0, 10, 10, 0)]
    [InlineData(1, 0, 4, 10, 10, 4)]
    [InlineData(1, 0, 10, 10, 10, 10)]
    [InlineData(4, 0, 0, 10, 7, 0)]
    [InlineData(4, 0, 3, 10, 7, 0)]
    [InlineData(4, 0, 5, 10, 7, 2)]
    [InlineData(4, 8, 5, 10, 0, 0)]
    [InlineData(1, 0, 12, 10, 10, 10)]
    [InlineData(11, 0, 0, 10, 0, 0)]
    public void Of_a_member_counts_what_came_since_he_joined_while_he_is_in(long from, long removed, long delivered, long head, long due, long acknowledged)
    {
        var count = LogWalk.Count(LogCount.Zero, [new Standing(One, 7, from, removed, delivered, head)]);
        Assert.Equal((due, acknowledged), (count.Due, count.Acknowledged));
    }

    [Theory]
    [InlineData(1, 0, 10, 10, null)]
    [InlineData(10, 0, 0, 10, null)]
    [InlineData(1, 10, 0, 10, null)]
    [InlineData(1, 0, 12, 10, 12L)]
    [InlineData(13, 0, 0, 10, 13L)]
    [InlineData(1, 11, 10, 10, 11L)]
    [InlineData(1, 0, 0, 0, 1L)]
    public void Nobody_has_seen_more_than_the_log_holds(long from, long removed, long delivered, long head, long? until)
    {
        var lost = LogWalk.LostEnds([new Standing(One, 7, from, removed, delivered, head)]);
        Assert.Equal(until is { } last ? [new LogGap(One, head + 1, last)] : [], lost);
    }

    [Fact]
    public void A_lost_end_is_told_once_with_the_furthest_that_anybody_saw() => Assert.Equal(
        [new LogGap(One, 11, 14), new LogGap(Two, 3, 3)],
        LogWalk.LostEnds([new(One, 7, 1, 0, 12, 10), new(One, 8, 1, 0, 14, 10), new(One, 9, 1, 0, 9, 10), new(Two, 7, 1, 0, 3, 2)]));
}
