using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Hosting.Nodes;

namespace Im.Admin.Api;

/// <summary>Sessions for users whom a product has logged in by its own means, and their end.</summary>
internal static class SessionsApi
{
    private sealed record DeviceBody(string? Id = null, string? Name = null, string? Platform = null);

    private sealed record OpenBody(DeviceBody? Device = null);

    private sealed record BatchBody(IReadOnlyList<string?>? UserIds = null);

    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users/{userId}/sessions", OpenAsync);
        api.MapGet("/users/{userId}/sessions", ListAsync);
        api.MapDelete("/users/{userId}/sessions", EndAllAsync);
        api.MapPost("/sessions:batch", OpenManyAsync);
    }

    private static Task<IResult> OpenAsync(string userId, OpenBody? body, BusCalls bus, NodeBoard board, CancellationToken cancel) =>
        Answers.WithUserAsync(
            userId,
            async id =>
            {
                // Before the session is opened: one that cannot be told where to go would only idle.
                if (board.WebSockets() is not [var gateway, ..]) return Answers.NoGateway();
                var device = body?.Device is { } one ? new DeviceInfo(one.Id, one.Name, one.Platform) : null;
                return (await bus.AskAsync<OpenSession, SessionOpened>(new(id, device), cancel)).ToResult(session => Results.Json(
                    new
                    {
                        sessionId = session.SessionId,
                        userId = Ids.Text(session.UserId),
                        deviceId = session.DeviceId,
                        expiresAt = session.ExpiresAt,
                        gateway,
                    },
                    statusCode: StatusCodes.Status201Created));
            });

    private static Task<IResult> ListAsync(string userId, BusCalls bus, DirectoryReader directory, CancellationToken cancel) =>
        Answers.WithUserAsync(
            userId,
            async id =>
            {
                if (!await directory.HasUserAsync(id, cancel)) return Answers.NoUser();
                return (await bus.AskAsync<ListSessions, SessionsListed>(new(id), cancel)).ToResult(answer => Results.Ok(new
                {
                    items = answer.Sessions.Select(session => new
                    {
                        sessionKey = Ids.Text(session.SessionKey),
                        deviceId = session.DeviceId,
                        name = session.Name,
                        platform = session.Platform,
                        lastSeenAt = session.LastSeenAt,
                    }),
                }));
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
    private static async Task<IResult> OpenManyAsync(BatchBody body, BusCalls bus, NodeBoard board, CancellationToken cancel)
    {
        if (body.UserIds is null) return Answers.Invalid("userIds is a list of user ids");
        if (body.UserIds.Count > Answers.MaxBatch) return Answers.Invalid($"at most {Answers.MaxBatch} users at once");
        var users = new List<long>(body.UserIds.Count);
        foreach (var text in body.UserIds)
        {
            if (!Ids.TryParse(text, out var user)) return Answers.NoUser();
            users.Add(user);
        }

        if (board.WebSockets() is not { Count: > 0 } gateways) return Answers.NoGateway();
        return (await bus.AskAsync<OpenSessions, SessionsOpened>(new(users), cancel)).ToResult(answer => Results.Ok(new
        {
            items = answer.Sessions.Select((session, place) => new
            {
                userId = Ids.Text(session.UserId),
                sessionId = session.SessionId,
                gateway = gateways[place % gateways.Count],
            }),
        }));
    }
}
