using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Presence;

public sealed class PresenceInStandalone(RunningSystems systems) : PresenceSpec(systems.StandaloneAsync);

public sealed class PresenceInFull(RunningSystems systems) : PresenceSpec(systems.FullAsync);

/// <summary>Who watches a user sees what he shows, wherever the two are connected.</summary>
public abstract class PresenceSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    public async Task A_watch_is_answered_with_one_presence_for_each_user()
    {
        var users = await System.NewUsersAsync(3, Cancel);
        await ConnectAsync(users[1], System.OtherGateway);
        var watcher = await ConnectAsync(users[0]);
        watcher.Send(new ClientFrame.Watch([users[1].Id, users[2].Id]));
        var (here, away) = (await PresenceAsync(watcher, users[1], "online"), await PresenceAsync(watcher, users[2], "offline"));
        Assert.Null(here.LastSeen);
        Assert.Null(away.LastSeen);
    }

    [Fact]
    public async Task Coming_and_going_is_told_with_the_moment_of_going()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var watcher = await WatchAsync(ann, bob);
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var bobs = await ConnectAsync(bob, System.OtherGateway);
        await PresenceAsync(watcher, bob, "online");
        var seen = watcher.Frames.Count;
        bobs.Send(new ClientFrame.Bye());
        Assert.Equal(CloseCodes.Normal, await bobs.ClosedAsync());
        var gone = await watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == bob.Id && presence.Status == "offline", after: seen);
        Assert.InRange(gone.LastSeen ?? 0, before, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task What_a_user_says_of_himself_is_shown_and_invisible_is_shown_as_offline()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var bobs = await ConnectAsync(bob, System.OtherGateway);
        var watcher = await WatchAsync(ann, bob, "online");
        foreach (var (said, shown) in ((string, string)[])[("away", "away"), ("busy", "busy"), ("invisible", "offline"), ("online", "online")])
        {
            var seen = watcher.Frames.Count;
            bobs.Send(new ClientFrame.Status(said));
            await watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == bob.Id && presence.Status == shown, after: seen);
        }
    }

    [Fact]
    public async Task Of_several_devices_the_most_available_is_shown_and_invisible_on_one_hides_all()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        Device[] bobs = [await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway)];
        var watcher = await WatchAsync(ann, bob, "online");
        foreach (var (device, said, shown) in ((int, string, string)[])[(0, "busy", "online"), (1, "away", "away"), (0, "invisible", "offline"), (0, "online", "online")])
        {
            var seen = watcher.Frames.Count;
            bobs[device].Send(new ClientFrame.Status(said));
            if (shown == "online" && said != "online") continue;
            await watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == bob.Id && presence.Status == shown, after: seen);
        }

        Assert.DoesNotContain(watcher.Frames.OfType<ServerFrame.Presence>(), presence => presence.Status == "busy");
    }

    [Fact]
    public async Task A_user_is_online_as_long_as_one_of_his_devices_is()
    {
        var (ann, bob, marker) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        Device[] bobs = [await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway)];
        var watcher = await WatchAsync(ann, bob, "online");
        watcher.Send(new ClientFrame.Watch([marker.Id]));
        await PresenceAsync(watcher, marker, "offline");
        await bobs[0].DisposeAsync();
        await ConnectAsync(marker);
        await PresenceAsync(watcher, marker, "online");
        Assert.DoesNotContain(watcher.Frames.OfType<ServerFrame.Presence>(), presence => presence.User == bob.Id && presence.Status == "offline");
        await bobs[1].DisposeAsync();
        await PresenceAsync(watcher, bob, "offline");
    }

    [Fact]
    public async Task After_watch_off_nothing_more_is_told()
    {
        var (ann, bob, marker) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        var watcher = await WatchAsync(ann, bob);
        watcher.Send(new ClientFrame.Watch([marker.Id]));
        await PresenceAsync(watcher, marker, "offline");
        watcher.Send(new ClientFrame.Watch([bob.Id], Off: true));
        watcher.Send(new ClientFrame.Ping());
        await watcher.NextAsync<ServerFrame.Pong>();

        await ConnectAsync(bob);
        await UntilAsync(() => System.Admin.PresenceAsync(bob.Id, Cancel), presence => presence.GetProperty("status").GetString() == "online");
        await ConnectAsync(marker);
        await PresenceAsync(watcher, marker, "online");
        Assert.DoesNotContain(watcher.Frames.OfType<ServerFrame.Presence>(), presence => presence.User == bob.Id && presence.Status == "online");
    }

    [Fact]
    [Trait("abuse", "73")]
    public async Task A_connection_watches_a_thousand_users_and_not_one_more()
    {
        var watcher = await ConnectAsync(await NewUserAsync());
        var users = await System.NewUsersAsync(1000, Cancel);
        var last = await NewUserAsync();
        foreach (var some in users.Chunk(500)) watcher.Send(new ClientFrame.Watch([.. some.Select(user => user.Id)]));
        await UntilAsync(() => Task.FromResult(watcher.Frames.OfType<ServerFrame.Presence>().Select(presence => presence.User).Distinct().Count()), count => count == 1000);
        watcher.Send(new ClientFrame.Watch([last.Id]));
        Assert.Equal(Codes.TooBig, (await watcher.NextAsync<ServerFrame.Error>()).Code);
        watcher.Send(new ClientFrame.Watch([users[0].Id], Off: true));
        watcher.Send(new ClientFrame.Watch([last.Id]));
        await PresenceAsync(watcher, last, "offline");
    }

    [Fact]
    public async Task A_status_that_does_not_exist_is_a_bad_frame()
    {
        var anns = await ConnectAsync(await NewUserAsync());
        anns.Send(new ClientFrame.Status("sleepy"));
        Assert.Equal(Codes.BadFrame, (await anns.NextAsync<ServerFrame.Error>()).Code);
    }

    [Fact]
    public async Task The_admin_sees_every_device_with_its_gateway()
    {
        var ann = await NewUserAsync();
        await ConnectAsync(ann, device: "phone");
        await ConnectAsync(ann, System.OtherGateway, "laptop");
        var presence = await UntilAsync(() => System.Admin.PresenceAsync(ann.Id, Cancel), answer => answer.GetProperty("devices").GetArrayLength() == 2);
        Assert.Equal("online", presence.GetProperty("status").GetString());
        var gateways = presence.GetProperty("devices").EnumerateArray().ToDictionary(
            device => device.GetProperty("deviceId").GetString()!, device => new Uri(device.GetProperty("gateway").GetString()!).Port);
        Assert.Equal((System.Gateway.Port, System.OtherGateway.Port), (gateways["phone"], gateways["laptop"]));
    }

    private async Task<Device> WatchAsync(TestUser watcher, TestUser watched, string status = "offline")
    {
        var device = await ConnectAsync(watcher);
        device.Send(new ClientFrame.Watch([watched.Id]));
        await PresenceAsync(device, watched, status);
        return device;
    }

    private static Task<ServerFrame.Presence> PresenceAsync(Device watcher, TestUser user, string status) =>
        watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == user.Id && presence.Status == status);
}
