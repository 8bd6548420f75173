using Im.Chaos.Load;

namespace Im.Chaos.Scenarios;

/// <summary>Some devices of a group read nothing while the others say what weighs. The gateway gives them up, nobody else waits for them, and they miss nothing.</summary>
public sealed class SlowReading : IScenario
{
    private const int Devices = 8;

    /// <summary>Until the sockets are full, and the gateway's patience of 10 s from then on, on a busy machine.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(45);

    /// <summary>The promise's figure.</summary>
    private static readonly TimeSpan CompleteLimit = TimeSpan.FromSeconds(45);

    public string Name => "slow-readers";

    public string About => $"up to {Devices} devices of a group read nothing for {Slow.TotalSeconds:0} s while it talks much; they are closed, come back and hold everything";

    public TimeSpan Length => TimeSpan.FromSeconds(55);

    public Task RunAsync(Stage stage, CancellationToken cancel) => stage.BreakAsync(
        $"devices of a group read nothing for {Slow.TotalSeconds:0} s",
        accepting: true,
        () => Task.CompletedTask,
        async () =>
        {
            var read = await new SlowReaders(stage.Crowd, stage.Random).RunAsync(Devices, Slow, CompleteLimit, cancel);
            if (read.Closed < read.Slow) stage.Found($"{read.Slow - read.Closed} of {read.Slow} connections were open after {Slow.TotalSeconds:0} s in which nobody read them");
            if (read.Complete < read.Slow) stage.Found($"{read.Slow - read.Complete} of {read.Slow} devices that had stopped reading were not complete {CompleteLimit.TotalSeconds:0} s later");
        },
        () => Task.CompletedTask);
}
