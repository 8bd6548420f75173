namespace Im.Browser.Tests;

/// <summary>The chat page against the real host, as a user has it on his desk.</summary>
public sealed class ChatPageTests(StandaloneHost host) : IClassFixture<StandaloneHost>
{
    [Fact]
    public Task Two_people_chat_in_two_browsers() => ChatScript.RunAsync([host.Gateway], TestContext.Current.CancellationToken);
}
