using Im.Contracts;
using Im.Contracts.Messages;
using Im.Gateway.Api.Docs;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Im.Protocol;

namespace Im.Gateway.Api;

/// <summary>/v1/users and /v1/me: accounts are made by login, what is shown of them is kept by profile.</summary>
public static class UsersApi
{
    public sealed record NewAccount(string Username, string Password, string? DisplayName = null);

    public sealed record UserMade(string UserId, string Username);

    public sealed record PublicProfile(string UserId, string Username, string DisplayName, string? Bio, string? AvatarUrl);

    public sealed record ProfilePatch(string? DisplayName = null, string? Bio = null, string? AvatarUrl = null);

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/users", async (NewAccount account, HttpContext http, BusCalls bus, CancellationToken cancel) =>
        {
            var request = new RegisterUser(account.Username, account.Password, account.DisplayName, SessionsApi.AddressOf(http));
            var result = await bus.AskAsync<RegisterUser, UserRegistered>(request, cancel);
            if (result.Answer is not { } made) return Problems.Of(result.Refused!);
            return Results.Json(new UserMade(Ids.Text(made.UserId), made.Username), statusCode: 201);
        }).Describe(UsersDocs.Register);

        var known = routes.MapGroup("").BehindSession();
        known.MapGet("/v1/users/{userId}", async (string userId, BusCalls bus, CancellationToken cancel) =>
            Ids.TryParse(userId, out var id) ? await ShowAsync(bus, new GetProfile(id, null), cancel) : NotFound()).Describe(UsersDocs.Show);
        known.MapGet("/v1/users", async (string username, BusCalls bus, CancellationToken cancel) =>
            await ShowAsync(bus, new GetProfile(null, username), cancel)).Describe(UsersDocs.Find);
        known.MapGet("/v1/me", async (HttpContext http, BusCalls bus, CancellationToken cancel) =>
            await ShowAsync(bus, new GetProfile(SessionFilter.Of(http).UserId, null), cancel)).Describe(UsersDocs.ShowMe);
        known.MapPatch("/v1/me", async (ProfilePatch patch, HttpContext http, BusCalls bus, CancellationToken cancel) =>
        {
            var request = new UpdateProfile(SessionFilter.Of(http).UserId, patch.DisplayName, patch.Bio, patch.AvatarUrl);
            return Show(await bus.AskAsync<UpdateProfile, Profile>(request, cancel));
        }).Describe(UsersDocs.ChangeMe);
    }

    private static async Task<IResult> ShowAsync(BusCalls bus, GetProfile request, CancellationToken cancel) =>
        Show(await bus.AskAsync<GetProfile, Profile>(request, cancel));

    private static IResult Show(CallResult<Profile> result) => result.Answer is { } profile
        ? Results.Json(new PublicProfile(Ids.Text(profile.UserId), profile.Username, profile.DisplayName, profile.Bio, profile.AvatarUrl))
        : Problems.Of(result.Refused!);

    private static IResult NotFound() => Problems.Of(404, Codes.NotFound, "no such user");
}
