namespace Im.Browser.Tests;

/// <summary>The chat page in Chromium against one process, as a newcomer has it on his desk.</summary>
public sealed class ChatPageTests(StandaloneHost host) : IClassFixture<StandaloneHost>
{
    [Fact]
    public Task Two_people_chat_in_two_browsers() => ChatScript.RunAsync(host.Gateways, TestContext.Current.CancellationToken);
}

/// <summary>The same page and people, each at a gateway of his own.</summary>
public sealed class ChatPageOverTwoGatewaysTests(FullSystem system) : IClassFixture<FullSystem>
{
    [Fact]
    public Task Two_people_chat_over_two_gateways() => ChatScript.RunAsync(system.Gateways, TestContext.Current.CancellationToken);
}
