using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;
using Im.Protocol;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// The older of two connections of a device is closed soon, and no other one for that reason; a device that a fault threw off is back soon after the heal.
/// </summary>
internal static class ConnectionRule
{
    public static void Judge(Run run, Violations found)
    {
        var heals = run.Times.Faults
            .Where(fault => fault.Healed + TimeLimits.Connected <= run.Times.End && run.Times.IsAlone(fault, TimeLimits.Connected)).ToArray();
        foreach (var device in run.Devices)
        {
            JudgeReplaced(run, device, found);
            JudgeReplacedByNobody(device, found);
            foreach (var fault in heals) JudgeBack(run, device, fault, found);
        }
    }

    /// <summary>Only where the newer one was dialled when the older one was up: else nobody but the server knows which is which.</summary>
    private static void JudgeReplaced(Run run, DeviceStory device, Violations found)
    {
        for (var i = 1; i < device.Connections.Count; i++)
        {
            var (older, newer) = (device.Connections[i - 1], device.Connections[i]);
            var to = newer.Connected!.At + TimeLimits.CalmReplaced;
            if (newer.Dialled < older.Connected!.At || older.EndedAt <= to || newer.EndedAt <= to) continue;
            if (to > run.Times.End || !run.Times.IsCalm(newer.Connected.At, to)) continue;
            found.Add(
                ViolationKind.Late,
                newer.Connected.At,
                $"connection {older.Line} of {device} was still open {Proof.Time(TimeLimits.CalmReplaced)} s after connection {newer.Line} was there",
                () => LinesOfConnections(device, older.Connected.At, to));
        }
    }

    /// <summary>
    /// Only of bare devices, which note every attempt. An attempt that was given up may have its <c>hello</c> read later, by a gateway that was frozen or cut off
    /// when it was said.
    /// </summary>
    private static void JudgeReplacedByNobody(DeviceStory device, Violations found)
    {
        if (!device.IsBare) return;
        foreach (var replaced in device.Connections.Where(one => one.Ended?.Code == CloseCodes.Replaced))
        {
            var from = replaced.Connected!.At - TimeLimits.Unsettled;
            if (device.Attempts.Any(other => other != replaced && other.Dialled <= replaced.EndedAt && other.EndedAt >= from)) continue;
            found.Add(
                ViolationKind.Finding,
                replaced.EndedAt,
                $"connection {replaced.Line} of {device} was closed as replaced, and there was no other",
                () => LinesOfConnections(device, from, replaced.EndedAt));
        }
    }

    private static void JudgeBack(Run run, DeviceStory device, FaultWindow fault, Violations found)
    {
        var limit = fault.Healed + TimeLimits.Connected;
        // The last that it had when the part answered again.
        var last = device.Connections.LastOrDefault(one => one.Connected!.At <= fault.Healed);
        if (last?.Ended is not { Wanted: false } thrown || thrown.At > fault.Healed) return;
        if (device.Connections.Any(one => one.Connected!.At <= limit && one.EndedAt > fault.Healed)) return;
        if (device.LeftByItself.Exists(at => at >= last.Connected!.At && at <= limit)) return;
        found.Add(
            ViolationKind.Late,
            fault.Scenario,
            $"{device} was not connected again {Proof.Time(TimeLimits.Connected)} s after the heal of: {fault.What}",
            () => [Proof.Line(fault), .. LinesOfConnections(device, thrown.At, limit + TimeLimits.Connected)]);
    }

    private static IEnumerable<string> LinesOfConnections(DeviceStory device, TimeSpan from, TimeSpan to) => device.Entries
        .Where(entry => entry.At >= from && entry.At <= to && entry is Dials or Connected or Synced or Disconnected or EndsSession or SessionEnded or SessionOpened)
        .Select(entry => Proof.Line(device, entry));
}
