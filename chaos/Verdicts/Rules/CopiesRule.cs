using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>Every copy of a message at a device is what the log has at that place.</summary>
internal static class CopiesRule
{
    public static void Judge(Run run, Violations found)
    {
        var gone = new HashSet<(string, long, string)>();
        foreach (var device in run.Devices)
        {
            for (var i = 0; i < device.Entries.Count; i++)
            {
                if (device.Entries[i] is not Received copy) continue;
                var logged = run.Log.Find(copy.Conversation)?.At(copy.Seq);
                if (logged is not null && IsSame(logged, copy)) continue;
                var places = copy.IsMember ? [] : run.Log.PlacesOf(copy.Text);
                // Gone from the log: one violation, however many devices had got it.
                if (logged is null && places.Count == 0 && !gone.Add((copy.Conversation, copy.Seq, copy.Text))) continue;
                Add(run, device, i, copy, logged, places, found);
            }
        }
    }

    private static bool IsSame(LoggedMessage logged, Received copy) =>
        logged.MessageId == copy.MessageId && logged.From == copy.From && logged.Text == copy.Text && logged.IsMember == copy.IsMember;

    private static void Add(Run run, DeviceStory device, int index, Received copy, LoggedMessage? logged, IReadOnlyList<LoggedMessage> places, Violations found)
    {
        var isTwice = places.Any(one => (one.Conversation, one.Seq) != (copy.Conversation, copy.Seq) && device.HoldingOf(one.Conversation)?.Has(one.Seq) == true);
        var (kind, why) = (logged, places) switch
        {
            _ when isTwice => (ViolationKind.Doubled, $"and at {places[0].Conversation} #{places[0].Seq} as well"),
            (null, []) => (ViolationKind.Lost, "and the log does not have it"),
            (null, _) => (ViolationKind.Contradiction, $"which is at {places[0].Conversation} #{places[0].Seq} of the log"),
            _ => (ViolationKind.Contradiction, $"where the log has {logged.Text} from {logged.From}, {logged.MessageId}"),
        };
        found.Add(
            kind,
            run.Find(copy.Text)?.FirstSent ?? copy.At,
            $"{device} got {copy.Text} at {copy.Conversation} #{copy.Seq}, {why}",
            () =>
            [
                Proof.Line(device, copy),
                .. logged is null ? Array.Empty<string>() : [Proof.Line(logged)],
                .. run.Find(copy.Text) is { } sent ? Proof.Of(sent) : [],
                .. Proof.Near(device, index, copy.Conversation),
            ]);
    }
}
