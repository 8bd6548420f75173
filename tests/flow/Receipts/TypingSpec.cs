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
    /// <summary>A connection tells once in three seconds that its user types into a conversation.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Typing_to_a_user_reaches_all_his_devices_and_not_the_own_ones()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, own) = (await ConnectAsync(ann), await ConnectAsync(ann, System.OtherGateway));
        var (phone, laptop) = (await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway));
        var conversation = (await anns.SayAsync(To(bob), "hello")).Conversation;

        await TypesUntilHeardAsync(anns, To(bob), conversation, ann, phone, laptop);
        await TypesUntilHeardAsync(phone, Into(conversation), conversation, bob, anns, own);
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
        await TypesUntilHeardAsync(ann, Into(group), group, users[0], bob, cid);
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
        // Not told again: what is counted is the burst.
        await bobs.NextAsync<ServerFrame.Typing>(typing => typing.Conversation == conversation && typing.User == ann.Id);
        await TypesUntilHeardAsync(bobs, To(ann), conversation, bob, anns);
        Assert.Single(bobs.Frames.OfType<ServerFrame.Typing>());
    }

    [Fact]
    public async Task Behind_a_block_nobody_is_heard()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        using var api = new ClientApi(System.Gateway, await ann.LogInAsync(Cancel));
        var conversation = (await anns.SayAsync(To(bob), "hello")).Conversation;
        var other = await NewUserAsync();
        var note = await ConnectAsync(other);
        await api.BlockAsync(bob.Id, Cancel);
        bobs.Send(new ClientFrame.Typing(To(ann)));
        anns.Send(new ClientFrame.Typing(To(bob)));
        // Another conversation's frame, taken later, has come by the time that we look.
        var withBob = (await note.SayAsync(To(bob), "hi")).Conversation;
        var withAnn = (await note.SayAsync(To(ann), "hi")).Conversation;
        await TypesUntilHeardAsync(note, To(bob), withBob, other, bobs);
        await TypesUntilHeardAsync(note, To(ann), withAnn, other, anns);
        Assert.All((Device[])[anns, bobs], device => Assert.DoesNotContain(device.Frames.OfType<ServerFrame.Typing>(), typing => typing.Conversation == conversation));

        await api.UnblockAsync(bob.Id, Cancel);
        // On a new connection: the pause is that of a connection.
        var again = await ConnectAsync(bob);
        await TypesUntilHeardAsync(again, To(ann), conversation, bob, anns);
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
        await TypesUntilHeardAsync(ann, Into(hundred), hundred, users[0], bob);
        Assert.DoesNotContain(bob.Frames.OfType<ServerFrame.Typing>(), typing => typing.Conversation == large);
    }

    /// <summary>A notice is told once and may be lost on its way: who types on tells again.</summary>
    private static async Task TypesUntilHeardAsync(Device device, Target to, string conversation, TestUser user, params Device[] others)
    {
        long? told = null;
        await UntilAsync(
            () =>
            {
                if (told is not { } last || TimeProvider.System.GetElapsedTime(last) > Again)
                {
                    device.Send(new ClientFrame.Typing(to));
                    told = TimeProvider.System.GetTimestamp();
                }

                return Task.FromResult(others.All(other => other.Frames.OfType<ServerFrame.Typing>().Any(IsIt)));
            },
            areTold => areTold);

        bool IsIt(ServerFrame.Typing typing) => typing.Conversation == conversation && typing.User == user.Id;
    }
}
