namespace Im.Chaos.Scenarios;

/// <summary>
/// A gateway stops and goes on: shortly, so that hardly anybody notices; longer than the guard against freezes allows; and so long that its routes were swept,
/// the broker has closed its connections, and all of its clients are elsewhere.
/// </summary>
public sealed class GatewayFrozen : IScenario
{
    private static readonly int[] Lengths = [5, 20, 90];

    public string Name => "gateway-frozen";

    public string About => "SIGSTOP of a gateway for 5 s, 20 s and 90 s";

    public TimeSpan Length => TimeSpan.FromSeconds(140);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        foreach (var seconds in Lengths)
        {
            await stage.FreezeAsync(stage.AnyOf("gateway-1", "gateway-2"), TimeSpan.FromSeconds(seconds), accepting: true, cancel);
            if (seconds != Lengths[^1]) await stage.PauseAsync(stage.Seconds(8, 15), cancel);
        }
    }
}
