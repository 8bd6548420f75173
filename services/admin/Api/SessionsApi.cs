using Im.Admin.Api.Docs;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Im.Hosting.Nodes;

namespace Im.Admin.Api;

/// <summary>Sessions for users whom a product has logged in by its own means, and their end.</summary>
internal static class SessionsApi
{
    public sealed record Device(string? Id = null, string? Name = null, string? Platform = null);

    public sealed record NewSession(Device? Device = null);

    public sealed record SessionsWanted(IReadOnlyList<string?> UserIds);

    public sealed record Session(string SessionId, string UserId, string DeviceId, long ExpiresAt, string Gateway);

    public sealed record SessionItem(string SessionKey, string DeviceId, string? Name, string? Platform, long LastSeenAt);

    public sealed record SessionList(IEnumerable<SessionItem> Items);

    public sealed record SessionOfBatch(string UserId, string SessionId, string Gateway);

    public sealed record SessionBatch(IEnumerable<SessionOfBatch> Items);

    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{userId}/sessions", OpenAsync).Describe(SessionsDocs.Open);
        api.MapGet("/users/{userId}/sessions", ListAsync).Describe(SessionsDocs.List);
        api.MapDelete("/users/{userId}/sessions", EndAllAsync).Describe(SessionsDocs.EndAll);
        api.MapPost("/sessions:batch", OpenManyAsync).Describe(SessionsDocs.OpenMany);
    }

    private static Task<IResult> OpenAsync(string userId, NewSession? body, BusCalls bus, NodeBoard board, CancellationToken cancel) =>
        Answers.WithUserAsync(
            userId,
            async id =>
            {
                // Before the session is opened: one that cannot be told where to go would only idle.
                if (board.WebSockets() is not [var gateway, ..]) return Answers.NoGateway();
                var device = body?.Device is { } one ? new DeviceInfo(one.Id, one.Name, one.Platform) : null;
                return (await bus.AskAsync<OpenSession, SessionOpened>(new(id, device), cancel)).ToResult(session => Results.Json(
                    new Session(session.SessionId, Ids.Text(session.UserId), session.DeviceId, session.ExpiresAt, gateway),
                    statusCode: StatusCodes.Status201Created));
            });

    private static Task<IResult> ListAsync(string userId, BusCalls bus, DirectoryReader directory, CancellationToken cancel) =>
        Answers.WithUserAsync(
            userId,
            async id =>
            {
                if (!await directory.HasUserAsync(id, cancel)) return Answers.NoUser();
                return (await bus.AskAsync<ListSessions, SessionsListed>(new(id), cancel)).ToResult(answer => Results.Ok(new SessionList(
                    answer.Sessions.Select(session => new SessionItem(
                        Ids.Text(session.SessionKey), session.DeviceId, session.Name, session.Platform, session.LastSeenAt)))));
            });

    private static Task<IResult> EndAllAsync(string userId, BusCalls bus, DirectoryReader directory, CancellationToken cancel) =>
        Answers.WithUserAsync(
            userId,
            async id =>
            {
                if (!await directory.HasUserAsync(id, cancel)) return Answers.NoUser();
                return (await bus.AskAsync<EndSessions, SessionsEnded>(new(id, null), cancel)).ToResult(_ => Results.NoContent());
            });

    /// <summary>The users are dealt out to all gateways in turn, the least loaded first.</summary>
    private static async Task<IResult> OpenManyAsync(SessionsWanted body, BusCalls bus, NodeBoard board, CancellationToken cancel)
    {
        if (body.UserIds.Count > Answers.MaxBatch) return Answers.Invalid($"at most {Answers.MaxBatch} users at once");
        var users = new List<long>(body.UserIds.Count);
        foreach (var text in body.UserIds)
        {
            if (!Ids.TryParse(text, out var user)) return Answers.NoUser();
            users.Add(user);
        }

        if (board.WebSockets() is not { Count: > 0 } gateways) return Answers.NoGateway();
        return (await bus.AskAsync<OpenSessions, SessionsOpened>(new(users), cancel)).ToResult(answer => Results.Ok(new SessionBatch(
            answer.Sessions.Select((session, place) => new SessionOfBatch(
                Ids.Text(session.UserId), session.SessionId, gateways[place % gateways.Count])))));
    }
}
