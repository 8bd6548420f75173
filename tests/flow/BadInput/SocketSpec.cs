using System.Buffers;
using System.Text;
using Im.Client;
using Im.Flow.Tests.Devices;
using Im.Flow.Tests.Systems;
using Im.Protocol;

namespace Im.Flow.Tests.BadInput;

public sealed class SocketInStandalone(RunningSystems systems) : SocketSpec(systems.StandaloneAsync);

public sealed class SocketInFull(RunningSystems systems) : SocketSpec(systems.FullAsync);

public sealed class SocketOverProtobufInStandalone(RunningSystems systems) : SocketSpec(systems.StandaloneAsync, FrameFormat.Protobuf);

public sealed class SocketOverProtobufInFull(RunningSystems systems) : SocketSpec(systems.FullAsync, FrameFormat.Protobuf);

/// <summary>Below the frames: upgrades, and bytes that are no WebSocket or no text. Bare sockets, as a client library would be too polite.</summary>
public abstract class SocketSpec(Func<Task<RunningSystem>> start, FrameFormat? format = null) : FlowTest(start, format)
{
    private const int ProtocolError = 1002;

    [Theory]
    [InlineData(null, "", 400)]
    [InlineData("im.v2.json", "", 400)]
    [InlineData("graphql-ws, mqtt", "", 400)]
    [InlineData("im.v1.json", "Origin: http://evil.example\r\n", 403)]
    [InlineData("im.v1.json", "Origin: null\r\n", 403)]
    [InlineData("im.v1.json", "Origin: http://HOST.evil.example\r\n", 403)]
    [InlineData("im.v1.json", "Origin: http://127.0.0.1:1\r\n", 403)]
    [InlineData("im.v1.json", "Origin: http://HOST\r\n", 101)]
    [InlineData("mqtt, im.v1.json", "", 101)]
    [InlineData("im.v1.json, im.v1.protobuf", "", 101)]
    [InlineData("im.v1.protobuf", "", 101, "im.v1.protobuf")]
    [InlineData("mqtt, im.v1.protobuf, im.v1.json", "", 101, "im.v1.protobuf")]
    [InlineData("IM.V1.PROTOBUF", "", 400)]
    [InlineData("im.v1.protobuf", "Origin: http://evil.example\r\n", 403)]
    [Trait("abuse", "79")]
    public async Task An_upgrade_is_judged_by_subprotocol_and_origin(string? protocol, string more, int status, string chosen = "im.v1.json")
    {
        var answer = await UpgradeAsync(RawSocket.Upgrade(System.Gateway, protocol, more: more.Replace("HOST", System.Gateway.Authority, StringComparison.Ordinal)));
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        if (status == 101) Assert.Contains($"Sec-WebSocket-Protocol: {chosen}\r\n", answer, StringComparison.Ordinal);
        else Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("permessage-deflate", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\r\nServer:", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("abuse", "6")]
    public async Task A_get_without_upgrade_is_a_problem()
    {
        var answer = await UpgradeAsync($"GET /v1/ws HTTP/1.1\r\nHost: {System.Gateway.Authority}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("abuse", "13")]
    public async Task Compression_is_not_negotiated()
    {
        var answer = await UpgradeAsync(RawSocket.Upgrade(System.Gateway, more: "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"));
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("abuse", "46")]
    public async Task A_session_in_the_address_or_a_header_is_ignored()
    {
        var session = await (await NewUserAsync()).LogInAsync(Cancel);
        await using var socket = await RawSocket.OpenAsync(System.Gateway, Cancel);
        var upgrade = RawSocket.Upgrade(System.Gateway, path: $"/v1/ws?session={session.SessionId}", more: $"Authorization: Bearer {session.SessionId}\r\n");
        Assert.StartsWith("HTTP/1.1 101 ", await socket.AskAsync(upgrade, Cancel), StringComparison.Ordinal);
        await socket.SendTextAsync("""{"t":"ping"}""", Cancel);
        Assert.Equal(CloseCodes.BadFrames, await socket.ClosedAsync(Cancel));
    }

    [Theory]
    [InlineData("ff")]
    [InlineData("fe")]
    [InlineData("80")]
    [InlineData("c3")]
    [InlineData("c328")]
    [InlineData("c080")]
    [InlineData("c0af")]
    [InlineData("e282")]
    [InlineData("e080af")]
    [InlineData("f08080af")]
    [InlineData("eda080")]
    [InlineData("edbfbf")]
    [InlineData("eda080edb080")]
    [InlineData("f4908080")]
    [InlineData("f5808080")]
    [InlineData("f888808080")]
    [InlineData("7b22e2")]
    [Trait("abuse", "4")]
    public async Task Invalid_utf8_closes_with_1007(string hex)
    {
        await using var socket = await GreetedAsync();
        await socket.SendAsync(RawSocket.Text, Convert.FromHexString(hex), Cancel);
        Assert.Equal(CloseCodes.InvalidUtf8, await socket.ClosedAsync(Cancel));
    }

    [Fact]
    [Trait("abuse", "4")]
    public async Task Invalid_utf8_inside_a_body_closes_with_1007()
    {
        await using var socket = await GreetedAsync();
        await socket.SendAsync(RawSocket.Text, [.. """{"t":"send","id":"x","to":{"user":"1"},"body":"""u8, (byte)'"', 0xC3, 0x28, .. "\"}"u8], Cancel);
        Assert.Equal(CloseCodes.InvalidUtf8, await socket.ClosedAsync(Cancel));
    }

    [Fact]
    [Trait("abuse", "4")]
    public async Task The_reason_of_a_close_arrives_also_where_the_server_was_about_to_write_something_else()
    {
        // Answers to the pings are being written while the text that is none is read.
        byte[] pings = [.. Enumerable.Repeat(RawSocket.Frame((byte)(Begin | 0x80), Ping(64)), 50).SelectMany(frame => frame)];
        for (var round = 0; round < 20; round++)
        {
            await using var socket = await GreetedAsync();
            await socket.WriteAsync((byte[])[.. pings, .. RawSocket.Frame(RawSocket.Text, [0xFF])], Cancel);
            Assert.Equal(CloseCodes.InvalidUtf8, await socket.ClosedAsync(Cancel));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [Trait("abuse", "2")]
    public async Task More_than_64_kibibytes_close_with_1009_in_however_many_fragments(int fragments)
    {
        await using var socket = await GreetedAsync();
        var part = new string(' ', 64 * 1024 / fragments + 1);
        for (var count = 1; count <= fragments; count++)
        {
            var first = (count == 1 ? (int)Begin : 0x00) | (count == fragments ? 0x80 : 0);
            await socket.SendAsync((byte)first, Encoding.ASCII.GetBytes(part), Cancel);
        }

        Assert.Equal(CloseCodes.TooBig, await socket.ClosedAsync(Cancel));
    }

    [Fact]
    public async Task Exactly_64_kibibytes_in_fragments_are_read()
    {
        await using var socket = await GreetedAsync();
        var message = Ping(64 * 1024);
        await socket.SendAsync(Begin, message.AsSpan(0, 30_000), Cancel);
        await socket.SendAsync(RawSocket.Continuation, message.AsSpan(30_000), Cancel);
        await NextAsync<ServerFrame.Pong>(socket);
    }

    public static TheoryData<string, byte, int, bool> Broken { get; } = new()
    {
        { "unmasked", RawSocket.Text, 20, false },
        { "a reserved bit", 0xC1, 2, true },
        { "a reserved opcode", 0x83, 2, true },
        { "a reserved control opcode", 0x8B, 2, true },
        { "a continuation of nothing", RawSocket.Continuation, 2, true },
        { "a ping in fragments", 0x09, 2, true },
        { "a ping of 126 bytes", RawSocket.Ping, 126, true },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    [Trait("abuse", "1")]
    public async Task What_is_no_websocket_frame_ends_the_connection_alone(string what, byte first, int length, bool masked)
    {
        Assert.NotEmpty(what);
        var other = await ConnectAsync(await NewUserAsync());
        int? told = null;
        // Where bytes were left unread the end is a reset, and that may overtake the close frame before it: then the connection ended without a word.
        for (var attempt = 0; attempt < 5 && told is null; attempt++)
        {
            await using var socket = await GreetedAsync();
            await socket.SendAsync(first, new byte[length], Cancel, masked);
            told = await socket.ClosedAsync(Cancel);
        }

        Assert.Equal(ProtocolError, told);
        other.Send(new ClientFrame.Ping());
        await other.NextAsync<ServerFrame.Pong>();
    }

    [Fact]
    [Trait("abuse", "5")]
    public async Task A_binary_message_among_texts_and_a_text_among_binary_ones_is_a_bad_frame()
    {
        await using var socket = await GreetedAsync();
        await socket.SendAsync(Format == FrameFormat.Json ? RawSocket.Binary : RawSocket.Text, """{"t":"ping"}"""u8, Cancel);
        Assert.Equal(Codes.BadFrame, (await NextAsync<ServerFrame.Error>(socket)).Code);
    }

    private async Task<string> UpgradeAsync(string request)
    {
        await using var socket = await RawSocket.OpenAsync(System.Gateway, Cancel);
        return await socket.AskAsync(request, Cancel);
    }

    private async Task<RawSocket> GreetedAsync()
    {
        ImSession session = await (await NewUserAsync()).LogInAsync(Cancel);
        var socket = await RawSocket.ConnectAsync(System.Gateway, Cancel, protocol: Format.Subprotocol);
        var hello = new ArrayBufferWriter<byte>();
        Format.Write(hello, new ClientFrame.Hello(session.SessionId));
        await socket.SendAsync((byte)(Begin | 0x80), hello.WrittenSpan, Cancel);
        await NextAsync<ServerFrame.Welcome>(socket);
        return socket;
    }

    /// <summary>The first fragment of a message of this subprotocol.</summary>
    private byte Begin => Format == FrameFormat.Json ? RawSocket.TextBegin : RawSocket.BinaryBegin;

    /// <summary>A ping with so much around it that nobody looks at: blanks, or an unknown field.</summary>
    private byte[] Ping(int size)
    {
        if (Format == FrameFormat.Json) return Encoding.ASCII.GetBytes("""{"t":"ping"}""".PadLeft(size));
        var length = size - 8;
        return [0x0A, 0x02, 0x42, 0x00, 0x7A, (byte)(length | 0x80), (byte)((length >> 7) | 0x80), (byte)(length >> 14), .. new byte[length]];
    }

    private async Task<T> NextAsync<T>(RawSocket socket)
        where T : ServerFrame
    {
        var frames = new List<ServerFrame>();
        while (await socket.NextMessageAsync(Cancel) is { } message)
        {
            Format.Read(message, frames);
            if (frames.OfType<T>().FirstOrDefault() is { } frame) return frame;
        }

        throw new InvalidOperationException($"closed with {socket.CloseCode} before {typeof(T).Name} came");
    }
}
