using Im.Client;
using Im.Contracts;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.People;

public sealed class ContactsInStandalone(RunningSystems systems) : ContactsSpec(systems.StandaloneAsync);

public sealed class ContactsInFull(RunningSystems systems) : ContactsSpec(systems.FullAsync);

public sealed class ContactsThroughEdge(RunningSystems systems) : ContactsSpec(systems.EdgeAsync);

/// <summary>Two users become contacts and part again; every device of both hears of it, and who was away finds it in his list.</summary>
public abstract class ContactsSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    public async Task Every_device_of_both_hears_of_request_acceptance_and_removal()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (annsApi, bobsApi) = (await ApiAsync(ann), await ApiAsync(bob));
        Device[] anns = [await ConnectAsync(ann), await ConnectAsync(ann, System.OtherGateway)];
        Device[] bobs = [await ConnectAsync(bob), await ConnectAsync(bob, System.OtherGateway)];

        await annsApi.RequestContactAsync(bob.Id, Cancel);
        await AllHearAsync(anns, bob, "requested");
        await AllHearAsync(bobs, ann, "pending");
        await bobsApi.AcceptContactAsync(ann.Id, Cancel);
        await AllHearAsync(anns, bob, "accepted");
        await AllHearAsync(bobs, ann, "accepted");
        Assert.Equal(("accepted", "accepted"), await StatesAsync(annsApi, bob, bobsApi, ann));
        await annsApi.RemoveContactAsync(bob.Id, Cancel);
        await AllHearAsync(anns, bob, "removed");
        await AllHearAsync(bobs, ann, "removed");
        Assert.Equal((null, null), await StatesAsync(annsApi, bob, bobsApi, ann));
        await annsApi.RemoveContactAsync(bob.Id, Cancel);
    }

    [Fact]
    public async Task Who_was_away_finds_the_request_in_his_list_and_can_decline_it()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var annsApi = await ApiAsync(ann);
        var anns = await ConnectAsync(ann);
        await annsApi.RequestContactAsync(bob.Id, Cancel);
        await annsApi.RequestContactAsync(bob.Id, Cancel);

        var bobsApi = await ApiAsync(bob);
        Assert.Equal(("requested", "pending"), await StatesAsync(annsApi, bob, bobsApi, ann));
        await bobsApi.RemoveContactAsync(ann.Id, Cancel);
        await AllHearAsync([anns], bob, "removed");
        Assert.Equal((null, null), await StatesAsync(annsApi, bob, bobsApi, ann));
    }

    [Fact]
    public async Task Requests_that_cross_end_as_accepted_on_both_sides_and_no_older_news_comes_after_it()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (annsApi, bobsApi) = (await ApiAsync(ann), await ApiAsync(bob));
        var anns = await ConnectAsync(ann);
        using var annsHeart = new Heart(anns);
        var bobs = await ConnectAsync(bob, System.OtherGateway);
        using var bobsHeart = new Heart(bobs);
        for (var round = 0; round < 100; round++)
        {
            await Task.WhenAll(annsApi.RequestContactAsync(bob.Id, Cancel), bobsApi.RequestContactAsync(ann.Id, Cancel));
            Assert.Equal(("accepted", "accepted"), await StatesAsync(annsApi, bob, bobsApi, ann));
            await Task.WhenAll(LastIsAsync(anns, "accepted"), LastIsAsync(bobs, "accepted"));
            await (round % 2 == 0 ? annsApi.RemoveContactAsync(bob.Id, Cancel) : bobsApi.RemoveContactAsync(ann.Id, Cancel));
            await Task.WhenAll(LastIsAsync(anns, "removed"), LastIsAsync(bobs, "removed"));
        }

        foreach (var device in (Device[])[anns, bobs])
        {
            var told = device.Frames.OfType<ServerFrame.ContactChanged>().Select(frame => frame.State).ToList();
            Assert.DoesNotContain(told.Zip(told.Skip(1)), pair => pair.First == "accepted" && pair.Second is "requested" or "pending");
        }
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_its_code()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var api = await ApiAsync(ann);
        await RefusedAsync(404, Codes.NotFound, () => api.RequestContactAsync("12345", Cancel));
        await RefusedAsync(404, Codes.NotFound, () => api.RequestContactAsync("nobody", Cancel));
        await RefusedAsync(400, Codes.Invalid, () => api.RequestContactAsync(ann.Id, Cancel));
        await RefusedAsync(403, Codes.Forbidden, () => api.RequestContactAsync(Ids.Text(Ids.SystemUser), Cancel));
        await RefusedAsync(404, Codes.NotFound, () => api.AcceptContactAsync(bob.Id, Cancel));
        await api.RequestContactAsync(bob.Id, Cancel);
        await RefusedAsync(404, Codes.NotFound, () => api.AcceptContactAsync(bob.Id, Cancel));
    }

    [Fact]
    public async Task A_block_in_either_direction_stops_requests_and_takes_those_of_the_blocked_one_off_the_list()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (annsApi, bobsApi) = (await ApiAsync(ann), await ApiAsync(bob));
        await bobsApi.RequestContactAsync(ann.Id, Cancel);
        await annsApi.BlockAsync(bob.Id, Cancel);

        Assert.Equal((null, "requested"), await StatesAsync(annsApi, bob, bobsApi, ann));
        await RefusedAsync(403, Codes.Blocked, () => annsApi.RequestContactAsync(bob.Id, Cancel));
        await RefusedAsync(403, Codes.Blocked, () => bobsApi.RequestContactAsync(ann.Id, Cancel));
        await RefusedAsync(403, Codes.Blocked, () => annsApi.AcceptContactAsync(bob.Id, Cancel));

        await annsApi.UnblockAsync(bob.Id, Cancel);
        Assert.Equal(("pending", "requested"), await StatesAsync(annsApi, bob, bobsApi, ann));
        await annsApi.AcceptContactAsync(bob.Id, Cancel);
    }

    private async Task<ImApi> ApiAsync(TestUser user) => System.Api(await user.LogInAsync(Cancel));

    private static async Task AllHearAsync(Device[] devices, TestUser other, string state)
    {
        foreach (var device in devices) await device.NextAsync<ServerFrame.ContactChanged>(frame => frame.User == other.Id && frame.State == state);
    }

    private static Task<string?> LastIsAsync(Device device, string state) => UntilAsync(
        () => Task.FromResult(device.Frames.OfType<ServerFrame.ContactChanged>().LastOrDefault()?.State), last => last == state);

    private static async Task<(string? One, string? Other)> StatesAsync(ImApi one, TestUser other, ImApi others, TestUser back) =>
        ((await one.GetContactsAsync(Cancel)).SingleOrDefault(contact => contact.UserId == other.Id)?.State,
            (await others.GetContactsAsync(Cancel)).SingleOrDefault(contact => contact.UserId == back.Id)?.State);

    private static async Task RefusedAsync(int status, string code, Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<ImApiException>(call);
        Assert.Equal((status, code), (refused.Status, refused.Code));
    }
}
