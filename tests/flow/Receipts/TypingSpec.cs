using System.Text.Json;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Receipts;

public sealed class TypingInStandalone(RunningSystems systems) : TypingSpec(systems.StandaloneAsync);

public sealed class TypingInFull(RunningSystems systems) : TypingSpec(systems.FullAsync);

public sealed class TypingThroughEdge(RunningSystems systems) : TypingSpec(systems.EdgeAsync);

/// <summary>Who types is told to the others of the conversation, at most once, and never to somebody outside or behind a block.</summary>
public abstract class TypingSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    public async Task Typing_to_a_user_reaches_all_his_devices_and_not_the_own_ones()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, own) = (await ConnectAsync(ann), await ConnectAsync(ann, System.OtherGateway));
        var (phone, laptop) = (await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway));
        var conversation = (await anns.SayAsync(To(bob), "hello")).Conversation;

        anns.Send(new ClientFrame.Typing(To(bob)));
        foreach (var device in (Device[])[phone, laptop]) await TypingAsync(device, conversation, ann);
        phone.Send(new ClientFrame.Typing(Into(conversation)));
        foreach (var device in (Device[])[anns, own]) await TypingAsync(device, conversation, bob);
        Assert.DoesNotContain(own.Frames.OfType<ServerFrame.Typing>(), typing => typing.User == ann.Id);
    }

    [Fact]
    public async Task In_a_group_all_others_are_told_and_a_stranger_reaches_nobody()
    {
        var users = await System.NewUsersAsync(4, Cancel);
        var (ann, bob, stranger) = (await ConnectAsync(users[0]), await ConnectAsync(users[1], System.OtherGateway), await ConnectAsync(users[3]));
        var cid = await ConnectAsync(users[2]);
        using var api = System.Api(await users[0].LogInAsync(Cancel));
        var group = await api.CreateGroupAsync("all", [users[1].Id, users[2].Id], Cancel);
        var pair = (await ann.SayAsync(To(users[1]), "hello")).Conversation;

        stranger.Send(new ClientFrame.Typing(Into(group)));
        stranger.Send(new ClientFrame.Typing(Into(pair)));
        // Nobody wrote in it yet, so there is nothing to type into.
        stranger.Send(new ClientFrame.Typing(To(users[1])));
        stranger.Send(new ClientFrame.Typing(To(users[3])));
        // Answered in its turn: the frames before it were taken.
        stranger.Send(new ClientFrame.Ping());
        await stranger.NextAsync<ServerFrame.Pong>();
        ann.Send(new ClientFrame.Typing(Into(group)));
        foreach (var device in (Device[])[bob, cid]) await TypingAsync(device, group, users[0]);
        foreach (var device in (Device[])[ann, bob, cid, stranger])
            Assert.DoesNotContain(device.Frames.OfType<ServerFrame.Typing>(), typing => typing.User == users[3].Id);
        Assert.Empty(stranger.Frames.OfType<ServerFrame.Error>());
    }

    [Fact]
    [Trait("abuse", "73")]
    public async Task A_burst_of_one_connection_is_told_once()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        var conversation = (await anns.SayAsync(To(bob), "hello")).Conversation;
        var frame = JsonSerializer.Serialize(new { t = "typing", to = new { user = bob.Id } });
        anns.SendRaw($"[{string.Join(',', Enumerable.Repeat(frame, 50))}]");
        await TypingAsync(bobs, conversation, ann);
        bobs.Send(new ClientFrame.Typing(To(ann)));
        await TypingAsync(anns, conversation, bob);
        Assert.Single(bobs.Frames.OfType<ServerFrame.Typing>());
    }

    [Fact]
    public async Task Behind_a_block_nobody_is_heard()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        using var api = new ClientApi(System.Gateway, await ann.LogInAsync(Cancel));
        var conversation = (await anns.SayAsync(To(bob), "hello")).Conversation;
        var note = await ConnectAsync(await NewUserAsync());
        await api.BlockAsync(bob.Id, Cancel);
        bobs.Send(new ClientFrame.Typing(To(ann)));
        anns.Send(new ClientFrame.Typing(To(bob)));
        // Another conversation's frame, taken later, has come by the time that we look.
        await note.SayAsync(To(bob), "hi");
        await note.SayAsync(To(ann), "hi");
        note.Send(new ClientFrame.Typing(To(bob)));
        note.Send(new ClientFrame.Typing(To(ann)));
        foreach (var device in (Device[])[anns, bobs]) await device.NextAsync<ServerFrame.Typing>(typing => typing.User == note.UserId);
        Assert.All((Device[])[anns, bobs], device => Assert.DoesNotContain(device.Frames.OfType<ServerFrame.Typing>(), typing => typing.Conversation == conversation));

        await api.UnblockAsync(bob.Id, Cancel);
        // On a new connection: the pause is that of a connection.
        var again = await ConnectAsync(bob);
        again.Send(new ClientFrame.Typing(To(ann)));
        await TypingAsync(anns, conversation, bob);
    }

    [Fact]
    public async Task In_a_group_of_more_than_a_hundred_nobody_is_told()
    {
        var users = await System.NewUsersAsync(101, Cancel);
        var (ann, bob) = (await ConnectAsync(users[0]), await ConnectAsync(users[1]));
        using var api = System.Api(await users[0].LogInAsync(Cancel));
        var large = await api.CreateGroupAsync("large", [.. users.Skip(1).Select(user => user.Id)], Cancel);
        var hundred = await api.CreateGroupAsync("hundred", [.. users.Skip(1).Take(99).Select(user => user.Id)], Cancel);
        ann.Send(new ClientFrame.Typing(Into(large)));
        ann.Send(new ClientFrame.Typing(Into(hundred)));
        await TypingAsync(bob, hundred, users[0]);
        Assert.DoesNotContain(bob.Frames.OfType<ServerFrame.Typing>(), typing => typing.Conversation == large);
    }

    private static Task<ServerFrame.Typing> TypingAsync(Device device, string conversation, TestUser user) =>
        device.NextAsync<ServerFrame.Typing>(typing => typing.Conversation == conversation && typing.User == user.Id);
}
