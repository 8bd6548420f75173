using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Api.Docs;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Im.Hosting.Nodes;
using Im.Protocol;

namespace Im.Gateway.Api;

/// <summary>/v1/sessions: log in, see and end one's sessions; /v1/gateways: where to connect.</summary>
public static class SessionsApi
{
    public sealed record Device(string? Id = null, string? Name = null, string? Platform = null);

    public sealed record Credentials(string Username, string Password, Device? Device = null);

    public sealed record Session(string SessionId, string UserId, string DeviceId, long ExpiresAt, string Gateway);

    public sealed record SessionItem(string SessionKey, string DeviceId, string? Name, string? Platform, long LastSeenAt, bool Current);

    public sealed record SessionList(IEnumerable<SessionItem> Items);

    public sealed record GatewayList(IReadOnlyList<string> Items);

    public sealed record NewPassword(string Old, string New);

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/sessions", async (Credentials who, HttpContext http, BusCalls bus, NodeBoard board, CancellationToken cancel) =>
        {
            var device = who.Device is { } one ? new DeviceInfo(one.Id, one.Name, one.Platform) : null;
            var result = await bus.AskAsync<LogIn, LoggedIn>(new LogIn(who.Username, who.Password, device, AddressOf(http)), cancel);
            if (result.Answer is not { Session: var session }) return Problems.Of(result.Refused!);
            var gateway = board.WebSockets().FirstOrDefault() ?? GatewayUrls.WebSocket($"{http.Request.Scheme}://{http.Request.Host}");
            return Results.Json(
                new Session(session.SessionId, Ids.Text(session.UserId), session.DeviceId, session.ExpiresAt, gateway), statusCode: 201);
        }).Describe(SessionsDocs.LogIn);
        routes.MapGet("/v1/gateways", (NodeBoard board) => Results.Json(new GatewayList(board.WebSockets()))).Describe(SessionsDocs.Gateways);

        var known = routes.MapGroup("").BehindSession();
        known.MapGet("/v1/sessions", ListAsync).Describe(SessionsDocs.List);
        known.MapDelete("/v1/sessions/current", async (HttpContext http, BusCalls bus, CancellationToken cancel) =>
        {
            var session = SessionFilter.Of(http);
            return await EndAsync(bus, session.UserId, session.SessionKey, cancel);
        }).Describe(SessionsDocs.LogOut);
        known.MapDelete("/v1/sessions/{sessionKey}", async (string sessionKey, HttpContext http, BusCalls bus, CancellationToken cancel) =>
            Ids.TryParse(sessionKey, out var key) ? await EndAsync(bus, SessionFilter.Of(http).UserId, key, cancel) : NotFound()).Describe(SessionsDocs.End);
        known.MapPost("/v1/me/password", async (NewPassword change, HttpContext http, BusCalls bus, CancellationToken cancel) =>
        {
            var session = SessionFilter.Of(http);
            var request = new ChangePassword(session.UserId, session.SessionKey, change.Old, change.New, AddressOf(http));
            var result = await bus.AskAsync<ChangePassword, PasswordChanged>(request, cancel);
            return result.IsOk ? Results.NoContent() : Problems.Of(result.Refused!);
        }).Describe(SessionsDocs.ChangePassword);
    }

    public static string AddressOf(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    private static async Task<IResult> ListAsync(HttpContext http, BusCalls bus, CancellationToken cancel)
    {
        var current = SessionFilter.Of(http);
        var result = await bus.AskAsync<ListSessions, SessionsListed>(new ListSessions(current.UserId), cancel);
        if (result.Answer is not { } listed) return Problems.Of(result.Refused!);
        return Results.Json(new SessionList(listed.Sessions.Select(one => new SessionItem(
            Ids.Text(one.SessionKey), one.DeviceId, one.Name, one.Platform, one.LastSeenAt, one.SessionKey == current.SessionKey))));
    }

    private static async Task<IResult> EndAsync(BusCalls bus, long user, long key, CancellationToken cancel)
    {
        var result = await bus.AskAsync<EndSessions, SessionsEnded>(new EndSessions(user, key), cancel);
        if (result.Answer is not { } ended) return Problems.Of(result.Refused!);
        return ended.Count > 0 ? Results.NoContent() : NotFound();
    }

    private static IResult NotFound() => Problems.Of(404, Codes.NotFound, "no such session");
}
