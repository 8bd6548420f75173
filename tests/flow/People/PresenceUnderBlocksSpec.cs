using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.People;

public sealed class PresenceUnderBlocksInStandalone(RunningSystems systems) : PresenceUnderBlocksSpec(systems.StandaloneAsync);

public sealed class PresenceUnderBlocksInFull(RunningSystems systems) : PresenceUnderBlocksSpec(systems.FullAsync);

/// <summary>A block stops presence between the two, whoever of them blocked; nobody else notices.</summary>
public abstract class PresenceUnderBlocksSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    public async Task Both_are_offline_to_each_other_without_a_last_seen_and_operators_see_the_truth()
    {
        var (ann, bob, cid) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        await (await ConnectAsync(ann)).DisposeAsync();
        using var api = System.Api(await ann.LogInAsync(Cancel));
        await api.BlockAsync(bob.Id, Cancel);
        var (anns, bobs, cids) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway), await ConnectAsync(cid));

        foreach (var (watcher, watched) in ((Device, TestUser)[])[(anns, bob), (bobs, ann)])
        {
            watcher.Send(new ClientFrame.Watch([watched.Id, cid.Id]));
            await watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == cid.Id && presence.Status == "online");
            var told = await watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == watched.Id);
            Assert.Equal(("offline", null), (told.Status, told.LastSeen));
        }

        cids.Send(new ClientFrame.Watch([ann.Id, bob.Id]));
        foreach (var user in (TestUser[])[ann, bob])
        {
            await cids.NextAsync<ServerFrame.Presence>(presence => presence.User == user.Id && presence.Status == "online");
            await UntilAsync(() => System.Admin.PresenceAsync(user.Id, Cancel), answer => answer.GetProperty("status").GetString() == "online");
        }
    }

    [Fact]
    public async Task A_block_hides_the_two_from_each_other_at_once_and_its_end_shows_the_truth()
    {
        var (ann, bob, marker) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        using var api = System.Api(await ann.LogInAsync(Cancel));
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        anns.Send(new ClientFrame.Watch([bob.Id]));
        bobs.Send(new ClientFrame.Watch([ann.Id, marker.Id]));
        await PresenceAsync(anns, bob, "online");
        await PresenceAsync(bobs, ann, "online");

        await api.BlockAsync(bob.Id, Cancel);
        Assert.Null((await PresenceAsync(anns, bob, "offline")).LastSeen);
        Assert.Null((await PresenceAsync(bobs, ann, "offline")).LastSeen);
        anns.Send(new ClientFrame.Status("busy"));
        await UntilAsync(() => System.Admin.PresenceAsync(ann.Id, Cancel), answer => answer.GetProperty("status").GetString() == "busy");
        await ConnectAsync(marker);
        await PresenceAsync(bobs, marker, "online");
        Assert.Equal("offline", bobs.Frames.OfType<ServerFrame.Presence>().Last(presence => presence.User == ann.Id).Status);

        await api.UnblockAsync(bob.Id, Cancel);
        await PresenceAsync(bobs, ann, "busy");
        await UntilAsync(() => Task.FromResult(anns.Frames.OfType<ServerFrame.Presence>().Last().Status), status => status == "online");
    }

    private static Task<ServerFrame.Presence> PresenceAsync(Device watcher, TestUser user, string status) =>
        watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == user.Id && presence.Status == status);
}
