using Im.Admin.Api.Docs;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;
using Im.Hosting.Docs;

namespace Im.Admin.Api;

/// <summary>Accounts: ensure many, search, disable.</summary>
internal static class UsersApi
{
    private const int DefaultLimit = 50;

    public sealed record UserWanted(string Username, string? DisplayName = null);

    public sealed record UsersWanted(IReadOnlyList<UserWanted?> Users);

    public sealed record UserChange(bool Disabled);

    public sealed record UserOfBatch(string UserId, string Username);

    public sealed record UserBatch(IEnumerable<UserOfBatch> Items);

    public sealed record UserItem(string UserId, string Username, string DisplayName, bool Disabled, long CreatedAt);

    public sealed record UserList(IEnumerable<UserItem> Items);

    public sealed record UserChanged(string UserId, bool Disabled);

    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users:batch", EnsureAsync).Describe(UsersDocs.Ensure);
        api.MapGet("/users", SearchAsync).Describe(UsersDocs.Search);
        api.MapPatch("/users/{userId}", ChangeAsync).Describe(UsersDocs.Change);
    }

    private static async Task<IResult> EnsureAsync(UsersWanted body, BusCalls bus, CancellationToken cancel)
    {
        if (body.Users.Contains(null)) return Answers.Invalid("users is a list of objects with a username");
        if (body.Users.Count > Answers.MaxBatch) return Answers.Invalid($"at most {Answers.MaxBatch} users at once");
        var request = new EnsureUsers([.. body.Users.Select(user => new NewUser(user!.Username, user.DisplayName))]);
        return (await bus.AskAsync<EnsureUsers, UsersEnsured>(request, cancel)).ToResult(answer => Results.Ok(
            new UserBatch(answer.Users.Select(user => new UserOfBatch(Ids.Text(user.UserId), user.Username)))));
    }

    private static async Task<IResult> SearchAsync(BusCalls bus, CancellationToken cancel, string query = "", int limit = DefaultLimit)
    {
        var request = new FindUsers(query, limit);
        return (await bus.AskAsync<FindUsers, UsersFound>(request, cancel)).ToResult(answer => Results.Ok(new UserList(
            answer.Users.Select(user => new UserItem(Ids.Text(user.UserId), user.Username, user.DisplayName, user.Disabled, user.CreatedAt)))));
    }

    private static Task<IResult> ChangeAsync(string userId, UserChange body, BusCalls bus, CancellationToken cancel) => Answers.WithUserAsync(
        userId,
        async id =>
        {
            return (await bus.AskAsync<DisableUser, UserDisabled>(new(id, body.Disabled), cancel)).ToResult(answer => Results.Ok(
                new UserChanged(Ids.Text(answer.UserId), answer.Disabled)));
        });
}
