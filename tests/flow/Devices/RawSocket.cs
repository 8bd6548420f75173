using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Im.Flow.Tests.Devices;

/// <summary>A WebSocket client without manners: it sends whatever bits it is told to, and reads only when asked.</summary>
public sealed class RawSocket : IAsyncDisposable
{
    public const byte Text = 0x81, Binary = 0x82, Continuation = 0x80, TextBegin = 0x01, BinaryBegin = 0x02, Ping = 0x89, Close = 0x88;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawSocket(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <summary>Opens TCP, with small buffers where the other side shall feel that nobody reads.</summary>
    /// <param name="from">Address of the client; all of 127.0.0.0/8 is this machine.</param>
    public static async Task<RawSocket> OpenAsync(Uri gateway, CancellationToken cancel, int? receiveBuffer = null, string from = "127.0.0.1")
    {
        var client = new TcpClient(new IPEndPoint(IPAddress.Parse(from), 0)) { NoDelay = true };
        if (receiveBuffer is { } size) client.ReceiveBufferSize = size;
        await client.ConnectAsync(IPAddress.Loopback, gateway.Port, cancel);
        return new RawSocket(client);
    }

    /// <summary>An open WebSocket, of the JSON subprotocol by default.</summary>
    public static async Task<RawSocket> ConnectAsync(Uri gateway, CancellationToken cancel, int? receiveBuffer = null, string protocol = "im.v1.json")
    {
        var socket = await OpenAsync(gateway, cancel, receiveBuffer);
        var answer = await socket.AskAsync(Upgrade(gateway, protocol), cancel);
        Assert.StartsWith("HTTP/1.1 101", answer, StringComparison.Ordinal);
        return socket;
    }

    public static string Upgrade(Uri gateway, string? protocol = "im.v1.json", string path = "/v1/ws", string more = "", string version = "13") =>
        $"GET {path} HTTP/1.1\r\nHost: {gateway.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: {version}\r\n"
        + $"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{(protocol is null ? "" : $"Sec-WebSocket-Protocol: {protocol}\r\n")}{more}\r\n";

    /// <summary>Sends a request as it stands; answers with head and body as they came.</summary>
    public async Task<string> AskAsync(string request, CancellationToken cancel)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(request), cancel);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await ReadAsync(one, cancel) == 0) return head.ToString();
            head.Append((char)one[0]);
        }

        return head.Append(await BodyAsync(head.ToString(), cancel)).ToString();
    }

    /// <summary>True once the other side has closed and all that it sent before was read.</summary>
    public bool IsCutOff => _client.Client.Poll(0, SelectMode.SelectRead) && _client.Available == 0;

    /// <summary>Sends bytes that need not be anything.</summary>
    public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => _stream.WriteAsync(bytes, cancel).AsTask();

    /// <summary>Reads up to the end of the connection; answers with what came.</summary>
    public async Task<string> EndAsync(CancellationToken cancel, TimeSpan? limit = null)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(limit ?? Device.Limit);
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        for (var read = await ReadAsync(buffer, end.Token); read > 0; read = await ReadAsync(buffer, end.Token))
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        return text.ToString();
    }

    /// <param name="first">FIN, reserved bits and opcode.</param>
    public Task SendAsync(byte first, ReadOnlySpan<byte> payload, CancellationToken cancel, bool masked = true) =>
        _stream.WriteAsync(Frame(first, payload, masked), cancel).AsTask();

    /// <summary>A WebSocket frame as it is on the wire.</summary>
    /// <param name="first">FIN, reserved bits and opcode.</param>
    public static byte[] Frame(byte first, ReadOnlySpan<byte> payload, bool masked = true)
    {
        var mask = masked ? new byte[] { 1, 2, 3, 4 } : [];
        var bit = (byte)(masked ? 0x80 : 0);
        byte[] length = payload.Length switch
        {
            < 126 => [(byte)(bit | payload.Length)],
            <= ushort.MaxValue => [(byte)(bit | 126), (byte)(payload.Length >> 8), (byte)payload.Length],
            _ => [(byte)(bit | 127), 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length],
        };
        var body = payload.ToArray();
        if (masked)
            for (var i = 0; i < body.Length; i++) body[i] ^= mask[i % 4];
        return [first, .. length, .. mask, .. body];
    }

    public Task SendTextAsync(string text, CancellationToken cancel) => SendAsync(Text, Encoding.UTF8.GetBytes(text), cancel);

    /// <summary>The next text of the server; null after its close (see <see cref="CloseCode"/>).</summary>
    public async Task<string?> NextAsync(CancellationToken cancel) => await NextMessageAsync(cancel) is { } text ? Encoding.UTF8.GetString(text) : null;

    /// <summary>The next message of the server, text or binary; null after its close (see <see cref="CloseCode"/>).</summary>
    public async Task<byte[]?> NextMessageAsync(CancellationToken cancel)
    {
        while (true)
        {
            var head = new byte[2];
            if (!await FillAsync(head, cancel)) return null;
            long length = head[1] & 0x7F;
            if (length >= 126)
            {
                var extended = new byte[length == 126 ? 2 : 8];
                if (!await FillAsync(extended, cancel)) return null;
                length = extended.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(extended) : (long)BinaryPrimitives.ReadUInt64BigEndian(extended);
            }

            var payload = new byte[length];
            if (!await FillAsync(payload, cancel)) return null;
            if ((head[0] & 0x0F) == 8)
            {
                CloseCode = payload.Length >= 2 ? BinaryPrimitives.ReadUInt16BigEndian(payload) : null;
                return null;
            }

            if ((head[0] & 0x0F) is 1 or 2) return payload;
        }
    }

    public int? CloseCode { get; private set; }

    /// <summary>Reads up to the end; answers with the server's close code, null where it cut the connection off.</summary>
    public async Task<int?> ClosedAsync(CancellationToken cancel, TimeSpan? limit = null)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        end.CancelAfter(limit ?? Device.Limit);
        while (await NextAsync(end.Token) is not null)
        {
        }

        return CloseCode;
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> BodyAsync(string head, CancellationToken cancel)
    {
        const string Length = "Content-Length: ";
        var body = new StringBuilder();
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            var one = new byte[1];
            while (!body.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal) && await ReadAsync(one, cancel) > 0) body.Append((char)one[0]);
            return body.ToString();
        }

        var at = head.IndexOf(Length, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return "";
        var payload = new byte[int.Parse(head[(at + Length.Length)..head.IndexOf("\r\n", at, StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture)];
        await FillAsync(payload, cancel);
        return Encoding.UTF8.GetString(payload);
    }

    private async Task<bool> FillAsync(byte[] buffer, CancellationToken cancel)
    {
        for (var filled = 0; filled < buffer.Length;)
        {
            var read = await ReadAsync(buffer.AsMemory(filled), cancel);
            if (read == 0) return false;
            filled += read;
        }

        return true;
    }

    private async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        try
        {
            return await _stream.ReadAsync(buffer, cancel);
        }
        catch (IOException)
        {
            // A reset is an end as well.
            return 0;
        }
    }
}
