namespace Im.Client;

/// <summary>One gateway has one host and port for HTTP and WebSocket; every address that a server names is turned into the form that is needed.</summary>
internal static class GatewayAddress
{
    private const string WebSocketPath = "/v1/ws";

    public static Uri WebSocket(Uri gateway)
    {
        var address = new UriBuilder(gateway) { Scheme = gateway.Scheme is "https" or "wss" ? "wss" : "ws" };
        if (address.Path is "" or "/") address.Path = WebSocketPath;
        return address.Uri;
    }

    public static Uri Http(Uri gateway)
    {
        var path = gateway.AbsolutePath.EndsWith(WebSocketPath, StringComparison.Ordinal) ? gateway.AbsolutePath[..^WebSocketPath.Length] : gateway.AbsolutePath;
        return new UriBuilder(gateway) { Scheme = gateway.Scheme is "https" or "wss" ? "https" : "http", Path = path.TrimEnd('/') + "/" }.Uri;
    }
}
