namespace Im.Chaos.Scenarios;

/// <summary>A server dies of kill -9 and is started again.</summary>
/// <param name="accepting">Whether messages are accepted without it.</param>
public sealed class ServerKilled(string server, int times, TimeSpan away, bool accepting) : IScenario
{
    /// <summary>Between the start of one of the servers and its readiness.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(5);

    public string Name => $"{server}-killed";

    public string About => $"kill -9 of {server}, {(times == 1 ? "once" : $"{times} times in a row")}, {(away == TimeSpan.Zero ? "started again at once" : $"{away.TotalSeconds:0} s away")}";

    public TimeSpan Length => times * (Start + away) + (times - 1) * TimeSpan.FromSeconds(6);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        for (var time = 1; time <= times; time++)
        {
            await stage.KillAsync(stage.Process(server), away, accepting, cancel);
            // Sometimes into the middle of the recovery, sometimes behind it.
            if (time < times) await stage.PauseAsync(stage.Seconds(2, 10), cancel);
        }
    }
}
