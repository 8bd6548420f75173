using Im.Contracts.Messages;
using Im.Hosting.Nodes;
using Route = Im.Hosting.Routes.Route;

namespace Im.Admin.Journeys;

/// <summary>What routes and gateways say of the devices of one page of members.</summary>
/// <param name="routes">Null while they cannot be read.</param>
/// <param name="gateways">The gateways of the node board.</param>
/// <param name="answers">By boot id, of those who answered in time.</param>
public sealed class JourneyBoard(
    IEnumerable<Route>? routes, IReadOnlyList<Node> gateways, IReadOnlyDictionary<string, MessageLocated> answers)
{
    private readonly Dictionary<long, Route> _routes = (routes ?? [])
        .GroupBy(route => route.DeviceKey).ToDictionary(same => same.Key, same => same.MaxBy(route => route.Epoch));

    /// <summary>The newest connection of each device, where more than one gateway believes to have it; and apart from them those that ended.</summary>
    private readonly Dictionary<(long Device, bool IsLive), (string Boot, MessageOnConnection Connection)> _connections = answers
        .SelectMany(answer => answer.Value.Connections.Select(one => (Boot: answer.Key, Connection: one)))
        .GroupBy(one => (one.Connection.DeviceKey, one.Connection.EndedAt is null))
        .ToDictionary(same => same.Key, same => same.MaxBy(one => one.Connection.Connection));

    private bool IsAnySilent => gateways.Any(gateway => !answers.ContainsKey(gateway.Boot));

    public (string Boot, MessageOnConnection Connection)? LiveOf(long device) => _connections.TryGetValue((device, true), out var found) ? found : null;

    public (string Boot, MessageOnConnection Connection)? EndedOf(long device) => _connections.TryGetValue((device, false), out var found) ? found : null;

    public Route? RouteOf(long device) => _routes.TryGetValue(device, out var route) ? route : null;

    public DeviceFacts FactsOf(DeviceOf device, MemberOf member, FoundMessage message)
    {
        var route = RouteOf(device.DeviceKey);
        return new DeviceFacts(
            device.Cursor >= message.Seq,
            device.CreatedAt > message.Time,
            member.IsRemoved,
            LiveOf(device.DeviceKey)?.Connection.Stand,
            route is not null,
            routes is not null,
            route is { } known ? !answers.ContainsKey(known.Boot) : routes is null && IsAnySilent,
            EndedOf(device.DeviceKey) is not null);
    }

    /// <summary>As the node board names the process; one that is gone from it by its boot id, which is all there is.</summary>
    public string NameOf(string boot) => gateways.FirstOrDefault(node => node.Boot == boot) is { } node ? $"{node.Name}-{node.Boot}" : boot;

    /// <summary>All that were asked, and those that only routes still know: they are dead or cut off.</summary>
    public IEnumerable<string> Boots => gateways.Select(gateway => gateway.Boot).Union(_routes.Values.Select(route => route.Boot)).Order();
}
