using System.Net.WebSockets;
using System.Text;
using Im.Protocol;

namespace Im.Client.Tests.Client;

/// <summary>The two subprotocols: the same conversation in each, and what happens where the server does not speak the one that was asked for.</summary>
public class Formats : ClientTest
{
    /// <summary>JSON makes six bytes of each.</summary>
    private static readonly string Escaped = new('\u0001', Limits.BodyBytes);

    public static TheoryData<string> Subprotocols { get; } = [.. FrameFormat.All.Select(format => format.Subprotocol)];

    [Theory]
    [MemberData(nameof(Subprotocols))]
    public async Task A_client_speaks_the_format_that_it_was_told_to(string subprotocol)
    {
        await UseAsync(Options with { Format = FrameFormat.Find(subprotocol)! });
        var socket = await ConnectAsync();
        Assert.Equal(subprotocol, socket.Format.Subprotocol);

        var sending = Send("a \"ü\" 😀\n");
        var send = await socket.FrameAsync<ClientFrame.Send>();
        Assert.Equal("a \"ü\" 😀\n", Encoding.UTF8.GetString(send.Body.Span));
        await socket.AcceptAsync(send, "c1", 1);
        Assert.Equal(1, (await sending).Seq);

        await socket.MessageAsync("c1", 2, 3);
        Assert.Equal(["text 2", "text 3"], (await TakeAsync(2)).Select(message => message.Text));
    }

    [Theory]
    [MemberData(nameof(Subprotocols))]
    public async Task Bytes_that_are_no_frames_break_the_connection(string subprotocol)
    {
        await using var connection = await ImConnection.OpenAsync(Gateway.Address, FrameFormat.Find(subprotocol)!);
        await (await Gateway.SocketAsync()).SendRawAsync([0x7B, 0xFF]);
        Assert.False(await connection.ReceiveAsync([]));
        Assert.IsType<InvalidDataException>(connection.Fault);
    }

    [Fact]
    public async Task A_body_that_json_escapes_to_more_than_a_message_is_refused_in_json()
    {
        await UseAsync(Options with { Format = FrameFormat.Json });
        await ConnectAsync();
        var refused = await Assert.ThrowsAsync<MessageRejectedException>(() => Send(Escaped).WaitAsync(Soon.Limit));
        Assert.Equal(Codes.TooBig, refused.Code);
    }

    [Fact]
    public async Task The_same_body_goes_in_protobuf()
    {
        var socket = await ConnectAsync();
        _ = Send(Escaped);
        Assert.Equal(Escaped, Text(await socket.FrameAsync<ClientFrame.Send>()));
    }

    [Fact]
    public async Task A_server_that_chooses_another_subprotocol_is_not_spoken_to()
    {
        Gateway.Choose = _ => null;
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ImConnection.OpenAsync(Gateway.Address, FrameFormat.Protobuf));
        Assert.Equal(WebSocketError.UnsupportedProtocol, refused.WebSocketErrorCode);
    }

    [Fact]
    public void Protobuf_is_the_default() => Assert.Same(FrameFormat.Protobuf, Options.Format);
}
