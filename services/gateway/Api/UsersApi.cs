using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Protocol;

namespace Im.Gateway.Api;

/// <summary>/v1/users and /v1/me: accounts are made by login, what is shown of them is kept by profile.</summary>
public static class UsersApi
{
    public sealed record NewAccount(string Username, string Password, string? DisplayName = null);

    public sealed record ProfilePatch(string? DisplayName = null, string? Bio = null, string? AvatarUrl = null);

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/users", async (NewAccount account, HttpContext http, BusCalls bus, CancellationToken cancel) =>
        {
            var request = new RegisterUser(account.Username, account.Password, account.DisplayName, SessionsApi.AddressOf(http));
            var result = await bus.AskAsync<RegisterUser, UserRegistered>(request, cancel);
            if (result.Answer is not { } made) return Problems.Of(result.Refused!);
            return Results.Json(new { userId = Ids.Text(made.UserId), username = made.Username }, statusCode: 201);
        });

        var known = routes.MapGroup("").AddEndpointFilter<SessionFilter>();
        known.MapGet("/v1/users/{userId}", async (string userId, BusCalls bus, CancellationToken cancel) =>
            Ids.TryParse(userId, out var id) ? await ShowAsync(bus, new GetProfile(id, null), cancel) : NotFound());
        known.MapGet("/v1/users", async (string username, BusCalls bus, CancellationToken cancel) =>
            await ShowAsync(bus, new GetProfile(null, username), cancel));
        known.MapGet("/v1/me", async (HttpContext http, BusCalls bus, CancellationToken cancel) =>
            await ShowAsync(bus, new GetProfile(SessionFilter.Of(http).UserId, null), cancel));
        known.MapPatch("/v1/me", async (ProfilePatch patch, HttpContext http, BusCalls bus, CancellationToken cancel) =>
        {
            var request = new UpdateProfile(SessionFilter.Of(http).UserId, patch.DisplayName, patch.Bio, patch.AvatarUrl);
            return Show(await bus.AskAsync<UpdateProfile, Profile>(request, cancel));
        });
    }

    private static async Task<IResult> ShowAsync(BusCalls bus, GetProfile request, CancellationToken cancel) =>
        Show(await bus.AskAsync<GetProfile, Profile>(request, cancel));

    private static IResult Show(CallResult<Profile> result) => result.Answer is { } profile
        ? Results.Json(new
        {
            userId = Ids.Text(profile.UserId),
            username = profile.Username,
            displayName = profile.DisplayName,
            bio = profile.Bio,
            avatarUrl = profile.AvatarUrl,
        })
        : Problems.Of(result.Refused!);

    private static IResult NotFound() => Problems.Of(404, Codes.NotFound, "no such user");
}
