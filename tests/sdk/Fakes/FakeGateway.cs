using System.Collections.Concurrent;
using System.Threading.Channels;
using Im.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Im.Client.Tests;

/// <summary>A real HTTP and WebSocket server on a free loopback port that says nothing by itself: the test plays the gateway, frame by frame.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<FakeSocket> _sockets = Channel.CreateUnbounded<FakeSocket>();
    private readonly ConcurrentDictionary<FakeSocket, bool> _open = [];

    private FakeGateway(WebApplication app) => _app = app;

    public Uri Address { get; private set; } = null!;

    /// <summary>Answers HTTP calls other than the WebSocket; by default 404.</summary>
    public RequestDelegate Http { get; set; } = context =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    };

    /// <summary>The subprotocol of the answer; by default the first that the client offers.</summary>
    public Func<IList<string>, string?> Choose { get; set; } = offered => offered[0];

    public static async Task<FakeGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gateway = new FakeGateway(builder.Build());
        gateway._app.UseWebSockets();
        gateway._app.Run(gateway.ServeAsync);
        await gateway._app.StartAsync();
        var addresses = gateway._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        gateway.Address = new Uri(addresses.Addresses.Single());
        return gateway;
    }

    /// <summary>The next connection that a client opened.</summary>
    public async Task<FakeSocket> SocketAsync() => await _sockets.Reader.ReadAsync().AsTask().WaitAsync(Soon.Limit);

    /// <summary>The next connection, after its hello was answered with a welcome.</summary>
    public async Task<FakeSocket> WelcomeAsync(int heartbeat = 25, string log = "log-1", params string[] gateways)
    {
        var socket = await SocketAsync();
        socket.Hello = Assert.IsType<ClientFrame.Hello>(await socket.FrameAsync());
        await socket.SendAsync(new ServerFrame.Welcome("me", "device-1", "connection-1", heartbeat, 0, gateways, log));
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _open.Keys) socket.Break();
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await Http(context);
            return;
        }

        var subprotocol = Choose(context.WebSockets.WebSocketRequestedProtocols);
        using var webSocket = await context.WebSockets.AcceptWebSocketAsync(subprotocol);
        var socket = new FakeSocket(webSocket, FrameFormat.Find(subprotocol ?? "") ?? FrameFormat.Json);
        _open[socket] = true;
        await _sockets.Writer.WriteAsync(socket);
        await socket.ReadAsync();
        _open.TryRemove(socket, out _);
    }
}
