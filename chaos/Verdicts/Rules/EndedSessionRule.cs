using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// Nothing that was sent after the end of a session reaches a connection of it. When a line is read says little, for it may have waited on a wire that was cut; but
/// what did not exist when the session ended cannot have been on its way.
/// </summary>
internal static class EndedSessionRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var device in run.Devices)
        {
            var told = new HashSet<int>();
            for (var i = 0; i < device.Entries.Count; i++)
            {
                if (device.Entries[i] is not Received received || device.SessionEnded(received.Line) is not { } ended) continue;
                if (run.Find(received.Text) is not { } message || message.FirstSent <= ended + run.Times.SessionLimit(ended, message.FirstSent)) continue;
                // One for a connection: the rest of it follows from the first.
                if (!told.Add(received.Line)) continue;
                var index = i;
                found.Add(
                    ViolationKind.EndedSession,
                    received.At,
                    $"connection {received.Line} of {device} brought {received.Text}, sent {Proof.Time(message.FirstSent - ended)} s after the end of its session",
                    () => [.. Proof.Of(message), .. Sessions(device), .. Proof.Near(device, index, received.Conversation)]);
            }
        }
    }

    private static IEnumerable<string> Sessions(DeviceStory device) =>
        device.Entries.Where(entry => entry is EndsSession or SessionEnded or SessionOpened).Select(entry => Proof.Line(device, entry)).TakeLast(6);
}
