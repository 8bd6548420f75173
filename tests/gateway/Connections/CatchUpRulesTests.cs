using Im.Contracts;
using Im.Gateway.Connections;
using Im.Gateway.Log;

namespace Im.Gateway.Tests.Connections;

public sealed class CatchUpRulesTests
{
    private static readonly ConversationId Conversation = ConversationId.Direct(1, 2);

    [Theory]
    [InlineData(0, 1, false, 2)]
    [InlineData(7, 17, false, 11)]
    [InlineData(7, 17, true, 11)]
    [InlineData(0, 254, false, 255)]
    [InlineData(0, 255, false, 256)]
    [InlineData(0, 1_000_000, false, 256)]
    [InlineData(0, long.MaxValue, false, 256)]
    [InlineData(9, 9, false, 2)]
    [InlineData(9, 9, true, 256)]
    [InlineData(9, 4, true, 256)]
    public void A_conversation_is_asked_for_one_more_than_is_known_of_and_for_a_whole_page_where_nothing_is(long sent, long known, bool wasFull, int asked) =>
        Assert.Equal(asked, CatchUpRules.Ask(sent, known, wasFull));

    [Fact]
    public void Who_is_not_in_the_conversation_is_shown_nothing() =>
        Assert.Equal(PageEnd.Nothing, CatchUpRules.EndOf(new LogRange(Conversation, 0, 10), null, announced: 1_000));

    [Fact]
    public void A_page_is_read_by_how_many_it_has_and_an_empty_one_by_what_was_announced_behind_it()
    {
        var cases =
            from after in (long[])[0, 5, 100]
            from fromSeq in (long[])[1, 6, 50, 200]
            from limit in (int[])[2, 10, 256]
            from count in Enumerable.Range(0, limit + 1)
            from announced in (long[])[0, after, after + 1, after + limit, after + limit + 1, fromSeq - 1 + limit, fromSeq + limit, 10_000]
            select (after, fromSeq, limit, count, announced);
        foreach (var (after, fromSeq, limit, count, announced) in cases)
        {
            var page = new LogPage(fromSeq, [.. Enumerable.Range(1, count).Select(seq => new LoggedMessage { Seq = seq })]);
            var reaches = Math.Max(after, fromSeq - 1) + limit;
            var expected = count == limit ? PageEnd.GoesOn : count > 0 ? PageEnd.Reached : announced > reaches ? PageEnd.Hole : PageEnd.Nothing;
            Assert.Equal(expected, CatchUpRules.EndOf(new LogRange(Conversation, after, limit), page, announced));
        }
    }
}
