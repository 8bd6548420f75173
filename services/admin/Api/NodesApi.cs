using System.Globalization;
using Im.Hosting.Nodes;

namespace Im.Admin.Api;

/// <summary>The node board: an item for each service of each running process, as the nodes said of themselves.</summary>
internal static class NodesApi
{
    public static void MapNodes(this IEndpointRouteBuilder api) => api.MapGet(
        "/nodes",
        (NodeBoard board) => Results.Ok(new { items = board.Nodes.SelectMany(node => node.Services.Split(',').Select(service => Describe(node, service))) }));

    private static object Describe(Node node, string service) => new
    {
        id = $"{node.Name}-{node.Boot}",
        service,
        startedAt = node.StartedAt,
        lastSeenAt = node.LastSeenAt,
        connections = service == "gateway" ? node.Connections : null,
        shards = service == "message" ? ShardsOf(node) : null,
        version = node.Version,
    };

    private static IEnumerable<int>? ShardsOf(Node node) =>
        node.Shards?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(shard => int.Parse(shard, CultureInfo.InvariantCulture));
}
