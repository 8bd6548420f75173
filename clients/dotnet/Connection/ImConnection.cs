using System.Net.WebSockets;
using Im.Protocol;

namespace Im.Client;

/// <summary>
/// One WebSocket to a gateway and the frames on it, no more: no hello, no heartbeat, no repeats, no reconnect (that is <see cref="ImClient"/>).
/// Sending puts a frame into a bounded buffer; what has piled up leaves as one WebSocket message. One reader at a time; any number of senders.
/// </summary>
public sealed partial class ImConnection : IAsyncDisposable
{
    private static readonly HttpMessageInvoker SharedInvoker = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    private readonly WebSocket _socket;
    private readonly Lock _gate = new();
    private bool _ended;

    private ImConnection(WebSocket socket, FrameFormat format)
    {
        (_socket, Format) = (socket, format);
        (_pending, _spare) = (new PendingFrames(format), new PendingFrames(format));
        _writer = new Writer(this);
    }

    /// <summary>How the frames of this connection are written.</summary>
    public FrameFormat Format { get; }

    /// <summary>The close code that the server sent; null while open and when the connection broke without one.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Why the connection broke, where it did not close properly.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Opens the WebSocket with JSON frames.</summary>
    /// <inheritdoc cref="OpenAsync(Uri, FrameFormat, HttpMessageHandler?, CancellationToken)"/>
    public static Task<ImConnection> OpenAsync(Uri gateway, HttpMessageHandler? handler = null, CancellationToken cancellationToken = default) =>
        OpenAsync(gateway, FrameFormat.Json, handler, cancellationToken);

    /// <summary>Opens the WebSocket.</summary>
    /// <param name="gateway">A gateway's base address or its WebSocket address; http, https, ws or wss.</param>
    /// <param name="format">How frames are written on the wire.</param>
    /// <param name="handler">For TLS settings and proxies of one's own; it stays the caller's.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="WebSocketException">The gateway cannot be reached, refuses the upgrade or does not speak this format.</exception>
    public static async Task<ImConnection> OpenAsync(
        Uri gateway, FrameFormat format, HttpMessageHandler? handler = null, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(format.Subprotocol);
            // The frames carry the heartbeat; a second one below would only cost a timer.
            socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            using var own = handler is null ? null : new HttpMessageInvoker(handler, disposeHandler: false);
            await socket.ConnectAsync(GatewayAddress.WebSocket(gateway), own ?? SharedInvoker, cancellationToken).ConfigureAwait(false);
            if (socket.SubProtocol != format.Subprotocol)
                throw new WebSocketException(WebSocketError.UnsupportedProtocol, $"the server did not choose {format.Subprotocol}");
            return new ImConnection(socket, format);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Breaks the connection at once; a pending <see cref="ReceiveAsync"/> returns false.</summary>
    public void Abort(Exception? why = null)
    {
        End(why);
        _socket.Abort();
    }

    /// <summary>Sends what is queued, then a close frame, and does not wait for the server's.</summary>
    public async Task CloseAsync(int code = CloseCodes.Normal, CancellationToken cancellationToken = default)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await _socket.CloseOutputAsync((WebSocketCloseStatus)code, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Breaks the connection, if it is open, and frees the socket.</summary>
    public ValueTask DisposeAsync()
    {
        Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private void End(Exception? why)
    {
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
            Fault = why;
            _room?.TrySetResult();
            _flushed?.TrySetResult();
        }
    }
}
