using System.Net.WebSockets;
using Im.Protocol;

namespace Im.Client;

/// <summary>
/// One WebSocket to a gateway and the frames on it, no more: no hello, no heartbeat, no repeats, no reconnect (that is <see cref="ImClient"/>).
/// Sending puts a frame into a bounded buffer; what has piled up leaves as one array. One reader at a time; any number of senders.
/// </summary>
public sealed partial class ImConnection : IAsyncDisposable
{
    private static readonly HttpMessageInvoker SharedInvoker = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    private readonly WebSocket _socket;
    private readonly Lock _gate = new();
    private bool _ended;

    private ImConnection(WebSocket socket)
    {
        _socket = socket;
        _writer = new Writer(this);
    }

    /// <summary>The close code that the server sent; null while open and when the connection broke without one.</summary>
    public int? CloseCode { get; private set; }

    /// <summary>Why the connection broke, where it did not close properly.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Opens the WebSocket.</summary>
    /// <param name="gateway">A gateway's base address or its WebSocket address; http, https, ws or wss.</param>
    /// <param name="handler">For TLS settings and proxies of one's own; it stays the caller's.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="WebSocketException">The gateway cannot be reached or refuses the upgrade.</exception>
    public static async Task<ImConnection> OpenAsync(Uri gateway, HttpMessageHandler? handler = null, CancellationToken cancellationToken = default)
    {
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.AddSubProtocol(Limits.JsonSubprotocol);
            // The frames carry the heartbeat; a second one below would only cost a timer.
            socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            using var own = handler is null ? null : new HttpMessageInvoker(handler, disposeHandler: false);
            await socket.ConnectAsync(GatewayAddress.WebSocket(gateway), own ?? SharedInvoker, cancellationToken).ConfigureAwait(false);
            return new ImConnection(socket);
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
