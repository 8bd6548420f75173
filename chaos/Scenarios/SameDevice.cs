using Im.Chaos.Journals;

namespace Im.Chaos.Scenarios;

/// <summary>Two gateways hold the same devices, again and again, one of them not knowing it for a while. The newest connection of each is the one that stays.</summary>
public sealed class SameDevice : IScenario
{
    private const int Devices = 40;

    private static readonly TimeSpan Pulled = TimeSpan.FromSeconds(20), Frozen = TimeSpan.FromSeconds(4);

    /// <summary>The promise's limit for the older connection of a device is 5 s; twice that, since one of the gateways had been frozen.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    public string Name => "same-device";

    public string About => $"{Devices} devices connected on both gateways in turn, several times a second, for {Pulled.TotalSeconds:0} s, with a gateway frozen in between";

    public TimeSpan Length => TimeSpan.FromSeconds(32);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        IReadOnlyList<DeviceJournal> devices = [];
        await stage.BreakAsync(
            $"{Devices} devices connect on both gateways in turn",
            accepting: true,
            () => Task.CompletedTask,
            async () =>
            {
                var pulling = stage.Crowd.PullAsync(Devices, Pulled, stage.Random, cancel);
                await stage.PauseAsync(stage.Seconds(4, 10), cancel);
                await stage.FreezeAsync(stage.AnyOf("gateway-1", "gateway-2"), Frozen, accepting: true, cancel);
                devices = await pulling;
            },
            () => Task.CompletedTask);
        await stage.PauseAsync(Settled, cancel);
        foreach (var device in devices)
        {
            var open = OpenLines(device.Read());
            if (open.Count > 1) stage.Found($"{device} still has the connections {string.Join(", ", open)} {Settled.TotalSeconds:0} s after the last of them was made");
        }
    }

    /// <summary>The connections that were welcome and did not end.</summary>
    public static IReadOnlyList<int> OpenLines(IEnumerable<Entry> entries)
    {
        var open = new SortedSet<int>();
        foreach (var entry in entries)
        {
            if (entry is Connected) open.Add(entry.Line);
            if (entry is Disconnected) open.Remove(entry.Line);
        }

        return [.. open];
    }
}
