namespace Im.Chaos.Scenarios;

/// <summary>A server stops answering and keeps its connections open, which nobody is told.</summary>
/// <param name="accepting">Whether messages are accepted without it.</param>
public sealed class ServerFrozen(string server, bool accepting) : IScenario
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(30);

    public string Name => $"{server}-frozen";

    public string About => $"SIGSTOP of {server} for {Frozen.TotalSeconds:0} s";

    public TimeSpan Length => Frozen;

    public Task RunAsync(Stage stage, CancellationToken cancel) => stage.FreezeAsync(stage.Process(server), Frozen, accepting, cancel);
}
