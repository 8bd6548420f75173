using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Conversations;

public sealed class ExchangeInStandalone(RunningSystems systems) : ExchangeSpec(systems.StandaloneAsync);

public sealed class ExchangeInFull(RunningSystems systems) : ExchangeSpec(systems.FullAsync);

public sealed class ExchangeThroughEdge(RunningSystems systems) : ExchangeSpec(systems.EdgeAsync);

public sealed class ExchangeOverProtobufInStandalone(RunningSystems systems) : ExchangeSpec(systems.StandaloneAsync, FrameFormat.Protobuf);

public sealed class ExchangeOverProtobufInFull(RunningSystems systems) : ExchangeSpec(systems.FullAsync, FrameFormat.Protobuf);

/// <summary>Messages between connected devices: who gets what, in which order, and what an id stands for.</summary>
public abstract class ExchangeSpec(Func<Task<RunningSystem>> start, FrameFormat? format = null) : FlowTest(start, format)
{
    [Fact]
    public async Task Two_users_on_two_gateways_talk_in_both_directions()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));

        var hello = await anns.SayAsync(To(bob), "hello");
        var received = await bobs.MessageAsync("hello");
        Assert.Equal((hello.Conversation, 1, hello.MessageId, ann.Id, null), (received.Conversation, received.Seq, received.MessageId, received.From, received.Id));
        Assert.Equal("text/plain", received.Type);

        var answer = await bobs.SayAsync(To(ann), "and you");
        Assert.Equal((hello.Conversation, 2), (answer.Conversation, answer.Seq));
        Assert.Equal(2, (await anns.MessageAsync("and you")).Seq);
        Assert.Equal(3, (await bobs.SayAsync(Into(hello.Conversation), "fine")).Seq);
    }

    [Fact]
    public async Task Five_hundred_pipelined_sends_keep_their_order_for_everybody()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));

        var ids = Enumerable.Range(1, 500).Select(number => anns.Post(To(bob), $"{number}")).ToList();
        await anns.NextAsync<ServerFrame.Accepted>(accepted => accepted.Id == ids[^1]);
        await bobs.MessageAsync("500");

        Assert.Equal(ids, anns.Frames.OfType<ServerFrame.Accepted>().OrderBy(accepted => accepted.Seq).Select(accepted => accepted.Id));
        Assert.Equal(Numbers(1, 500), anns.Frames.OfType<ServerFrame.Accepted>().Select(accepted => accepted.Seq));
        Assert.Equal(Numbers(1, 500), bobs.Messages.Select(message => message.Seq));
        Assert.Equal(Numbers(1, 500).Select(number => $"{number}"), bobs.Messages.Select(TextOf));
    }

    [Fact]
    public async Task Only_the_sending_connection_gets_no_message_and_only_it_gets_accepted()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        Device[] anns = [await ConnectAsync(ann), await ConnectAsync(ann, System.OtherGateway), await ConnectAsync(ann)];
        Device[] bobs = [await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway)];

        var accepted = await anns[0].SayAsync(To(bob), "one");
        await bobs[0].SayAsync(To(ann), "marker");
        foreach (var device in (Device[])[.. anns, bobs[1]]) await device.MessageAsync("marker");
        await bobs[0].MessageAsync("one");

        Assert.Equal(["marker"], anns[0].Messages.Select(TextOf));
        foreach (var other in anns[1..])
        {
            Assert.Equal(["one", "marker"], other.Messages.Select(TextOf));
            Assert.Equal([accepted.Id, null], other.Messages.Select(message => message.Id));
            Assert.Empty(other.Frames.OfType<ServerFrame.Accepted>());
        }

        Assert.Equal([null], bobs[0].Messages.Select(message => message.Id));
        Assert.Equal(["one", "marker"], bobs[1].Messages.Select(TextOf));
        Assert.NotNull(bobs[1].Messages.Last().Id);
        Assert.Empty(bobs[1].Frames.OfType<ServerFrame.Accepted>());
    }

    [Fact]
    public async Task A_repeat_on_whatever_connection_is_answered_with_the_first_place()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (first, other, bobs) = (await ConnectAsync(ann), await ConnectAsync(ann, System.OtherGateway), await ConnectAsync(bob));

        var accepted = await first.SayAsync(To(bob), "once", "the-same");
        await first.SayAsync(To(bob), "later");
        var repeated = await other.SayAsync(To(bob), "once", "the-same");
        Assert.Equal(accepted, repeated);
        first.Post(To(bob), "once", "the-same");
        await first.SayAsync(To(bob), "marker");
        await bobs.MessageAsync("marker");

        // An answer to a repeat has no place among the new messages: it may come behind the marker's.
        await UntilAsync(() => Task.FromResult(first.Frames.OfType<ServerFrame.Accepted>().Count(one => one.Id == "the-same")), count => count == 2);
        Assert.Equal([accepted, accepted], first.Frames.OfType<ServerFrame.Accepted>().Where(one => one.Id == "the-same"));
        Assert.Equal(["once", "later", "marker"], bobs.Messages.Select(TextOf));
    }

    [Fact]
    [Trait("abuse", "75")]
    public async Task The_same_id_with_other_content_is_refused_and_changes_nothing()
    {
        var (ann, bob, cid) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        var (anns, other, bobs) = (await ConnectAsync(ann), await ConnectAsync(ann, System.OtherGateway), await ConnectAsync(bob));
        await anns.SayAsync(To(bob), "first", "used");

        other.Post(To(bob), "second", "used");
        other.Post(To(cid), "first", "used");
        other.Send(new ClientFrame.Send("used", To(bob), "first"u8.ToArray(), "text/markdown"));
        Assert.Equal(2, (await other.SayAsync(To(bob), "marker")).Seq);
        await bobs.MessageAsync("marker");
        await UntilAsync(() => Task.FromResult(other.Frames.OfType<ServerFrame.Rejected>().Count()), count => count == 3);

        Assert.Equal(["first", "marker"], bobs.Messages.Select(TextOf));
        Assert.Equal(3, other.Frames.OfType<ServerFrame.Rejected>().Count(rejected => rejected is { Id: "used", Code: Codes.IdReuse, Retryable: false }));
    }

    [Fact]
    public async Task Ids_belong_to_their_sender()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));

        Assert.Equal(1, (await anns.SayAsync(To(bob), "mine", "id")).Seq);
        Assert.Equal(2, (await bobs.SayAsync(To(ann), "mine too", "id")).Seq);
    }

    [Fact]
    public async Task A_user_can_write_to_himself()
    {
        var ann = await NewUserAsync();
        var (one, other) = (await ConnectAsync(ann), await ConnectAsync(ann, System.OtherGateway));

        var note = await one.SayAsync(To(ann), "note");
        Assert.Equal(note.Id, (await other.MessageAsync("note")).Id);
        Assert.Equal(2, (await other.SayAsync(Into(note.Conversation), "second")).Seq);
        await one.MessageAsync("second");
        Assert.Equal(["second"], one.Messages.Select(TextOf));
    }

    [Theory]
    [InlineData("999999999999")]
    [InlineData("no id at all")]
    [InlineData("-1")]
    [InlineData("")]
    public async Task A_message_to_nobody_is_not_found(string user)
    {
        var anns = await ConnectAsync(await NewUserAsync());
        Assert.Equal(Codes.NotFound, await anns.RefusedAsync(Target.ToUser(user), "hello?"));
        Assert.Equal(Codes.NotFound, await anns.RefusedAsync(Into(user), "hello?"));
    }

    [Fact]
    public async Task A_refused_id_can_be_used_again()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        Assert.Equal(Codes.NotFound, await anns.RefusedAsync(Target.ToUser("999999999999"), "hello", "again"));
        anns.Post(To(bob), "hello", "again");
        Assert.Equal("again", (await anns.NextAsync<ServerFrame.Accepted>()).Id);
    }

}
