using System.Globalization;
using System.Text;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.Abuse;

/// <summary>In production mode: clients that hold a connection with as little as they can, or push through it what nobody keeps.</summary>
[Collection(nameof(Alone))]
public sealed class TrickleTests(RunningSystems systems) : FlowTest(systems.NarrowAsync)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("GET /v1/gateways HTTP/1.1\r\nHost: a\r\nX-A: ")]
    [InlineData("POST /v1/sessions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n{")]
    [Trait("abuse", "8")]
    public async Task A_request_that_trickles_is_cut_off_and_harms_nobody(string begin)
    {
        var attackers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => RawSocket.OpenAsync(System.Gateway, Cancel, from: "127.0.0.20")));
        foreach (var one in attackers) Keep(one);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var trickling = attackers.Select(one => TrickleAsync(one, begin, stop.Token)).ToList();

        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        using Heart annsHeart = new(anns), bobsHeart = new(bobs);
        await anns.SayAsync(To(bob), "as if nothing was");
        await bobs.MessageAsync("as if nothing was");

        foreach (var one in attackers) Assert.DoesNotContain(" 200 ", await one.EndAsync(Cancel, Patience), StringComparison.Ordinal);
        await stop.CancelAsync();
        await Task.WhenAll(trickling);
    }

    /// <summary>Control frames of the WebSocket and messages that never end are no sign of life: only frames of the protocol count as one.</summary>
    [Theory]
    [InlineData(RawSocket.Ping, 8)]
    [InlineData(0x00, 0)]
    [Trait("abuse", "5")]
    public async Task Pings_below_the_protocol_and_empty_fragments_keep_nobody_alive(int frame, int length)
    {
        var session = await (await NewUserAsync()).LogInAsync(Cancel);
        await using var socket = await RawSocket.ConnectAsync(System.Gateway, Cancel);
        await socket.SendTextAsync($$"""{"t":"hello","session":"{{session.SessionId}}"}""", Cancel);
        Assert.Contains("welcome", await socket.NextAsync(Cancel), StringComparison.Ordinal);
        if (frame == 0) await socket.SendAsync(RawSocket.TextBegin, [], Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var flooding = FloodAsync(socket, (byte)frame, new byte[length], stop.Token);

        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob));
        using Heart annsHeart = new(anns), bobsHeart = new(bobs);
        await anns.SayAsync(To(bob), "others go on");
        await bobs.MessageAsync("others go on");

        Assert.Equal(CloseCodes.TooSlow, await socket.ClosedAsync(Cancel, Patience));
        await stop.CancelAsync();
        await flooding;
    }

    [Fact]
    [Trait("abuse", "2")]
    public async Task What_is_too_big_is_not_kept_in_however_many_fragments()
    {
        const int Fragments = 10_000, Attackers = 10;
        // The first round warms up what the second is measured by.
        await PourAsync(2, Fragments);
        var before = ResidentMiB();
        await PourAsync(Attackers, Fragments);
        // 100 MiB came; what was kept of them would show.
        Assert.InRange(ResidentMiB() - before, -1000, 60);
    }

    [Fact]
    [Trait("abuse", "46")]
    public async Task A_session_that_travelled_in_an_address_or_a_header_is_in_no_log()
    {
        var session = await (await NewUserAsync()).LogInAsync(Cancel);
        foreach (var path in (string[])["/v1/ws?session=SECRET", "/v1/me?access_token=SECRET", "/SECRET", "/v1/users/SECRET"])
        {
            await using var call = await RawSocket.OpenAsync(System.Gateway, Cancel);
            var answer = await call.AskAsync(
                $"GET {path.Replace("SECRET", session.SessionId, StringComparison.Ordinal)} HTTP/1.1\r\nHost: a\r\nX-Session: {session.SessionId}\r\nReferer: http://a/{session.SessionId}\r\n\r\n",
                Cancel);
            Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
            Assert.DoesNotContain(session.SessionId, answer, StringComparison.Ordinal);
        }

        foreach (var process in System.Processes)
        {
            var log = await File.ReadAllTextAsync(process.LogPath, Cancel);
            Assert.Contains("Application started", log, StringComparison.Ordinal);
            Assert.DoesNotContain(session.SessionId, log, StringComparison.Ordinal);
        }
    }

    private static async Task TrickleAsync(RawSocket socket, string begin, CancellationToken cancel)
    {
        try
        {
            await socket.WriteAsync(Encoding.ASCII.GetBytes(begin), cancel);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
            while (await timer.WaitForNextTickAsync(cancel)) await socket.WriteAsync(" "u8.ToArray(), cancel);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut off, as it should be.
        }
    }

    private static async Task FloodAsync(RawSocket socket, byte frame, byte[] payload, CancellationToken cancel)
    {
        await Task.Yield();
        try
        {
            while (!cancel.IsCancellationRequested) await socket.SendAsync(frame, payload, cancel);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut off, as it should be.
        }
    }

    private async Task PourAsync(int attackers, int fragments)
    {
        foreach (var socket in await Task.WhenAll(Enumerable.Range(0, attackers).Select(_ => PourAsync(fragments)))) Keep(socket);
    }

    /// <summary>Begins as soon as it is in: who waited for the others could be closed for its silence on a busy machine.</summary>
    private async Task<RawSocket> PourAsync(int fragments)
    {
        var session = await (await NewUserAsync()).LogInAsync(Cancel);
        var socket = await RawSocket.ConnectAsync(System.Gateway, Cancel);
        await socket.SendTextAsync($$"""{"t":"hello","session":"{{session.SessionId}}"}""", Cancel);
        Assert.Contains("welcome", await socket.NextAsync(Cancel), StringComparison.Ordinal);
        var part = new byte[1024];
        try
        {
            await socket.SendAsync(RawSocket.TextBegin, part, Cancel);
            for (var count = 1; count < fragments; count++) await socket.SendAsync(0x00, part, Cancel);
        }
        catch (IOException)
        {
            // The server waits five seconds for the close that never comes.
        }

        // No code where the reset was faster.
        Assert.True(await socket.ClosedAsync(Cancel, Patience) is CloseCodes.TooBig or null);
        return socket;
    }

    private long ResidentMiB()
    {
        var line = File.ReadLines($"/proc/{System.Processes[0].Pid.ToString(CultureInfo.InvariantCulture)}/status").Single(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
