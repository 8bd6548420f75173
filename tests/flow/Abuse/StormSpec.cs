using System.Net;
using System.Net.Http.Json;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Abuse;

[Collection(nameof(Alone))]
public sealed class StormInStandalone(RunningSystems systems) : StormSpec(systems.StandaloneAsync);

[Collection(nameof(Alone))]
public sealed class StormInFull(RunningSystems systems) : StormSpec(systems.FullAsync);

/// <summary>
/// Many who do much at once, small enough for every machine: what is limited is refused, what is taken is complete, and two who talk meanwhile are
/// answered throughout. How fast is the load tool's affair.
/// </summary>
public abstract class StormSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    [Trait("abuse", "72")]
    public async Task A_group_in_which_all_write_at_once_is_complete_and_in_order_for_all()
    {
        const int Members = 20, Each = 20;
        var users = await System.NewUsersAsync(Members, Cancel);
        var devices = new List<Device>();
        foreach (var (index, user) in users.Index()) devices.Add(await ConnectAsync(user, System.Gateways[index % System.Gateways.Count]));
        using var api = System.Api(await users[0].LogInAsync(Cancel));
        var group = await api.CreateGroupAsync("storm", [.. users.Skip(1).Select(user => user.Id)], Cancel);
        await Task.WhenAll(devices.Select(device => device.NextAsync<ServerFrame.Message>(limit: Patience)));
        await using var talk = await TalkAsync();

        for (var number = 0; number < Each; number++)
            foreach (var device in devices) device.Post(Into(group), $"{number}");

        const int All = Members * Each + 1;
        foreach (var device in devices)
        {
            await UntilAsync(() => Task.FromResult(device.Messages.Count() + device.Frames.OfType<ServerFrame.Accepted>().Count()), count => count == All, Patience);
            Assert.Equal(Each, device.Frames.OfType<ServerFrame.Accepted>().Count());
            Assert.Equal(Numbers(1, All), device.Frames.Select(SeqOf).OfType<long>());
        }

        await talk.WentOnAsync();
    }

    [Fact]
    [Trait("abuse", "73")]
    public async Task A_storm_of_statuses_is_told_as_what_it_came_to()
    {
        const int Watchers = 20, Changes = 400;
        var users = await System.NewUsersAsync(Watchers + 1, Cancel);
        var changing = await ConnectAsync(users[0]);
        var watchers = new List<Device>();
        foreach (var user in users.Skip(1))
        {
            var watcher = await ConnectAsync(user, System.OtherGateway);
            watcher.Send(new ClientFrame.Watch([users[0].Id]));
            await watcher.NextAsync<ServerFrame.Presence>(presence => presence.Status == "online");
            watchers.Add(watcher);
        }

        await using var talk = await TalkAsync();
        var storm = Enumerable.Range(0, Changes).Select(number => $$"""{"t":"status","status":"{{(number % 2 == 0 ? "away" : "online")}}"}""");
        changing.SendRaw($"[{string.Join(",", storm)},{{\"t\":\"status\",\"status\":\"busy\"}}]");
        foreach (var watcher in watchers)
        {
            await watcher.NextAsync<ServerFrame.Presence>(presence => presence.Status == "busy", Patience);
            Assert.InRange(watcher.Frames.OfType<ServerFrame.Presence>().Count(), 2, Changes / 10);
        }

        await talk.WentOnAsync();
    }

    [Fact]
    [Trait("abuse", "78")]
    public async Task Many_devices_that_start_from_nothing_at_once_get_everything_beside_the_living()
    {
        const int Devices = 60, Backlog = 500;
        var users = await System.NewUsersAsync(Devices, Cancel);
        using var api = System.Api(await users[0].LogInAsync(Cancel));
        var group = await api.CreateGroupAsync("backlog", [.. users.Skip(1).Select(user => user.Id)], Cancel);
        var writer = await ConnectAsync(users[0]);
        for (var number = 0; number < Backlog; number++) writer.Post(Into(group), $"{number}");
        await UntilAsync(() => Task.FromResult(writer.Answers), answers => answers == Backlog, Patience);
        await using var talk = await TalkAsync();

        var sessions = await Task.WhenAll(users.Skip(1).Select(user => user.LogInAsync(Cancel)));
        var from = new Dictionary<string, long> { [group] = 0 };
        var devices = await Task.WhenAll(sessions.Select((session, index) =>
            Device.ConnectAsync(System.Gateways[index % System.Gateways.Count], session, Cancel, from)));
        foreach (var device in devices)
        {
            Keep(device);
            await device.NextAsync<ServerFrame.Synced>(limit: Patience);
            Assert.Equal(Numbers(1, Backlog + 1), device.Messages.Where(message => message.Conversation == group).Select(message => message.Seq));
        }

        await talk.WentOnAsync();
    }

    [Fact]
    [Trait("abuse", "33")]
    public async Task More_logins_than_can_be_hashed_are_told_to_come_back_and_hold_up_nobody()
    {
        await using var talk = await TalkAsync();
        using var http = new HttpClient { BaseAddress = System.Gateway, Timeout = Patience };
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var answer = await http.PostAsJsonAsync(
                new Uri("v1/sessions", UriKind.Relative), new { username = RunningSystem.NewName(), password = "wrong horse battery" }, Cancel);
            return (answer.StatusCode, RetryAfter: answer.Headers.RetryAfter is not null);
        }));
        Assert.Contains(answers, answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
        // Where hashing gets little of a busy machine, who waits is told "unavailable" in the end; both say when to come back.
        Assert.All(answers, answer => Assert.True(
            answer.StatusCode == HttpStatusCode.Unauthorized
            || (answer.RetryAfter && answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable),
            $"{answer}"));
        await talk.WentOnAsync();
    }

    private async Task<Talk> TalkAsync()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        return new Talk(await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway), To(bob), Cancel);
    }

    private static long? SeqOf(ServerFrame frame) => frame switch
    {
        ServerFrame.Message message => message.Seq,
        ServerFrame.Accepted accepted => accepted.Seq,
        _ => null,
    };

    /// <summary>Two who talk while the storm lasts, one message after the other.</summary>
    private sealed class Talk : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop;
        private readonly Device _to;
        private readonly Task<int> _talking;

        public Talk(Device from, Device to, Target target, CancellationToken cancel)
        {
            _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            _to = to;
            _talking = Task.Run(async () =>
            {
                var said = 0;
                do await SayAsync(from, target, $"{++said}");
                while (!_stop.IsCancellationRequested);
                return said;
            });
        }

        /// <summary>All that was said was accepted and arrived.</summary>
        public async Task WentOnAsync()
        {
            await _stop.CancelAsync();
            var said = await _talking;
            await _to.NextAsync<ServerFrame.Message>(message => TextOf(message) == $"{said}", Patience);
            Assert.Equal(Numbers(1, said), _to.Messages.Select(message => message.Seq));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAny(_talking);
            _stop.Dispose();
        }

        /// <summary>Every message is answered. What is refused since it was not stored in time is said again with its id, as every client does.</summary>
        private static async Task SayAsync(Device from, Target target, string text)
        {
            var (id, began) = (Guid.NewGuid().ToString("N"), TimeProvider.System.GetTimestamp());
            ServerFrame answer;
            do answer = await from.AnswerAsync(target, text, id, Patience);
            while (answer is ServerFrame.Rejected { Retryable: true } && TimeProvider.System.GetElapsedTime(began) < Patience);
            Assert.IsType<ServerFrame.Accepted>(answer);
        }
    }
}
