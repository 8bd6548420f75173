using System.Globalization;
using Im.Admin.Api.Docs;
using Im.Hosting.Docs;
using Im.Hosting.Nodes;

namespace Im.Admin.Api;

/// <summary>The node board: an item for each service of each running process, as the nodes said of themselves.</summary>
internal static class NodesApi
{
    public sealed record NodeItem(
        string Id, string Service, long StartedAt, long LastSeenAt, long? Connections, IEnumerable<int>? Shards, string Version);

    public sealed record NodeList(IEnumerable<NodeItem> Items);

    public static void MapNodes(this IEndpointRouteBuilder api) => api.MapGet(
        "/nodes",
        (NodeBoard board) => Results.Ok(new NodeList(board.Nodes.SelectMany(node => node.Services.Split(',').Select(service => Describe(node, service))))))
        .Describe(NodesDocs.List);

    private static NodeItem Describe(Node node, string service) => new(
        $"{node.Name}-{node.Boot}",
        service,
        node.StartedAt,
        node.LastSeenAt,
        service == "gateway" ? node.Connections : null,
        service == "message" ? ShardsOf(node) : null,
        node.Version);

    private static IEnumerable<int>? ShardsOf(Node node) =>
        node.Shards?.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(shard => int.Parse(shard, CultureInfo.InvariantCulture));
}
