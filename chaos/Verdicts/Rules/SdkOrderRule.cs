using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// An application on the SDK gets the messages of a conversation in ascending order without a hole. Its own are answers to its sends and no messages, unless they
/// come again; where the user was away from the conversation, it goes on with the message by which he joined again.
/// </summary>
internal static class SdkOrderRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var device in run.Devices.Where(one => !one.IsBare)) Judge(run, device, found);
    }

    private static void Judge(Run run, DeviceStory device, Violations found)
    {
        var lastOf = new Dictionary<string, Received>();
        for (var i = 0; i < device.Entries.Count; i++)
        {
            if (device.Entries[i] is not Received received) continue;
            var last = lastOf.GetValueOrDefault(received.Conversation);
            // The same seq again is doubled, not out of order.
            if (last is null || received.Seq > last.Seq) lastOf[received.Conversation] = received;
            var fault = last is not null && received.Seq < last.Seq
                ? $"#{received.Seq} behind #{last.Seq}"
                : Hole(run, device, received, last?.Seq ?? 0) is { } hole ? $"#{received.Seq} without #{hole}" : null;
            if (fault is null) continue;
            var index = i;
            found.Add(
                ViolationKind.OutOfOrder,
                run.Find(received.Text)?.FirstSent ?? received.At,
                $"{device} gave its application {received.Conversation} {fault}",
                () => [.. Proof.Near(device, index, received.Conversation), .. Proof.OfMember(run, received.Conversation, device.User)]);
        }
    }

    private static long? Hole(Run run, DeviceStory device, Received received, long last)
    {
        if (received.Seq <= last + 1 || run.Log.Find(received.Conversation) is not { } log || log.StayAt(device.User, received.Seq) is not { } stay) return null;
        for (var seq = Math.Max(last + 1, stay.From); seq < received.Seq; seq++)
            if (log.At(seq) is not { IsMember: false } own || run.Find(own.Text)?.Sender != device) return seq;
        return null;
    }
}
