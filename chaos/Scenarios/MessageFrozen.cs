namespace Im.Chaos.Scenarios;

/// <summary>A message service stops in the middle of its commits; another takes its shards, and then it goes on with what it held.</summary>
public sealed class MessageFrozen : IScenario
{
    public string Name => "message-frozen";

    public string About => "SIGSTOP of a message service for 60 s";

    public TimeSpan Length => TimeSpan.FromSeconds(60);

    public Task RunAsync(Stage stage, CancellationToken cancel) =>
        stage.FreezeAsync(stage.AnyOf("message-1", "message-2"), TimeSpan.FromSeconds(60), accepting: true, cancel);
}
