using System.Collections.Concurrent;
using System.Net;
using Im.Hosting;
using Im.Hosting.Health;
using Im.Hosting.Telemetry;
using Im.Protocol;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Connections;

/// <summary>
/// GET /v1/ws: who may open a socket. The session comes in the first frame, never in the address, so nothing secret stands in a log of requests.
/// </summary>
public sealed class SocketDoor(
    ConnectionServices services, Dependencies dependencies, IOptions<GatewayOptions> options, IHostEnvironment environment, IHostApplicationLifetime lifetime)
{
    private readonly ConcurrentDictionary<ClientConnection, byte> _open = new();
    private readonly AddressCount _perAddress = new();
    private int _inside;

    public IEnumerable<ClientConnection> Open => _open.Keys;

    public bool IsEmpty => _open.IsEmpty;

    /// <summary>Sockets that are open, or opening.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Connections whose outbox takes no live messages now.</summary>
    public int Full => _open.Keys.Count(connection => connection.IsFull);

    public async Task<IResult> EnterAsync(HttpContext context)
    {
        // An upgrade does not exist in HTTP/1.0 (RFC 6455, section 4.1).
        if (!context.WebSockets.IsWebSocketRequest || HttpProtocol.IsHttp10(context.Request.Protocol))
            return Problems.Of(400, Codes.Invalid, "this address takes WebSocket upgrades");
        if (!IsAllowed(context.Request)) return Problems.Of(403, Codes.Forbidden, "pages of this origin may not connect");
        if (FormatFor(context.WebSockets.WebSocketRequestedProtocols) is not { } format)
            return Problems.Of(400, Codes.Invalid, $"ask for the subprotocol {string.Join(" or ", FrameFormat.All)}");

        // It has just started: whoever came in would only hear that his messages cannot be stored, where another gateway may store them.
        if (!dependencies.CanWork) return Problems.Of(503, Codes.Unavailable, "this gateway is starting; try another", 1000);
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var most = environment.IsDevelopment() && IPAddress.IsLoopback(address) ? int.MaxValue : options.Value.MaxConnectionsPerAddress;
        try
        {
            // Counted before it is let in: a thousand upgrades at once must not all see the last place free.
            if (Interlocked.Increment(ref _inside) > options.Value.MaxConnections || lifetime.ApplicationStopping.IsCancellationRequested)
                return Problems.Of(503, Codes.Unavailable, "this gateway takes no more connections; try another", 1000);
            if (!_perAddress.TryEnter(address, most)) return Problems.Of(429, Codes.TooMany, "too many connections from this address", 5000);
            try
            {
                await RunAsync(context, format);
            }
            finally
            {
                _perAddress.Leave(address);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }

        return Results.Empty;
    }

    /// <summary>The first that is known here, in the client's order.</summary>
    private static FrameFormat? FormatFor(IList<string> subprotocols)
    {
        foreach (var subprotocol in subprotocols)
            if (FrameFormat.Find(subprotocol) is { } format) return format;
        return null;
    }

    private async Task RunAsync(HttpContext context, FrameFormat format)
    {
        ImTracing.LeaveRequest();
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { SubProtocol = format.Subprotocol });
        var connection = new ClientConnection(socket, format, services, context.Abort);
        _open[connection] = 0;
        try
        {
            await connection.RunAsync(lifetime.ApplicationStopping);
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    /// <summary>Browsers name the page's origin and cannot be made to lie about it; other clients send none.</summary>
    private bool IsAllowed(HttpRequest request)
    {
        if (request.Headers.Origin.Count == 0) return true;
        var origin = request.Headers.Origin.ToString();
        if (options.Value.AllowedOrigins.Contains(origin, StringComparer.OrdinalIgnoreCase)) return true;
        return Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && (uri.Scheme is "http" or "https")
            && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
