using System.Text.Json;
using Im.Client;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Groups;

public sealed class MembershipInStandalone(RunningSystems systems) : MembershipSpec(systems.StandaloneAsync);

public sealed class MembershipInFull(RunningSystems systems) : MembershipSpec(systems.FullAsync);

public sealed class MembershipThroughEdge(RunningSystems systems) : MembershipSpec(systems.EdgeAsync);

public sealed class MembershipOverProtobufInStandalone(RunningSystems systems) : MembershipSpec(systems.StandaloneAsync, FrameFormat.Protobuf);

public sealed class MembershipOverProtobufInFull(RunningSystems systems) : MembershipSpec(systems.FullAsync, FrameFormat.Protobuf);

/// <summary>Who is in a group sees it from his joining up to his leaving, and nothing else.</summary>
public abstract class MembershipSpec(Func<Task<RunningSystem>> start, FrameFormat? format = null) : FlowTest(start, format)
{
    [Fact]
    public async Task Everybody_in_a_group_gets_every_message_once()
    {
        var users = await System.NewUsersAsync(4, Cancel);
        var devices = new List<Device>();
        foreach (var (index, user) in users.Index()) devices.Add(await ConnectAsync(user, System.Gateways[index % System.Gateways.Count]));
        using var owner = await ApiAsync(users[0]);
        var group = await owner.CreateGroupAsync("four", [.. users.Skip(1).Select(user => user.Id)], Cancel);

        foreach (var (index, device) in devices.Index()) await device.SayAsync(Into(group), $"{index}");
        await devices[0].SayAsync(Into(group), "marker");
        foreach (var (index, device) in devices.Index().Skip(1))
        {
            await device.MessageAsync("marker");
            var texts = ((string[])["0", "1", "2", "3", "marker"]).Where(text => text != $"{index}");
            Assert.Equal(texts, device.Messages.Skip(1).Select(TextOf));
            Assert.Equal(Numbers(1, 6).Where(seq => seq != index + 2), device.Messages.Select(message => message.Seq));
        }
    }

    [Fact]
    public async Task A_group_begins_with_the_joining_of_its_members_and_tells_them()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        using var api = await ApiAsync(ann);
        var group = await api.CreateGroupAsync("two of us", [bob.Id], Cancel);

        foreach (var device in (Device[])[anns, bobs])
        {
            var told = await device.NextAsync<ServerFrame.ConversationChanged>();
            Assert.Equal((group, "group", "two of us"), (told.Id, told.Kind, told.Title));
            Assert.Equal([ann.Id, bob.Id], told.Members!);
            var joined = await device.NextAsync<ServerFrame.Message>();
            Assert.Equal((group, 1, ann.Id, Limits.MemberType, null), (joined.Conversation, joined.Seq, joined.From, joined.Type, joined.Id));
            Assert.Equal([ann.Id, bob.Id], UsersOf(joined, "joined"));
        }

        var shown = await api.GetConversationAsync(group, Cancel);
        Assert.Equal(("group", "two of us", 1L), (shown.Kind, shown.Title, shown.LastSeq));
        Assert.Equal([ann.Id, bob.Id], shown.Members!);
    }

    [Fact]
    [Trait("abuse", "56")]
    public async Task A_new_member_sees_the_group_from_his_joining_on()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var (live, session) = (await ConnectAsync(bob), await bob.LogInAsync(Cancel));
        using var api = await ApiAsync(ann);
        var group = await api.CreateGroupAsync("g", [], Cancel);
        await anns.SayAsync(Into(group), "before");
        await api.AddMemberAsync(group, bob.Id, Cancel);
        await anns.SayAsync(Into(group), "after");

        await live.MessageAsync("after");
        var replayed = await ConnectAsync(session, System.OtherGateway, new Dictionary<string, long> { [group] = 0 });
        foreach (var device in (Device[])[live, replayed])
        {
            Assert.Equal([3, 4], device.Messages.Select(message => message.Seq));
            Assert.Equal([bob.Id], UsersOf(device.Messages.First(), "joined"));
        }

        Assert.Contains(bob.Id, (await live.NextAsync<ServerFrame.ConversationChanged>()).Members!);
        using var bobs = System.Api(session);
        Assert.Equal([3, 4], (await bobs.GetMessagesAsync(group, afterSeq: 0, cancellationToken: Cancel)).Select(message => message.Seq));
    }

    [Fact]
    public async Task Adding_a_member_twice_makes_one_message()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        using var api = await ApiAsync(ann);
        var group = await api.CreateGroupAsync("g", [bob.Id], Cancel);
        await api.AddMemberAsync(group, bob.Id, Cancel);
        Assert.Equal(1, (await api.GetConversationAsync(group, Cancel)).LastSeq);
    }

    [Fact]
    [Trait("abuse", "53")]
    public async Task After_his_removal_a_member_gets_nothing_though_sends_race_with_it()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann);
        var (online, session) = (await ConnectAsync(bob, System.OtherGateway), await bob.LogInAsync(Cancel));
        using var api = await ApiAsync(ann);
        var group = await api.CreateGroupAsync("g", [bob.Id], Cancel);

        using var flood = new Flood(anns, Into(group));
        await flood.Flowing;
        await api.RemoveMemberAsync(group, bob.Id, Cancel);
        var left = await anns.NextAsync<ServerFrame.Message>(message => message.Type == Limits.MemberType && message.Seq > 1);
        await anns.NextAsync<ServerFrame.Accepted>(accepted => accepted.Seq > left.Seq);
        await flood.StopAsync();
        await anns.SayAsync(To(bob), "marker");

        await online.MessageAsync("marker");
        Assert.Equal([bob.Id], UsersOf(left, "left"));
        Assert.Contains(anns.Frames.OfType<ServerFrame.Accepted>(), accepted => accepted.Seq < left.Seq);
        var fetched = await ConnectAsync(session);
        foreach (var device in (Device[])[online, fetched])
            Assert.All(device.Messages.Where(message => message.Conversation == group), message => Assert.True(message.Seq < left.Seq, $"{message.Seq} was removed at {left.Seq}"));
        Assert.Equal(Codes.NotFound, await online.RefusedAsync(Into(group), "let me in"));
    }

    [Fact]
    public async Task Who_is_removed_while_online_learns_it_from_a_conversation_frame_without_members()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var bobs = await ConnectAsync(bob);
        using var api = await ApiAsync(ann);
        var group = await api.CreateGroupAsync("g", [bob.Id], Cancel);
        await api.RemoveMemberAsync(group, bob.Id, Cancel);
        var told = await bobs.NextAsync<ServerFrame.ConversationChanged>(frame => frame.Members is null or []);
        Assert.Equal(group, told.Id);
    }

    [Fact]
    [Trait("abuse", "56")]
    public async Task Who_comes_back_sees_nothing_of_the_time_between()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        using var api = await ApiAsync(ann);
        var group = await api.CreateGroupAsync("g", [bob.Id], Cancel);
        await anns.SayAsync(Into(group), "before");
        await bobs.MessageAsync("before");
        await api.RemoveMemberAsync(group, bob.Id, Cancel);
        await anns.SayAsync(Into(group), "between");
        await api.AddMemberAsync(group, bob.Id, Cancel);
        await anns.SayAsync(Into(group), "after");

        await bobs.MessageAsync("after");
        Assert.Equal([1, 2, 5, 6], bobs.Messages.Select(message => message.Seq));
        var session = await bob.LogInAsync(Cancel);
        Assert.DoesNotContain("between", (await ConnectAsync(session, cursors: new Dictionary<string, long> { [group] = 0 })).Messages.Select(TextOf));
        await bobs.SayAsync(Into(group), "back");
        await anns.MessageAsync("back");
    }

    [Fact]
    public async Task When_the_owner_leaves_the_oldest_member_takes_over()
    {
        var users = await System.NewUsersAsync(4, Cancel);
        using var owner = await ApiAsync(users[0]);
        using var second = await ApiAsync(users[1]);
        using var third = await ApiAsync(users[2]);
        var group = await owner.CreateGroupAsync("g", [users[1].Id, users[2].Id], Cancel);

        Assert.Equal(403, (await Assert.ThrowsAsync<ImApiException>(() => second.AddMemberAsync(group, users[3].Id, Cancel))).Status);
        await owner.RemoveMemberAsync(group, users[0].Id, Cancel);
        await second.AddMemberAsync(group, users[3].Id, Cancel);
        await second.RenameGroupAsync(group, "ours now", Cancel);
        Assert.Equal(403, (await Assert.ThrowsAsync<ImApiException>(() => third.RemoveMemberAsync(group, users[3].Id, Cancel))).Status);
        var shown = await third.GetConversationAsync(group, Cancel);
        Assert.Equal("ours now", shown.Title);
        Assert.Equal([users[1].Id, users[2].Id, users[3].Id], shown.Members!);
    }

    [Fact]
    public async Task A_new_title_is_told_to_the_members()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var bobs = await ConnectAsync(bob, System.OtherGateway);
        using var api = await ApiAsync(ann);
        var group = await api.CreateGroupAsync("old", [bob.Id], Cancel);
        await api.RenameGroupAsync(group, "new", Cancel);
        var told = await bobs.NextAsync<ServerFrame.ConversationChanged>(frame => frame.Title == "new");
        Assert.Equal([ann.Id, bob.Id], told.Members!);
    }

    [Fact]
    [Trait("abuse", "60")]
    public async Task A_group_has_five_hundred_members_and_not_one_more()
    {
        var users = await System.NewUsersAsync(501, Cancel);
        using var api = await ApiAsync(users[0]);
        var all = users.Skip(1).Select(user => user.Id).ToArray();
        var refused = await Assert.ThrowsAsync<ImApiException>(() => api.CreateGroupAsync("too many", all, Cancel));
        Assert.Equal((400, Codes.Invalid), (refused.Status, refused.Code));

        var group = await api.CreateGroupAsync("full", all[..^1], Cancel);
        refused = await Assert.ThrowsAsync<ImApiException>(() => api.AddMemberAsync(group, all[^1], Cancel));
        Assert.Equal((400, Codes.Invalid), (refused.Status, refused.Code));
        var (sender, receiver) = (await ConnectAsync(users[0]), await ConnectAsync(users[499], System.OtherGateway));
        await sender.SayAsync(Into(group), "to five hundred");
        await receiver.MessageAsync("to five hundred");
    }

    private async Task<ImApi> ApiAsync(TestUser user) => System.Api(await user.LogInAsync(Cancel));

    private static IEnumerable<string> UsersOf(ServerFrame.Message message, string verb)
    {
        using var body = JsonDocument.Parse(message.Body);
        return [.. body.RootElement.GetProperty(verb).EnumerateArray().Select(user => user.GetString()!)];
    }
}
