using Im.Client;
using Im.Contracts;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Conversations;

public sealed class ReplayInStandalone(RunningSystems systems) : ReplaySpec(systems.StandaloneAsync);

public sealed class ReplayInFull(RunningSystems systems) : ReplaySpec(systems.FullAsync);

public sealed class ReplayThroughEdge(RunningSystems systems) : ReplaySpec(systems.EdgeAsync);

public sealed class ReplayOverProtobufInStandalone(RunningSystems systems) : ReplaySpec(systems.StandaloneAsync, FrameFormat.Protobuf);

public sealed class ReplayOverProtobufInFull(RunningSystems systems) : ReplaySpec(systems.FullAsync, FrameFormat.Protobuf);

/// <summary>What a device gets when it comes back, by its cursor, by the cursors that it names, and when it is new.</summary>
public abstract class ReplaySpec(Func<Task<RunningSystem>> start, FrameFormat? format = null) : FlowTest(start, format)
{
    [Fact]
    public async Task Who_was_away_gets_everything_in_order_and_then_synced()
    {
        var (ann, bob, cid) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        var (anns, cids) = (await ConnectAsync(ann), await ConnectAsync(cid));
        foreach (var number in Numbers(1, 300)) anns.Post(To(bob), $"{number}");
        await cids.SayAsync(To(bob), "hello");
        await anns.SayAsync(To(bob), "last");

        var bobs = await ConnectAsync(bob, System.OtherGateway);
        Assert.IsType<ServerFrame.Synced>(bobs.Frames[^1]);
        Assert.Equal([.. Numbers(1, 300).Select(number => $"{number}"), "last"], bobs.Messages.Where(message => message.From == ann.Id).Select(TextOf));
        Assert.Equal(Numbers(1, 301), bobs.Messages.Where(message => message.From == ann.Id).Select(message => message.Seq));
        Assert.Equal(["hello"], bobs.Messages.Where(message => message.From == cid.Id).Select(TextOf));
    }

    [Fact]
    public async Task A_device_starts_behind_what_it_acknowledged()
    {
        var (_, session, conversation) = await BobWithMessagesAsync(5);
        var first = await ConnectAsync(session);
        first.Ack(conversation, 3);
        await DeliveredAsync(session, conversation, 3);
        Assert.Equal([4, 5], (await ReconnectAsync(first, session)).Messages.Select(message => message.Seq));
    }

    [Fact]
    public async Task A_new_device_starts_at_what_the_user_had_at_its_login_and_stays_there()
    {
        var (bob, session, conversation) = await BobWithMessagesAsync(4);
        var first = await ConnectAsync(session);
        first.Ack(conversation, 2);
        await DeliveredAsync(session, conversation, 2);
        var second = await bob.LogInAsync(Cancel);
        first.Ack(conversation, 4);
        await DeliveredAsync(session, conversation, 4);

        Assert.Equal([3, 4], (await ConnectAsync(second, System.OtherGateway)).Messages.Select(message => message.Seq));
        Assert.Empty((await ConnectAsync(bob)).Messages);
    }

    [Fact]
    public async Task The_cursor_that_hello_names_counts_and_more_than_there_is_counts_as_all()
    {
        var (_, session, conversation) = await BobWithMessagesAsync(5);
        var device = await ConnectAsync(session);
        device.Ack(conversation, 4);
        await DeliveredAsync(session, conversation, 4);

        Assert.Equal([3, 4, 5], await SeqsAfterHelloAsync(session, conversation, 2));
        Assert.Equal(Numbers(1, 5), await SeqsAfterHelloAsync(session, conversation, 0));
        Assert.Empty(await SeqsAfterHelloAsync(session, conversation, 5));
        Assert.Empty(await SeqsAfterHelloAsync(session, conversation, 5_000_000_000));
        Assert.Equal([5], (await ConnectAsync(session, cursors: new Dictionary<string, long> { ["unknown"] = 3, [$"{conversation}0"] = 1 })).Messages.Select(message => message.Seq));
    }

    [Fact]
    public async Task After_a_cursor_above_the_head_the_next_message_still_comes()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var conversation = (await anns.SayAsync(To(bob), "first")).Conversation;
        var bobs = await ConnectAsync(await bob.LogInAsync(Cancel), cursors: new Dictionary<string, long> { [conversation] = 99 });
        await anns.SayAsync(To(bob), "second");
        await bobs.MessageAsync("second");
        Assert.Equal(["second"], bobs.Messages.Select(TextOf));
    }

    [Fact]
    [Trait("abuse", "21")]
    public async Task An_acknowledgement_beyond_what_was_given_counts_as_that()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var conversation = (await anns.SayAsync(To(bob), "1")).Conversation;
        var session = await bob.LogInAsync(Cancel);
        var bobs = await ConnectAsync(session);
        bobs.Ack(conversation, 1_000_000);
        await DeliveredAsync(session, conversation, 1);
        await bobs.DisposeAsync();

        await anns.SayAsync(To(bob), "2");
        Assert.Equal([2], (await ConnectAsync(session)).Messages.Select(message => message.Seq));
    }

    [Fact]
    public async Task A_cursor_never_moves_back()
    {
        var (_, session, conversation) = await BobWithMessagesAsync(3);
        var device = await ConnectAsync(session);
        device.Ack(conversation, 3);
        await DeliveredAsync(session, conversation, 3);
        device.Ack(conversation, 1);
        device.Send(new ClientFrame.Read(conversation, 2));
        await UntilAsync(() => ConversationAsync(session, conversation), one => one.ReadSeq == 2);
        Assert.Equal(3, (await ConversationAsync(session, conversation)).DeliveredSeq);
        Assert.Empty((await ReconnectAsync(device, session)).Messages);
    }

    [Fact]
    public async Task An_acknowledgement_right_behind_hello_counts()
    {
        var (_, session, conversation) = await BobWithMessagesAsync(3);
        var device = Keep(await Device.OpenAsync(System.Gateway, Cancel, Format));
        device.Send(new ClientFrame.Hello(session.SessionId, new Dictionary<string, long> { [conversation] = 3 }));
        device.Ack(conversation, 3);
        await device.SyncedAsync();
        await DeliveredAsync(session, conversation, 3);
        Assert.Empty(device.Frames.OfType<ServerFrame.Error>());
    }

    [Fact]
    public async Task Logging_in_again_with_the_device_id_ends_the_older_session_and_keeps_the_cursors()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var conversation = (await anns.SayAsync(To(bob), "1")).Conversation;
        var session = await bob.LogInAsync(Cancel, "phone");
        var phone = await ConnectAsync(session);
        phone.Ack(conversation, 1);
        await DeliveredAsync(session, conversation, 1);

        var again = await bob.LogInAsync(Cancel, "phone");
        Assert.Equal("phone", again.DeviceId);
        Assert.Equal(CloseCodes.LogInAgain, await phone.ClosedAsync());
        await anns.SayAsync(To(bob), "2");
        Assert.Equal([2], (await ConnectAsync(again, System.OtherGateway)).Messages.Select(message => message.Seq));
    }

    [Fact]
    public async Task A_newer_connection_of_a_device_replaces_the_older_one()
    {
        var session = await (await NewUserAsync()).LogInAsync(Cancel);
        var first = await ConnectAsync(session);
        var second = await ConnectAsync(session);
        Assert.Equal(CloseCodes.Replaced, await first.ClosedAsync());
        var third = await ConnectAsync(session, System.OtherGateway);
        Assert.Equal(CloseCodes.Replaced, await second.ClosedAsync());
        Assert.Equal(CloseCodes.Replaced, (await second.NextAsync<ServerFrame.Bye>()).Code);
        third.Send(new ClientFrame.Ping());
        await third.NextAsync<ServerFrame.Pong>();
    }

    private async Task<(TestUser Bob, ImSession Session, string Conversation)> BobWithMessagesAsync(int count)
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var conversation = "";
        foreach (var number in Numbers(1, count)) conversation = (await anns.SayAsync(To(bob), $"{number}")).Conversation;
        return (bob, await bob.LogInAsync(Cancel), conversation);
    }

    private async Task<Device> ReconnectAsync(Device device, ImSession session)
    {
        await device.DisposeAsync();
        return await ConnectAsync(session);
    }

    private async Task<IEnumerable<long>> SeqsAfterHelloAsync(ImSession session, string conversation, long cursor) =>
        (await ConnectAsync(session, cursors: new Dictionary<string, long> { [conversation] = cursor })).Messages.Select(message => message.Seq);

    private Task<Conversation> DeliveredAsync(ImSession session, string conversation, long seq) =>
        UntilAsync(() => ConversationAsync(session, conversation), one => one.DeliveredSeq == seq);

    private async Task<Conversation> ConversationAsync(ImSession session, string conversation)
    {
        using var api = System.Api(session);
        return Assert.Single((await api.GetConversationsAsync(cancellationToken: Cancel)).Items, one => one.ConversationId == conversation);
    }

    /// <summary>As a bad restore leaves it. The rest of that conversation is not sent, for it could never be put in its place, until the log has it again.</summary>
    [Fact]
    public async Task A_place_that_the_log_lacks_holds_up_no_other_conversation()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, cems, doras) = (await ConnectAsync(ann), await ConnectAsync(await NewUserAsync()), await ConnectAsync(await NewUserAsync()));
        await cems.SayAsync(To(bob), "from cem");
        var conversation = (await anns.SayAsync(To(bob), "1")).Conversation;
        foreach (var number in Numbers(2, 2)) await anns.SayAsync(To(bob), $"{number}");
        await doras.SayAsync(To(bob), "from dora");
        await MoveAsync(2, -2);
        var bobs = Keep(await Device.ConnectAsync(System.Gateway, await bob.LogInAsync(Cancel), Cancel));
        await bobs.MessageAsync("from cem");
        await bobs.MessageAsync("from dora");
        Assert.DoesNotContain(bobs.Messages, message => TextOf(message) is "2" or "3");
        await MoveAsync(-2, 2);
        await bobs.SyncedAsync();
        Assert.Equal(["1", "2", "3"], bobs.Messages.Where(message => message.Conversation == conversation).Select(TextOf));

        async Task MoveAsync(long from, long to)
        {
            Assert.True(ConversationId.TryParse(conversation, out var id));
            Assert.Equal(1, await System.ExecuteAsync("UPDATE messages SET seq = @to WHERE conversation = @id AND seq = @from", new { id, from, to }, Cancel));
        }
    }
}
