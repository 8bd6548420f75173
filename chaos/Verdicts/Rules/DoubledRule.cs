using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>A message stands at one place of the log, a place has one message, and an application gets it once.</summary>
internal static class DoubledRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var message in run.Messages.Where(one => one.Places.Count > 1))
        {
            var places = string.Join(" and ", message.Places.Take(3).Select(one => $"{one.Conversation} #{one.Seq}"));
            found.Add(ViolationKind.Doubled, message.FirstSent, $"{message.Id} is in the log at {places}", () => Proof.Of(message));
        }

        foreach (var (one, other) in run.Log.SamePlace)
        {
            var what = $"{one.Conversation} #{one.Seq} is in the log twice: {one.Text} and {other.Text}";
            found.Add(ViolationKind.Doubled, run.SentAt(one), what, () => [Proof.Line(one), Proof.Line(other)]);
        }

        foreach (var device in run.Devices.Where(one => !one.IsBare)) Judge(run, device, found);
    }

    private static void Judge(Run run, DeviceStory device, Violations found)
    {
        var applied = new Dictionary<string, HashSet<long>>();
        for (var i = 0; i < device.Entries.Count; i++)
        {
            if (device.Entries[i] is not Received received) continue;
            if (!applied.TryGetValue(received.Conversation, out var seqs)) applied[received.Conversation] = seqs = [];
            if (seqs.Add(received.Seq)) continue;
            var index = i;
            found.Add(
                ViolationKind.Doubled,
                run.Find(received.Text)?.FirstSent ?? received.At,
                $"{device} gave its application {received.Conversation} #{received.Seq} twice",
                () => [.. First(device, received), .. Proof.Near(device, index, received.Conversation)]);
        }
    }

    private static IEnumerable<string> First(DeviceStory device, Received again) =>
        device.Entries.OfType<Received>().Where(one => one.Conversation == again.Conversation && one.Seq == again.Seq).Take(1).Select(one => Proof.Line(device, one));
}
