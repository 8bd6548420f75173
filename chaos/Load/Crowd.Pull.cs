using Im.Chaos.Journals;

namespace Im.Chaos.Load;

public sealed partial class Crowd
{
    /// <summary>Steady bare devices connect every 200 to 500 ms, on the gateways in turn, each connection beside the one before.</summary>
    /// <returns>Their journals, when they have stopped it.</returns>
    public async Task<IReadOnlyList<DeviceJournal>> PullAsync(int devices, TimeSpan length, Random random, CancellationToken cancel)
    {
        var steady = _devices.OfType<BareDevice>().Where(device => device.Plan.Habit == Habit.Steady && !device.Plan.IsTwin).ToArray();
        random.Shuffle(steady);
        var pulled = steady.Take(devices).ToArray();
        // Each has its own numbers: they are not safe for several threads.
        await Task.WhenAll(pulled.Select(device => (device, own: new Random(random.Next()))).ToArray().Select(one => one.device.PullAsync(length, one.own, cancel)));
        return [.. pulled.Select(device => device.Journal)];
    }
}
