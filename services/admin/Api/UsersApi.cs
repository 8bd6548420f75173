using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Bus;

namespace Im.Admin.Api;

/// <summary>Accounts: ensure many, search, disable.</summary>
internal static class UsersApi
{
    private const int DefaultLimit = 50;

    private sealed record UserBody(string? Username = null, string? DisplayName = null);

    private sealed record BatchBody(IReadOnlyList<UserBody?>? Users = null);

    private sealed record ChangeBody(bool? Disabled = null);

    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        api.MapPost("/users:batch", EnsureAsync);
        api.MapGet("/users", SearchAsync);
        api.MapPatch("/users/{userId}", ChangeAsync);
    }

    private static async Task<IResult> EnsureAsync(BatchBody body, BusCalls bus, CancellationToken cancel)
    {
        if (body.Users is null || body.Users.Any(user => user?.Username is null)) return Answers.Invalid("users is a list of objects with a username");
        if (body.Users.Count > Answers.MaxBatch) return Answers.Invalid($"at most {Answers.MaxBatch} users at once");
        var request = new EnsureUsers([.. body.Users.Select(user => new NewUser(user!.Username!, user.DisplayName))]);
        return (await bus.AskAsync<EnsureUsers, UsersEnsured>(request, cancel)).ToResult(answer => Results.Ok(
            new { items = answer.Users.Select(user => new { userId = Ids.Text(user.UserId), username = user.Username }) }));
    }

    private static async Task<IResult> SearchAsync(string? query, int? limit, BusCalls bus, CancellationToken cancel)
    {
        var request = new FindUsers(query ?? "", limit ?? DefaultLimit);
        return (await bus.AskAsync<FindUsers, UsersFound>(request, cancel)).ToResult(answer => Results.Ok(new
        {
            items = answer.Users.Select(user => new
            {
                userId = Ids.Text(user.UserId),
                username = user.Username,
                displayName = user.DisplayName,
                disabled = user.Disabled,
                createdAt = user.CreatedAt,
            }),
        }));
    }

    private static Task<IResult> ChangeAsync(string userId, ChangeBody body, BusCalls bus, CancellationToken cancel) => Answers.WithUserAsync(
        userId,
        async id =>
        {
            if (body.Disabled is not { } disabled) return Answers.Invalid("disabled is true or false");
            return (await bus.AskAsync<DisableUser, UserDisabled>(new(id, disabled), cancel)).ToResult(answer => Results.Ok(
                new { userId = Ids.Text(answer.UserId), disabled = answer.Disabled }));
        });
}
