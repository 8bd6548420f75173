namespace Im.Chaos.Scenarios;

/// <summary>The shards go back and forth between the message services while everybody writes, once because their owner was frozen and does not know.</summary>
public sealed class ShardHandover : IScenario
{
    private const int Times = 6;

    public string Name => "shard-handover";

    public string About => "message services stopped and started in turn, six times, and one frozen for 5 s in between";

    public TimeSpan Length => TimeSpan.FromSeconds(90);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        var first = stage.Random.Next(2);
        for (var time = 0; time < Times; time++)
        {
            await stage.RestartAsync(stage.Process($"message-{1 + (first + time) % 2}"), cancel);
            await stage.PauseAsync(stage.Seconds(5, 8), cancel);
            if (time == Times / 2) await stage.FreezeAsync(stage.AnyOf("message-1", "message-2"), TimeSpan.FromSeconds(5), accepting: true, cancel);
        }
    }
}
