using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// What was stored reaches a device in time: before the connection says that it is synced, soon while nothing is broken, and within the contract's limit after a
/// heal. What never came is lost and not judged here.
/// </summary>
internal static class CompletenessRule
{
    public static void Judge(Run run, Violations found)
    {
        var heals = run.Times.Faults.Where(fault => run.Times.IsAlone(fault, TimeLimits.Complete)).ToArray();
        foreach (var device in run.Devices)
        {
            var synced = device.Connections.Where(one => one.Synced is not null).OrderBy(one => one.Synced).ToArray();
            var times = Array.ConvertAll(synced, one => one.Synced!.Value);
            foreach (var (log, stay) in run.LastingOf(device.User))
            {
                if (device.HoldingOf(log.Id) is not { } holding) continue;
                for (var seq = stay.From; seq <= log.Head; seq++)
                {
                    var (known, since) = (log.KnownAt(seq), holding.Since(seq));
                    if (since == TimeSpan.MaxValue || since <= known) continue;
                    var why = Skipped(device, synced, times, known, since) ?? Slow(run, device, known, since) ?? Incomplete(device, heals, known, since);
                    if (why is not null) Add(run, device, log, seq, why, found);
                }
            }
        }
    }

    /// <summary>It was stored before the connection was dialled, and the connection said <c>synced</c> without it.</summary>
    private static string? Skipped(DeviceStory device, DeviceConnection[] synced, TimeSpan[] times, TimeSpan known, TimeSpan since)
    {
        if (!device.IsBare) return null;
        var next = Array.BinarySearch(times, known);
        for (var i = next < 0 ? ~next : next; i < times.Length && times[i] < since; i++)
            if (synced[i].Dialled > known) return $"after connection {synced[i].Line} had said synced at {Proof.Time(times[i])}";
        return null;
    }

    /// <summary>Nothing was broken, and it was connected and synced for all the time that such a message may take.</summary>
    private static string? Slow(Run run, DeviceStory device, TimeSpan known, TimeSpan since)
    {
        if (since - known <= TimeLimits.CalmDelivery) return null;
        foreach (var connection in Overlapping(device, known, since))
        {
            if (connection.Synced is not { } synced) continue;
            var from = synced > known ? synced : known;
            var to = from + TimeLimits.CalmDelivery;
            if (since <= to || !device.IsOnline(connection, from, to) || !run.Times.IsCalm(from, to) || IsReplaced(device, connection, to)) continue;
            return $"{Proof.Time(since - from)} s after it could have had it, while nothing was broken";
        }

        return null;
    }

    private static string? Incomplete(DeviceStory device, FaultWindow[] heals, TimeSpan known, TimeSpan since)
    {
        if (since - known <= TimeLimits.Complete) return null;
        foreach (var fault in heals)
        {
            var to = fault.Healed + TimeLimits.Complete;
            if (known >= fault.Healed || since <= to) continue;
            if (Overlapping(device, known, since).Any(one => device.IsOnline(one, fault.Healed, to) && !IsReplaced(device, one, to)))
                return $"{Proof.Time(since - fault.Healed)} s after the heal of: {fault.What}";
        }

        return null;
    }

    /// <summary>Another connection of the device took its place.</summary>
    private static bool IsReplaced(DeviceStory device, DeviceConnection connection, TimeSpan until) =>
        device.Connections.Any(other => other.Line > connection.Line && other.Connected!.At <= until);

    private static IEnumerable<DeviceConnection> Overlapping(DeviceStory device, TimeSpan from, TimeSpan to) =>
        device.Connections.Where(one => one.EndedAt > from && one.Connected!.At < to);

    private static void Add(Run run, DeviceStory device, ConversationLog log, long seq, string why, Violations found) => found.Add(
        ViolationKind.Late,
        run.SentAt(log.At(seq)!),
        $"{device} got {log.Id} #{seq} {why}",
        () =>
        [
            Proof.Line(log.At(seq)!),
            .. run.Find(log.At(seq)!.Text) is { } message ? Proof.Of(message) : [],
            .. Proof.Near(device, log.Id, seq),
        ]);
}
