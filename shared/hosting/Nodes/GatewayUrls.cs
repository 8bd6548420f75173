namespace Im.Hosting.Nodes;

/// <summary>
/// What clients are told of gateways. A node publishes the base address of its HTTP door (<c>http://127.0.0.1:8080</c>); its WebSocket is at the same
/// place with the scheme changed and <c>/v1/ws</c> behind it. Nothing else spells that address.
/// </summary>
public static class GatewayUrls
{
    public const string WebSocketPath = "/v1/ws";

    public static string WebSocket(string baseUrl)
    {
        var url = baseUrl.TrimEnd('/');
        if (url.StartsWith("http", StringComparison.OrdinalIgnoreCase)) url = "ws" + url[4..];
        return url + WebSocketPath;
    }

    /// <summary>WebSocket addresses of all running gateways, fewest connections first.</summary>
    public static IReadOnlyList<string> WebSockets(this NodeBoard board) => [.. board.Gateways.Select(WebSocket)];
}
