using Im.Chaos.Journals;
using Im.Chaos.Verdicts;

namespace Im.Chaos.Scenarios;

/// <summary>A new version is rolled out: every process ends by SIGTERM and starts again, one after the other, and nobody's work is disturbed.</summary>
public sealed class RollingRestart : IScenario
{
    /// <summary>What the last restart has done is told by now.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(10);

    /// <summary>One finding a line; with more of them it is the rule that is broken, not a device.</summary>
    private const int Told = 20;

    public string Name => "rolling-restart";

    public string About => "every service restarted by SIGTERM, one by one; nothing is rejected, and no device has a gap of more than 5 s";

    public TimeSpan Length => TimeSpan.FromSeconds(120);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        var from = stage.Journal.Now;
        foreach (var process in stage.System.Services)
        {
            await stage.RestartAsync(process, cancel);
            await stage.PauseAsync(stage.Seconds(1, 3), cancel);
        }

        await stage.PauseAsync(Aftermath, cancel);
        var disturbances = stage.Journal.Devices.SelectMany(device => Disturbance.Of(device.Read(), from, stage.Journal.Now).Select(what => (Device: device, What: what))).ToList();
        foreach (var (device, what) in disturbances.Take(Told)) stage.Found($"{device}: {what}\n{string.Join('\n', Connections(device, from))}");
        if (disturbances.Count > Told) stage.Found($"and {disturbances.Count - Told} more disturbances");
    }

    /// <summary>What the device tried since the first restart, and what became of it.</summary>
    private static IEnumerable<string> Connections(DeviceJournal device, TimeSpan from) => device.Read()
        .Where(entry => entry.At >= from && entry is Dials or Connected or Synced or Disconnected or EndsSession or SessionEnded or SessionOpened or GoesAway)
        .Take(Told).Select(entry => $"    {Proof.Words(entry)}");
}
