using Im.Hosting.Nodes;

namespace Im.Accounts.Tests.Names;

public sealed class GatewayUrlsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "ws://127.0.0.1:8080/v1/ws")]
    [InlineData("http://127.0.0.1:8080/", "ws://127.0.0.1:8080/v1/ws")]
    [InlineData("https://chat.example.org", "wss://chat.example.org/v1/ws")]
    [InlineData("https://example.org/chat", "wss://example.org/chat/v1/ws")]
    public void The_web_socket_is_at_the_same_place_as_the_gateway(string published, string expected) =>
        Assert.Equal(expected, GatewayUrls.WebSocket(published));
}
