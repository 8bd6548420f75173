using System.Net.WebSockets;
using System.Text;
using Im.Protocol;

namespace Im.Client.Tests.Client;

/// <summary>The protocol layer alone, as the load tool and tests of the gateway use it.</summary>
public class BareFrames : ClientTest
{
    [Fact]
    public async Task Frames_that_are_queued_together_leave_together()
    {
        await using var connection = await ImConnection.OpenAsync(Gateway.Address);
        var socket = await Gateway.SocketAsync();
        for (var i = 0; i < 1000; i++) Assert.True(connection.TrySend(new ClientFrame.Ack("c1", i)));
        await connection.FlushAsync();
        for (var i = 0; i < 1000; i++) Assert.Equal(new ClientFrame.Ack("c1", i), await socket.FrameAsync());
    }

    [Fact]
    public async Task A_full_buffer_says_no_and_the_waiting_sender_goes_on_when_there_is_room()
    {
        await using var connection = await ImConnection.OpenAsync(Gateway.Address);
        var socket = await Gateway.SocketAsync();
        var body = Encoding.UTF8.GetBytes(new string('x', Limits.BodyBytes));
        var total = 4 * ImConnection.MaxPendingBytes / Limits.BodyBytes;
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < total; i++) await connection.SendAsync(new ClientFrame.Send($"{i}", Bob, body));
        });
        for (var i = 0; i < total; i++) Assert.Equal($"{i}", (await socket.FrameAsync<ClientFrame.Send>()).Id);
        await sending.WaitAsync(Soon.Limit);
    }

    [Fact]
    public async Task The_close_code_tells_why_a_connection_ended()
    {
        await using var connection = await ImConnection.OpenAsync(Gateway.Address);
        var socket = await Gateway.SocketAsync();
        await socket.SendAsync(new ServerFrame.Bye(CloseCodes.TooFast));
        await socket.CloseAsync(CloseCodes.TooFast);
        var frames = new List<ServerFrame>();
        Assert.True(await connection.ReceiveAsync(frames));
        Assert.Equal(new ServerFrame.Bye(CloseCodes.TooFast), Assert.Single(frames));
        Assert.False(await connection.ReceiveAsync(frames));
        Assert.Equal((CloseCodes.TooFast, null), (connection.CloseCode, connection.Fault));
        Assert.False(connection.TrySend(new ClientFrame.Ping()));
        await Assert.ThrowsAsync<WebSocketException>(() => connection.SendAsync(new ClientFrame.Ping()).AsTask());
    }

    [Fact]
    public async Task A_break_without_a_close_frame_has_a_fault_and_no_code()
    {
        await using var connection = await ImConnection.OpenAsync(Gateway.Address);
        (await Gateway.SocketAsync()).Break();
        Assert.False(await connection.ReceiveAsync([]));
        Assert.Null(connection.CloseCode);
        Assert.NotNull(connection.Fault);
    }

    [Fact]
    public async Task A_message_of_a_megabyte_is_read_whole()
    {
        await using var connection = await ImConnection.OpenAsync(Gateway.Address);
        var socket = await Gateway.SocketAsync();
        var body = Encoding.UTF8.GetBytes(new string('x', Limits.BodyBytes));
        var many = Enumerable.Range(1, 60).Select(seq => new ServerFrame.Message("c1", seq, "m", "bob", null, body, Limits.DefaultType, 0)).ToArray();
        var sending = socket.SendAsync(many);
        var frames = new List<ServerFrame>();
        Assert.True(await connection.ReceiveAsync(frames));
        await sending;
        Assert.Equal(60, frames.Count);
        Assert.All(frames, frame => Assert.Equal(Limits.BodyBytes, Assert.IsType<ServerFrame.Message>(frame).Body.Length));
    }

    [Fact]
    public async Task A_gateway_that_is_not_there_is_an_exception()
    {
        var nobody = Gateway.Address;
        await Gateway.DisposeAsync();
        await Assert.ThrowsAsync<WebSocketException>(() => ImConnection.OpenAsync(nobody));
    }
}
