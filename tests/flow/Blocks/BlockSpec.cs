using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Blocks;

public sealed class BlockInStandalone(RunningSystems systems) : BlockSpec(systems.StandaloneAsync);

public sealed class BlockInFull(RunningSystems systems) : BlockSpec(systems.FullAsync);

public sealed class BlockThroughEdge(RunningSystems systems) : BlockSpec(systems.EdgeAsync);

/// <summary>A block stands in one order with the sends of the two: when it is answered, no later one is accepted.</summary>
public abstract class BlockSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    public async Task When_a_block_is_answered_no_later_send_of_either_is_accepted()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (one, other) = (await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway));
        var anns = await ConnectAsync(ann);
        using var api = await ApiAsync(ann, System.OtherGateway);
        var conversation = (await one.SayAsync(To(ann), "first")).Conversation;
        using var flood = new Flood(one, To(ann));
        using var second = new Flood(other, Into(conversation));
        await flood.Flowing;
        await second.Flowing;

        await api.BlockAsync(bob.Id, Cancel);
        // Sent after the answer, on each of the connections behind what they flood; and what is refused is refused for good.
        var marker = await Task.WhenAll(one.RefusedAsync(To(ann), "later"), other.RefusedAsync(Into(conversation), "later"), anns.RefusedAsync(To(bob), "later"));
        Assert.All(marker, code => Assert.Equal(Codes.Blocked, code));
        var head = await HeadAsync(api, conversation);
        await flood.StopAsync();
        await second.StopAsync();
        foreach (var device in (Device[])[one, other]) Assert.Equal(Codes.Blocked, await device.RefusedAsync(To(ann), "last"));
        Assert.Equal(head, await HeadAsync(api, conversation));
        Assert.All(anns.Messages, message => Assert.True(message.Seq <= head));
    }

    [Fact]
    public async Task A_conversation_that_has_not_begun_can_be_blocked_and_begins_when_the_block_is_gone()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        using var api = await ApiAsync(ann);
        await api.BlockAsync(bob.Id, Cancel);
        await api.BlockAsync(bob.Id, Cancel);
        Assert.Equal(Codes.Blocked, await bobs.RefusedAsync(To(ann), "hello", "again"));
        Assert.Equal(Codes.Blocked, await anns.RefusedAsync(To(bob), "hello"));
        Assert.Empty((await api.GetAsync("v1/conversations", Cancel)).GetProperty("items").EnumerateArray());

        await api.UnblockAsync(bob.Id, Cancel);
        await api.UnblockAsync(bob.Id, Cancel);
        Assert.Equal(1, (await bobs.SayAsync(To(ann), "hello", "again")).Seq);
        await anns.MessageAsync("hello");
    }

    [Fact]
    public async Task Each_of_the_two_has_a_block_of_his_own()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var bobs = await ConnectAsync(bob);
        using var anns = await ApiAsync(ann);
        using var own = await ApiAsync(bob, System.OtherGateway);
        await anns.BlockAsync(bob.Id, Cancel);
        await own.BlockAsync(ann.Id, Cancel);
        await own.UnblockAsync(ann.Id, Cancel);
        Assert.Equal(Codes.Blocked, await bobs.RefusedAsync(To(ann), "not yet"));
        await anns.UnblockAsync(bob.Id, Cancel);
        await bobs.SayAsync(To(ann), "now");
    }

    [Fact]
    public async Task A_repeat_of_what_was_accepted_is_still_accepted()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (bobs, others) = (await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway));
        using var api = await ApiAsync(ann);
        var sent = await bobs.SayAsync(To(ann), "before", "mine");
        await api.BlockAsync(bob.Id, Cancel);
        Assert.Equal(sent.Seq, (await others.SayAsync(To(ann), "before", "mine")).Seq);
        Assert.Equal(Codes.IdReuse, await others.RefusedAsync(To(ann), "after", "mine"));
    }

    [Fact]
    public async Task Groups_others_and_notes_to_oneself_are_not_touched()
    {
        var users = await System.NewUsersAsync(3, Cancel);
        var (ann, bob, cid) = (users[0], users[1], users[2]);
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        var session = await ann.LogInAsync(Cancel);
        using var api = new ClientApi(System.Gateway, session);
        using var sdk = System.Api(session);
        var group = await sdk.CreateGroupAsync("all", [bob.Id, cid.Id], Cancel);
        await api.BlockAsync(bob.Id, Cancel);
        await bobs.SayAsync(Into(group), "in the group");
        await anns.MessageAsync("in the group");
        await anns.SayAsync(To(cid), "to another");
        await bobs.SayAsync(To(cid), "to another");
        await anns.SayAsync(To(ann), "a note");
    }

    [Fact]
    public async Task The_list_shows_the_blocked_newest_first_to_who_blocks_alone()
    {
        var users = await System.NewUsersAsync(3, Cancel);
        using var anns = await ApiAsync(users[0]);
        using var bobs = await ApiAsync(users[1]);
        await anns.BlockAsync(users[1].Id, Cancel);
        await anns.BlockAsync(users[2].Id, Cancel);
        // Two blocks of the same millisecond stand in the order of their ids, which is that of the users.
        var items = (await anns.GetAsync("v1/blocks", Cancel)).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([users[2].Id, users[1].Id], items.Select(item => item.GetProperty("userId").GetString()));
        Assert.All(items, item => Assert.Equal(item.GetProperty("username").GetString(), item.GetProperty("displayName").GetString()));
        Assert.True(items[0].GetProperty("since").GetInt64() >= items[1].GetProperty("since").GetInt64());
        Assert.Empty((await bobs.GetAsync("v1/blocks", Cancel)).GetProperty("items").EnumerateArray());
        await anns.UnblockAsync(users[2].Id, Cancel);
        Assert.Single((await anns.GetAsync("v1/blocks", Cancel)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Who_cannot_be_blocked_is_told_by_its_code()
    {
        var ann = await NewUserAsync();
        using var api = await ApiAsync(ann);
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            Assert.Equal((404, Codes.NotFound), await api.AskAsync(method, "v1/blocks/999", Cancel));
            Assert.Equal((404, Codes.NotFound), await api.AskAsync(method, "v1/blocks/nobody", Cancel));
            Assert.Equal((400, Codes.Invalid), await api.AskAsync(method, $"v1/blocks/{ann.Id}", Cancel));
            Assert.Equal((403, Codes.Forbidden), await api.AskAsync(method, "v1/blocks/1", Cancel));
        }
    }

    private async Task<ClientApi> ApiAsync(TestUser user, Uri? gateway = null) => new(gateway ?? System.Gateway, await user.LogInAsync(Cancel));

    private static async Task<long> HeadAsync(ClientApi api, string conversation) =>
        (await api.GetAsync($"v1/conversations/{conversation}", Cancel)).GetProperty("lastSeq").GetInt64();
}
