namespace Im.Client.Tests.Client;

/// <summary>Runs alone: it measures the memory of the whole process.</summary>
[CollectionDefinition(nameof(Leaks), DisableParallelization = true)]
[Collection(nameof(Leaks))]
public class Leaks : ClientTest
{
    [Fact]
    public async Task A_thousand_reconnects_leave_nothing_behind()
    {
        var socket = await ConnectAsync();
        for (var i = 0; i < 20; i++) socket = await GapAsync(socket, i);
        var before = Live();
        var timers = Time.Timers;
        for (var i = 20; i < 1020; i++) socket = await GapAsync(socket, i);
        Assert.Equal(timers, Time.Timers);
        Assert.InRange(Live() - before, long.MinValue, 2_000_000);
    }

    /// <summary>A gap is a reconnect without a pause, and one message that is really there.</summary>
    private async Task<FakeSocket> GapAsync(FakeSocket socket, int round)
    {
        await socket.MessageAsync("c1", round + 1);
        await TakeAsync(1);
        await socket.MessageAsync("c1", round + 3);
        await socket.Over;
        socket = await Gateway.WelcomeAsync();
        Assert.Equal(round + 1, socket.Hello!.Cursors!["c1"]);
        return socket;
    }

    private static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
