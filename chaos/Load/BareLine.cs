using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Im.Chaos.Journals;

namespace Im.Chaos.Load;

/// <summary>One WebSocket of a bare device: what is said leaves in order, what comes is read one frame after the other.</summary>
internal sealed class BareLine : IDisposable
{
    /// <summary>Messages that wait for a socket which takes nothing; with one more the connection is given up.</summary>
    private const int MaxQueued = 1024;

    private const int BufferBytes = 4 * 1024, MaxMessageBytes = 1024 * 1024;

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<byte[]> _words = Channel.CreateBounded<byte[]>(MaxQueued);
    private readonly BareFrame _frame;
    private byte[] _buffer = new byte[BufferBytes];

    public BareLine(int number, Uri gateway, string session, Journal journal)
    {
        (Number, Gateway, Session) = (number, gateway, session);
        _frame = new BareFrame(journal);
        _socket.Options.AddSubProtocol("im.v1.json");
        // Its own heartbeat would hide that the frames' is missing.
        _socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
    }

    public int Number { get; }

    public Uri Gateway { get; }

    public string Session { get; }

    public TimeSpan LastHeard { get; set; }

    public TimeSpan PingAt { get; set; }

    public TimeSpan? SyncedAt { get; set; }

    /// <summary>The device itself leaves.</summary>
    public bool IsWanted { get; set; }

    /// <summary>The server's close code; null while open and where it broke off.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Completes when nothing comes any more.</summary>
    public Task Ended { get; set; } = Task.CompletedTask;

    /// <summary>Held up by who wants the socket's buffers to fill; null: reading goes on.</summary>
    public Task? Hold { get; set; }

    public Task DialAsync(HttpMessageInvoker dialler, CancellationToken cancel) =>
        _socket.ConnectAsync(new UriBuilder(Gateway) { Scheme = "ws", Path = "/v1/ws" }.Uri, dialler, cancel);

    public void Say(byte[] word)
    {
        if (!_words.Writer.TryWrite(word)) Cut();
    }

    /// <summary>Breaks it off.</summary>
    public void Cut() => _socket.Abort();

    /// <summary>Until the connection ends, in whatever way.</summary>
    /// <param name="onFrame">The frame is valid during the call only.</param>
    public async Task ReadAsync(Action<BareFrame> onFrame)
    {
        var writing = WriteAsync();
        try
        {
            while (await ReadMessageAsync() is { Length: > 0 } message) Take(message.Span, onFrame);
        }
        catch (Exception e) when (IsBroken(e))
        {
            // Broken off, from whichever side.
        }

        _words.Writer.TryComplete();
        _socket.Abort();
        await writing;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Empty: it was closed.</summary>
    private async Task<ReadOnlyMemory<byte>> ReadMessageAsync()
    {
        var length = 0;
        while (true)
        {
            if (Hold is { } hold) await hold;
            if (length == _buffer.Length) Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, MaxMessageBytes + 1));
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(length), CancellationToken.None);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                CloseCode = (int?)_socket.CloseStatus;
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return default;
            }

            length += read.Count;
            if (length > MaxMessageBytes) throw new JsonException("the server's WebSocket message has more than 1 MiB");
            if (read.EndOfMessage && length > 0) return _buffer.AsMemory(0, length);
        }
    }

    private void Take(ReadOnlySpan<byte> message, Action<BareFrame> onFrame)
    {
        var reader = new Utf8JsonReader(message);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            _frame.Fill(ref reader);
            onFrame(_frame);
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            _frame.Fill(ref reader);
            onFrame(_frame);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var word in _words.Reader.ReadAllAsync())
                await _socket.SendAsync(word, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception e) when (IsBroken(e))
        {
            // The reader finds out the same and ends the connection.
            Cut();
        }
    }

    public static bool IsBroken(Exception fault) =>
        fault is WebSocketException or HttpRequestException or IOException or SocketException or ObjectDisposedException or InvalidOperationException or OperationCanceledException;
}
