using Im.Client;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Faults.Tests;

/// <summary>Processes of ours die or freeze while people chat: nothing is lost, doubled or out of order.</summary>
public sealed class KillTests(RunningSystems systems) : FaultTest(systems)
{
    [Fact]
    public async Task A_message_service_is_killed_and_comes_back()
    {
        await using var load = await Load.StartAsync(System, Cancel);
        foreach (var name in (string[])["message-1", "message-2"])
        {
            Cluster[name].Kill();
            await load.FlowsAsync(300, Cancel);
            await Cluster[name].StartAsync(Cancel);
            await load.FlowsAsync(300, Cancel);
        }

        await load.EndsCompleteAsync(Cancel);
    }

    [Fact]
    public async Task After_a_message_service_was_killed_receipts_come_again()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        foreach (var name in (string[])["message-1", "message-2"])
        {
            Cluster[name].Kill();
            ServerFrame answer;
            do answer = await anns.AnswerAsync(To(bob), $"without {name}", name);
            while (answer is not ServerFrame.Accepted);
            var sent = (ServerFrame.Accepted)answer;
            await bobs.MessageAsync($"without {name}");
            bobs.Send(new ClientFrame.Read(sent.Conversation, sent.Seq));
            // The report may be with the one that was killed: the gateway notices and reports again.
            await anns.NextAsync<ServerFrame.Receipt>(receipt => receipt.Read == sent.Seq, TimeSpan.FromSeconds(45));
            await Cluster[name].StartAsync(Cancel);
        }
    }

    [Fact]
    public async Task A_gateway_is_killed_and_comes_back()
    {
        await using var load = await Load.StartAsync(System, Cancel);
        Cluster["gateway-1"].Kill();
        await load.FlowsAsync(500, Cancel);
        await Cluster["gateway-1"].StartAsync(Cancel);
        await load.FlowsAsync(300, Cancel);
        await load.EndsCompleteAsync(Cancel);
    }

    [Fact]
    public async Task The_login_service_reads_on_when_those_who_asked_it_die()
    {
        var login = Cluster["login"].Pid;
        // The answers to queues that went with their gateways close the channel that login reads, at one moment or another of its work.
        for (var time = 1; time <= 2; time++)
        {
            var asked = Enumerable.Range(0, 16).Select(number => IsCutOffAsync(System.Gateways[number % 2])).ToList();
            // Several are with login by now, and its two workers are still at most of the others.
            await Task.WhenAny(asked);
            foreach (var name in (string[])["gateway-1", "gateway-2"]) Cluster[name].Kill();
            Assert.Contains(true, await Task.WhenAll(asked));
            foreach (var name in (string[])["gateway-1", "gateway-2"]) await Cluster[name].StartAsync(Cancel);
            await RecoversAsync();
        }

        Assert.Equal(login, Cluster["login"].Pid);

        async Task<bool> IsCutOffAsync(Uri gateway)
        {
            using var api = new ImApi(gateway);
            while (true)
            {
                try
                {
                    await api.RegisterAsync(RunningSystem.NewName(), "correct horse battery", cancellationToken: Cancel);
                    return false;
                }
                catch (HttpRequestException)
                {
                    return true;
                }
                catch (ImApiException busy) when (busy.Status == 429)
                {
                    // Login still hashes for the dead of the round before, and says when to ask again.
                    await Task.Delay(busy.RetryAfter ?? TimeSpan.FromSeconds(1), Cancel);
                }
            }
        }
    }

    [Fact]
    public async Task A_gateway_that_ends_answers_first_what_it_was_sent()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann, System.Gateways[0]);
        await anns.SayAsync(To(bob), "before");
        var paused = TimeProvider.System.GetTimestamp();
        foreach (var name in (string[])["message-1", "message-2"]) Cluster[name].Pause();
        var ids = Enumerable.Range(0, 20).Select(number => anns.Post(To(bob), $"{number}")).ToList();
        // Behind the pong it has read all of them.
        anns.Send(new ClientFrame.Ping());
        await anns.NextAsync<ServerFrame.Pong>();
        Cluster["gateway-1"].Terminate();
        foreach (var name in (string[])["message-1", "message-2"]) Cluster[name].Resume();
        var pause = TimeProvider.System.GetElapsedTime(paused);

        Assert.Equal(CloseCodes.Restarting, await anns.ClosedAsync());
        var refused = anns.Frames.OfType<ServerFrame.Rejected>().Select(rejected => rejected.Id).ToList();
        // What waits for longer may be refused, which is an answer too.
        if (pause < TimeSpan.FromSeconds(3)) Assert.Empty(refused);
        Assert.Equal(ids.Except(refused), anns.Frames.OfType<ServerFrame.Accepted>().Skip(1).Select(accepted => accepted.Id));
        await Cluster["gateway-1"].Exited.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        await Cluster["gateway-1"].StartAsync(Cancel);
    }

    [Fact]
    public async Task A_frozen_gateway_closes_its_connections_when_it_thaws()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann, System.Gateways[0]), await ConnectAsync(bob, System.Gateways[1]));
        await using var load = await Load.StartAsync(System, Cancel);
        Cluster["gateway-1"].Pause();
        await bobs.SayAsync(To(ann), "into the ice");
        var frozen = TimeProvider.System.GetTimestamp();
        // The fault is a length of time: there is no signal for it.
        await UntilAsync(() => Task.FromResult(TimeProvider.System.GetElapsedTime(frozen)), time => time > TimeSpan.FromSeconds(5));
        Cluster["gateway-1"].Resume();
        Assert.Equal(CloseCodes.Restarting, await anns.ClosedAsync());
        Assert.Empty(anns.Messages);
        await load.FlowsAsync(300, Cancel);
        await load.EndsCompleteAsync(Cancel);
    }

    [Fact]
    public async Task The_users_of_a_killed_gateway_are_offline_within_20_seconds()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        await ConnectAsync(ann, System.Gateways[0]);
        var watcher = await ConnectAsync(bob, System.Gateways[1]);
        watcher.Send(new ClientFrame.Watch([ann.Id]));
        await watcher.NextAsync<ServerFrame.Presence>(presence => presence.Status == "online");
        Cluster["gateway-1"].Kill();
        await watcher.NextAsync<ServerFrame.Presence>(presence => presence.Status == "offline", TimeSpan.FromSeconds(20));
        await Cluster["gateway-1"].StartAsync(Cancel);
    }

    [Fact]
    public async Task A_restart_of_presence_loses_nobody()
    {
        var (ann, bob, cid) = (await NewUserAsync(), await NewUserAsync(), await NewUserAsync());
        var anns = await ConnectAsync(ann, System.Gateways[0]);
        var watcher = await ConnectAsync(bob, System.Gateways[1]);
        watcher.Send(new ClientFrame.Watch([ann.Id, cid.Id]));
        await watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == ann.Id && presence.Status == "online");
        Cluster["presence"].Kill();
        await Cluster["presence"].StartAsync(Cancel);

        await ConnectAsync(cid, System.Gateways[0]);
        await watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == cid.Id && presence.Status == "online");
        Assert.DoesNotContain(watcher.Frames.OfType<ServerFrame.Presence>(), presence => presence.User == ann.Id && presence.Status == "offline");
        var late = await ConnectAsync(await NewUserAsync());
        late.Send(new ClientFrame.Watch([ann.Id]));
        Assert.Equal("online", (await late.NextAsync<ServerFrame.Presence>()).Status);
        anns.Send(new ClientFrame.Bye());
        await watcher.NextAsync<ServerFrame.Presence>(presence => presence.User == ann.Id && presence.Status == "offline");
    }
}
