using System.Net;
using System.Net.Sockets;
using System.Text;
using Im.Chaos.Wires;
using Im.Local;

namespace Im.Chaos.Tests.Wires;

public sealed class WireTests : IAsyncLifetime
{
    /// <summary>Generous: the suite also runs on machines that have much else to do.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>On a port that nobody takes while it does not listen.</summary>
    private readonly TcpListener _server = new(IPAddress.Loopback, FreePort.Next());
    private Wire _wire = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        _wire = Wire.Open("client", "server", ((IPEndPoint)_server.LocalEndpoint).Port);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _wire.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Bytes_pass_both_ways()
    {
        var (client, server) = await ConnectAsync();
        var much = new byte[1_000_000];
        Random.Shared.NextBytes(much);
        var sending = client.SendAsync(much, Cancel).AsTask();
        Assert.Equal(much, await ReadAsync(server, much.Length));
        Assert.Equal(much.Length, await sending);
        await server.SendAsync("back"u8.ToArray(), Cancel);
        Assert.Equal("back", await ReadTextAsync(client, 4));
        Assert.Equal(1, _wire.Connections);
    }

    [Fact]
    public async Task An_end_of_one_direction_leaves_the_other_one_open()
    {
        var (client, server) = await ConnectAsync();
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await server.ReceiveAsync(new byte[1], Cancel).AsTask().WaitAsync(Limit, Cancel));
        await server.SendAsync("still"u8.ToArray(), Cancel);
        Assert.Equal("still", await ReadTextAsync(client, 5));
        server.Shutdown(SocketShutdown.Send);
        Assert.Equal(0, await client.ReceiveAsync(new byte[1], Cancel).AsTask().WaitAsync(Limit, Cancel));
        await UntilAsync(() => _wire.Connections == 0);
    }

    [Theory]
    [InlineData(Flow.Forward)]
    [InlineData(Flow.Back)]
    public async Task A_cut_direction_holds_its_bytes_and_the_other_one_passes(Flow cut)
    {
        var (client, server) = await ConnectAsync();
        var (dumb, heard) = cut == Flow.Forward ? (client, server) : (server, client);
        _wire.Cut = cut;
        await dumb.SendAsync("held"u8.ToArray(), Cancel);
        await heard.SendAsync("through"u8.ToArray(), Cancel);
        Assert.Equal("through", await ReadTextAsync(dumb, 7));
        var held = ReadTextAsync(heard, 4);
        // More of the other direction: had the cut leaked, these round trips gave it time.
        for (var i = 0; i < 20; i++)
        {
            await heard.SendAsync("x"u8.ToArray(), Cancel);
            await ReadAsync(dumb, 1);
        }

        Assert.False(held.IsCompleted);
        _wire.Cut = Flow.None;
        Assert.Equal("held", await held);
    }

    [Theory]
    [InlineData(Flow.Forward)]
    [InlineData(Flow.Back)]
    [InlineData(Flow.Both)]
    public async Task A_new_connection_through_a_cut_wire_waits(Flow cut)
    {
        _wire.Cut = cut;
        using var client = await DialAsync();
        await client.SendAsync("early"u8.ToArray(), Cancel);
        await UntilAsync(() => _wire.Connections == 1);
        Assert.False(_server.Pending());
        _wire.Cut = Flow.None;
        using var server = await _server.AcceptSocketAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);
        Assert.Equal("early", await ReadTextAsync(server, 5));
    }

    [Fact]
    public async Task An_end_waits_behind_a_cut_too()
    {
        var (client, server) = await ConnectAsync();
        _wire.Cut = Flow.Forward;
        client.Dispose();
        var end = server.ReceiveAsync(new byte[1], Cancel).AsTask();
        await server.SendAsync("to nobody"u8.ToArray(), Cancel);
        _wire.Cut = Flow.None;
        // A reset is an end too: what was sent back found nobody.
        var ended = await Record.ExceptionAsync(() => end.WaitAsync(Limit, Cancel));
        Assert.True(ended is SocketException || await end == 0);
    }

    [Theory]
    [InlineData(Flow.None)]
    [InlineData(Flow.Both)]
    public async Task A_break_resets_both_ends_at_once(Flow cut)
    {
        var (client, server) = await ConnectAsync();
        _wire.Cut = cut;
        _wire.Break();
        await AssertResetAsync(client);
        await AssertResetAsync(server);
        await UntilAsync(() => _wire.Connections == 0);
        _wire.Cut = Flow.None;
        var (again, _) = await ConnectAsync();
        Assert.True(again.Connected);
    }

    [Fact]
    public async Task A_reset_of_one_end_reaches_the_other_one()
    {
        var (client, server) = await ConnectAsync();
        client.LingerState = new LingerOption(true, 0);
        client.Dispose();
        await AssertResetAsync(server);
    }

    [Fact]
    public async Task Where_nobody_listens_a_connection_is_closed_at_once_and_the_wire_stays_open()
    {
        var port = ((IPEndPoint)_server.LocalEndpoint).Port;
        _server.Stop();
        // The reset may come before the connect has returned.
        var refused = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            using var client = await DialAsync();
            await client.ReceiveAsync(new byte[1], Cancel).AsTask().WaitAsync(Limit, Cancel);
        });
        Assert.Equal(SocketError.ConnectionReset, refused.SocketErrorCode);
        using var back = new TcpListener(IPAddress.Loopback, port);
        back.Start();
        using var again = await DialAsync();
        using var server = await back.AcceptSocketAsync(Cancel).AsTask().WaitAsync(Limit, Cancel);
        await again.SendAsync("there"u8.ToArray(), Cancel);
        Assert.Equal("there", await ReadTextAsync(server, 5));
    }

    [Fact]
    public async Task A_tap_resets_behind_what_goes_forward_and_before_what_comes_back()
    {
        _wire.Taps = () => new Tap(bytes => bytes.IndexOf((byte)'!') >= 0, bytes => bytes.IndexOf((byte)'?') >= 0);
        var (client, server) = await ConnectAsync();
        await client.SendAsync("go"u8.ToArray(), Cancel);
        Assert.Equal("go", await ReadTextAsync(server, 2));
        await client.SendAsync("end!"u8.ToArray(), Cancel);
        Assert.Equal("end!", await ReadTextAsync(server, 4));
        await AssertResetAsync(server);
        await AssertResetAsync(client);

        (client, server) = await ConnectAsync();
        await server.SendAsync("ok"u8.ToArray(), Cancel);
        Assert.Equal("ok", await ReadTextAsync(client, 2));
        await server.SendAsync("no?"u8.ToArray(), Cancel);
        await AssertResetAsync(client);
        await AssertResetAsync(server);
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        var client = await DialAsync();
        return (client, await _server.AcceptSocketAsync(Cancel).AsTask().WaitAsync(Limit, Cancel));
    }

    private async Task<Socket> DialAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _wire.Port, Cancel);
        return client;
    }

    private static async Task<string> ReadTextAsync(Socket socket, int count) => Encoding.ASCII.GetString(await ReadAsync(socket, count));

    private static async Task<byte[]> ReadAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(read), Cancel).AsTask().WaitAsync(Limit, Cancel);
            Assert.NotEqual(0, more);
            read += more;
        }

        return bytes;
    }

    private static async Task AssertResetAsync(Socket socket)
    {
        var fault = await Assert.ThrowsAsync<SocketException>(() => socket.ReceiveAsync(new byte[1], Cancel).AsTask().WaitAsync(Limit, Cancel));
        Assert.Equal(SocketError.ConnectionReset, fault.SocketErrorCode);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limited.CancelAfter(Limit);
        while (!holds()) await Task.Delay(TimeSpan.FromMilliseconds(10), limited.Token);
    }
}
