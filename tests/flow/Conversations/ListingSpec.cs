using Im.Client;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Conversations;

public sealed class ListingInStandalone(RunningSystems systems) : ListingSpec(systems.StandaloneAsync);

public sealed class ListingInFull(RunningSystems systems) : ListingSpec(systems.FullAsync);

public sealed class ListingThroughEdge(RunningSystems systems) : ListingSpec(systems.EdgeAsync);

/// <summary>History and the list of conversations over HTTP: pages, bounds and counts.</summary>
public abstract class ListingSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    public async Task History_comes_in_pages_with_their_bounds()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        foreach (var number in Numbers(1, 219)) anns.Post(To(bob), $"{number}");
        var last = await anns.SayAsync(To(bob), "220");
        using var api = System.Api(await bob.LogInAsync(Cancel));

        Assert.Equal(Numbers(171, 50), await SeqsAsync(api, last.Conversation));
        Assert.Equal(Numbers(1, 50), await SeqsAsync(api, last.Conversation, afterSeq: 0));
        Assert.Equal(Numbers(101, 120), await SeqsAsync(api, last.Conversation, afterSeq: 100, limit: 200));
        Assert.Equal([98, 99], await SeqsAsync(api, last.Conversation, beforeSeq: 100, limit: 2));
        Assert.Equal([11, 12], await SeqsAsync(api, last.Conversation, afterSeq: 10, beforeSeq: 13));
        Assert.Equal([11], await SeqsAsync(api, last.Conversation, afterSeq: 10, beforeSeq: 100, limit: 1));
        Assert.Empty(await SeqsAsync(api, last.Conversation, afterSeq: 220));
        Assert.Empty(await SeqsAsync(api, last.Conversation, beforeSeq: 1));
        var newest = (await api.GetMessagesAsync(last.Conversation, limit: 1, cancellationToken: Cancel))[0];
        Assert.Equal((last.Conversation, 220, last.MessageId, ann.Id, "220", last.Time), (newest.ConversationId, newest.Seq, newest.MessageId, newest.From, newest.Body, newest.Time));
    }

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(201, null, null)]
    [InlineData(-1, null, null)]
    [InlineData(50, -1L, null)]
    [InlineData(50, null, -1L)]
    [Trait("abuse", "21")]
    public async Task Bounds_that_cannot_be_are_invalid(int limit, long? afterSeq, long? beforeSeq)
    {
        var ann = await NewUserAsync();
        var conversation = (await (await ConnectAsync(ann)).SayAsync(To(ann), "note")).Conversation;
        using var api = System.Api(await ann.LogInAsync(Cancel));
        var refused = await Assert.ThrowsAsync<ImApiException>(() => api.GetMessagesAsync(conversation, afterSeq, beforeSeq, limit, Cancel));
        Assert.Equal((400, Codes.Invalid), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task The_sender_alone_sees_his_own_ids_in_the_history()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var sent = await (await ConnectAsync(ann)).SayAsync(To(bob), "hello");
        using var anns = System.Api(await ann.LogInAsync(Cancel));
        using var bobs = System.Api(await bob.LogInAsync(Cancel));
        Assert.Equal(sent.Id, (await anns.GetMessagesAsync(sent.Conversation, cancellationToken: Cancel))[0].Id);
        Assert.Null((await bobs.GetMessagesAsync(sent.Conversation, cancellationToken: Cancel))[0].Id);
    }

    [Fact]
    public async Task The_list_shows_the_newest_first_page_by_page()
    {
        var (ann, others) = (await NewUserAsync(), await System.NewUsersAsync(5, Cancel));
        var anns = await ConnectAsync(ann);
        var expected = new List<string>();
        foreach (var other in others) expected.Insert(0, (await SayBeforeOthersAsync(anns, To(other), $"to {other.Id}")).Conversation);
        // A new message brings the oldest to the front.
        await anns.SayAsync(Into(expected[^1]), "again");
        expected = [expected[^1], .. expected[..^1]];
        using var api = System.Api(await ann.LogInAsync(Cancel));

        var first = await api.GetConversationsAsync(2, cancellationToken: Cancel);
        var second = await api.GetConversationsAsync(2, first.Next, Cancel);
        var third = await api.GetConversationsAsync(2, second.Next, Cancel);
        Assert.Equal([2, 2, 1], [first.Items.Count, second.Items.Count, third.Items.Count]);
        Assert.Null(third.Next);
        Assert.Equal(expected, first.Items.Concat(second.Items).Concat(third.Items).Select(one => one.ConversationId));
        Assert.Equal(("again", 2L, "direct"), (first.Items[0].LastMessage!.Body, first.Items[0].LastSeq, first.Items[0].Kind));
        Assert.Equal([ann.Id, others[0].Id], first.Items[0].Members!.Order(StringComparer.Ordinal).OrderBy(id => id == ann.Id ? 0 : 1));
        Assert.Equal(expected, (await api.GetConversationsAsync(cancellationToken: Cancel)).Items.Select(one => one.ConversationId));
    }

    [Fact]
    public async Task Unread_counts_what_others_wrote_behind_the_read_mark()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        await anns.SayAsync(To(bob), "1");
        await anns.SayAsync(To(bob), "2");
        await bobs.MessageAsync("2");
        var conversation = (await bobs.SayAsync(To(ann), "3")).Conversation;
        using var api = System.Api(await bob.LogInAsync(Cancel));

        Assert.Equal((2, 0, 3), await MarksAsync(api, conversation));
        bobs.Send(new ClientFrame.Read(conversation, 1));
        await UntilAsync(() => MarksAsync(api, conversation), marks => marks == (1, 1, 3));
        bobs.Send(new ClientFrame.Read(conversation, 3));
        await UntilAsync(() => MarksAsync(api, conversation), marks => marks == (0, 3, 3));
        await anns.MessageAsync("3");
        await anns.SayAsync(To(bob), "4");
        await UntilAsync(() => MarksAsync(api, conversation), marks => marks == (1, 3, 4));
    }

    /// <summary>What is said next is said in a later millisecond: within one, the conversations have no order by time.</summary>
    private static async Task<ServerFrame.Accepted> SayBeforeOthersAsync(Device device, Target to, string text)
    {
        var said = await device.SayAsync(to, text);
        await UntilAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()), now => now > said.Time);
        return said;
    }

    private static async Task<(long Unread, long Read, long Last)> MarksAsync(ImApi api, string conversation)
    {
        var one = Assert.Single((await api.GetConversationsAsync(cancellationToken: Cancel)).Items, one => one.ConversationId == conversation);
        return (one.Unread, one.ReadSeq, one.LastSeq);
    }

    private static async Task<IEnumerable<long>> SeqsAsync(ImApi api, string conversation, long? afterSeq = null, long? beforeSeq = null, int? limit = null) =>
        (await api.GetMessagesAsync(conversation, afterSeq, beforeSeq, limit, Cancel)).Select(message => message.Seq);
}
