using System.Text.Json.Serialization;
using Im.Protocol;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Im.Bench.Relay;

/// <summary>
/// The limit: the same frames over the same WebSockets, between two users, and nothing else. A send is answered and passed on at once; nothing is stored, checked
/// or counted but the next place of its conversation, and who is not there gets nothing. What this machine does not manage here no server with this protocol will.
/// </summary>
internal static class RelayServer
{
    public const string Verb = "relay";

    public static async Task RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var app = builder.Build();
        var room = new RelayRoom();
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.MapGet("/healthz/ready", () => "ready");
        app.MapPost("/admin/v1/users:batch", (NewUsers asked) => new Items<BatchUser>([.. asked.Users.Select(user => new BatchUser(room.NewUser(), user.Username))]));
        app.MapPost("/admin/v1/sessions:batch", (NewSessions asked) => new Items<BatchSession>([.. asked.UserIds.Select(id => new BatchSession(id, id))]));
        app.MapGet("/v1/ws", http => AcceptAsync(http, room));
        await app.RunAsync();
    }

    private static async Task AcceptAsync(HttpContext http, RelayRoom room)
    {
        if (http.WebSockets.WebSocketRequestedProtocols.Select(FrameFormat.Find).FirstOrDefault(format => format is not null) is not { } format)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync(format.Subprotocol);
        await new RelayConnection(socket, format, room).RunAsync(http.RequestAborted);
    }

    private sealed record NewUsers([property: JsonPropertyName("users")] IReadOnlyList<NewUser> Users);

    private sealed record NewUser([property: JsonPropertyName("username")] string Username);

    private sealed record NewSessions([property: JsonPropertyName("userIds")] IReadOnlyList<string> UserIds);

    private sealed record BatchUser([property: JsonPropertyName("userId")] string UserId, [property: JsonPropertyName("username")] string Username);

    /// <param name="SessionId">The user's id: this server takes everybody at his word.</param>
    private sealed record BatchSession([property: JsonPropertyName("userId")] string UserId, [property: JsonPropertyName("sessionId")] string SessionId);

    private sealed record Items<T>([property: JsonPropertyName("items")] IReadOnlyList<T> All);
}
