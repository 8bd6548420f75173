namespace Im.Client.Tests.Client;

/// <summary>Run alone: they measure the memory of the whole process.</summary>
[CollectionDefinition(nameof(Leaks), DisableParallelization = true)]
[Collection(nameof(Leaks))]
public class Leaks : ClientTest
{
    // What caches of the runtime may grow by between two collections. A leak of one object of 100 bytes per reconnect would show.
    private const long HeapTolerance = 500_000;

    [Fact]
    public async Task Ten_thousand_reconnects_leave_nothing_behind()
    {
        using var gateway = new MemoryGateway();
        await UseAsync(Options with { Handler = gateway });
        var connecting = Client.ConnectAsync();
        var socket = await gateway.WelcomeAsync();
        await connecting.WaitAsync(Soon.Limit);
        for (var i = 0; i < 1_000; i++) socket = await GapAsync(socket, gateway.WelcomeAsync, i);
        var heap = Live();
        var timers = Time.Timers;
        for (var i = 1_000; i < 10_000; i++) socket = await GapAsync(socket, gateway.WelcomeAsync, i);

        Assert.Equal(10_001, gateway.Connections.Count);
        Assert.Equal(timers, Time.Timers);
        // The list of what is watched takes 32 bytes a connection itself.
        Assert.InRange(Live() - heap - 9_000 * 32, long.MinValue, HeapTolerance);
        // The one that is open, and the one before it whose last continuation may still be on its way out.
        await AreAliveAsync(gateway.Connections, 1, 3);
    }

    [Fact]
    public async Task A_thousand_reconnects_over_real_sockets_leave_no_handle_behind()
    {
        var socket = await ConnectAsync();
        for (var i = 0; i < 50; i++) socket = await GapAsync(socket, () => Gateway.WelcomeAsync(), i);
        var (heap, handles, timers) = (Live(), Handles(), Time.Timers);
        for (var i = 50; i < 1_050; i++) socket = await GapAsync(socket, () => Gateway.WelcomeAsync(), i);
        Assert.Equal(timers, Time.Timers);
        Assert.InRange(Live() - heap, long.MinValue, 2_000_000);
        // The server and the thread pool of this process have handles of their own that come and go.
        Assert.InRange(Handles() - handles, int.MinValue, 50);
    }

    [Fact]
    public async Task Clients_that_are_disposed_leave_nothing_behind()
    {
        using var gateway = new MemoryGateway();
        var clients = new List<WeakReference>();
        for (var i = 0; i < 200; i++) clients.Add(await LifeAsync(gateway));
        Live();
        Assert.Equal(0, Time.Timers);
        await AreAliveAsync(clients, 0, 2);
        await AreAliveAsync(gateway.Connections, 0, 2);
    }

    private async Task<WeakReference> LifeAsync(MemoryGateway gateway)
    {
        await using var client = new ImClient(Options with { Handler = gateway });
        var connecting = client.ConnectAsync();
        var socket = await gateway.WelcomeAsync();
        await connecting.WaitAsync(Soon.Limit);
        var unanswered = client.SendAsync(Bob, "hi");
        await socket.FrameAsync<Im.Protocol.ClientFrame.Send>();
        var disposing = client.DisposeAsync();
        await socket.FrameAsync<Im.Protocol.ClientFrame.Bye>();
        await socket.CloseAsync(Im.Protocol.CloseCodes.Normal);
        await disposing;
        await Assert.ThrowsAsync<ImStoppedException>(() => unanswered);
        return new WeakReference(client);
    }

    /// <summary>A gap is a reconnect without a pause, and one message that is really there.</summary>
    private async Task<FakeSocket> GapAsync(FakeSocket socket, Func<Task<FakeSocket>> next, int round)
    {
        await socket.MessageAsync("c1", round + 1);
        await TakeAsync(1);
        await socket.MessageAsync("c1", round + 3);
        await socket.Over;
        socket = await next();
        Assert.Equal(round + 1, socket.Hello!.Cursors!["c1"]);
        return socket;
    }

    /// <summary>So few in the end: on a busy machine the last continuations may still be on their way out, and hold what they belong to.</summary>
    private static async Task AreAliveAsync(List<WeakReference> all, int least, int most)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (all.Count(one => one.IsAlive) > most && TimeProvider.System.GetElapsedTime(began) < Soon.Limit)
        {
            await timer.WaitForNextTickAsync();
            Live();
        }

        Assert.InRange(all.Count(one => one.IsAlive), least, most);
    }

    private static int Handles() => Directory.GetFiles("/proc/self/fd").Length;

    private static long Live()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
