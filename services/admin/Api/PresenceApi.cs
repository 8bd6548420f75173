using Im.Admin.Api.Docs;
using Im.Contracts.Messages;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Im.Hosting.Nodes;
using Im.Hosting.Routes;

namespace Im.Admin.Api;

/// <summary>Where a user is connected now, by the route table, and what others see of him, by the presence service.</summary>
internal static class PresenceApi
{
    public sealed record DevicePresence(string DeviceId, string Gateway, long Since);

    public sealed record UserPresence(string Status, IEnumerable<DevicePresence> Devices);

    public static void MapPresence(this IEndpointRouteBuilder api) =>
        api.MapGet("/users/{userId}/presence", GetAsync).Describe(UsersDocs.Presence);

    private static Task<IResult> GetAsync(
        string userId, BusCalls bus, IRouteTable routes, NodeBoard board, DirectoryReader directory, CancellationToken cancel) => Answers.WithUserAsync(
        userId,
        async id =>
        {
            if (!await directory.HasUserAsync(id, cancel)) return Answers.NoUser();
            var presence = await bus.AskAsync<GetPresence, PresenceListed>(new([id]), cancel);
            if (presence.Answer is not { States: [var state] }) return presence.ToResult(_ => Answers.NoUser());
            try
            {
                var connected = (await routes.LookUpAsync([id], cancel))[0];
                var devices = await directory.DeviceIdsAsync(connected.Select(route => route.DeviceKey), cancel);
                return Results.Ok(new UserPresence(state.Status, connected.Where(route => devices.ContainsKey(route.DeviceKey)).Select(route => new DevicePresence(
                    devices[route.DeviceKey],
                    // A gateway that is gone from the board has left its route behind for a moment; its name is all there is.
                    board.Nodes.FirstOrDefault(node => node.Boot == route.Boot)?.Url ?? route.Boot,
                    route.Since))));
            }
            catch (RoutesUnavailableException)
            {
                return Problems.Of(StatusCodes.Status503ServiceUnavailable, Im.Protocol.Codes.Unavailable, "the routes cannot be read now; try again", 1000);
            }
        });
}
