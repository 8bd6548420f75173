using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// On one connection the messages of a conversation come in ascending order without a gap, from behind the cursor on; the connection's own sends count by their
/// answers. Seen by bare devices.
/// </summary>
internal static class WireOrderRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var device in run.Devices.Where(one => one.IsBare)) Judge(run, device, found);
    }

    private static void Judge(Run run, DeviceStory device, Violations found)
    {
        var feeds = new Dictionary<(int, string), WireFeed>();
        var acked = new Dictionary<string, long>();
        WireFeed FeedOf(int line, string conversation)
        {
            if (feeds.TryGetValue((line, conversation), out var feed)) return feed;
            long? named = device.Find(line)?.Connected?.Cursors is { } cursors && cursors.TryGetValue(conversation, out var seq) ? seq : null;
            return feeds[(line, conversation)] = new WireFeed(named, acked.GetValueOrDefault(conversation));
        }

        for (var i = 0; i < device.Entries.Count; i++)
        {
            switch (device.Entries[i])
            {
                case Acks acks: acked[acks.Conversation] = Math.Max(acked.GetValueOrDefault(acks.Conversation), acks.Seq); break;
                case Received received:
                    var from = From(run, device, received.Conversation, received.Seq);
                    if (FeedOf(received.Line, received.Conversation).Take(received.Seq, from) is { } fault)
                        Add(run, device, i, received.Conversation, $"came {received.Conversation} {fault}", run.Find(received.Text)?.FirstSent ?? received.At, found);
                    break;
                case Accepted accepted:
                    var feed = FeedOf(accepted.Line, accepted.Conversation);
                    var message = run.Find(accepted.Id);
                    if (message is not { IsPlain: true } || IsOver(run, device, message, accepted)) feed.Answered(accepted.Seq);
                    else if (feed.Accept(accepted.Seq, From(run, device, accepted.Conversation, accepted.Seq)) is { } early)
                        Add(run, device, i, accepted.Conversation, $"was accepted {accepted.Conversation} {early}", message.FirstSent, found);
                    break;
            }
        }
    }

    /// <summary>Where the stay begins in which the user sees this place; null where he is no member: then it is leaked, whatever its order.</summary>
    private static long? From(Run run, DeviceStory device, string conversation, long seq) => run.Log.Find(conversation)?.StayAt(device.User, seq)?.From;

    /// <summary>
    /// He was removed between his send and its answer. Of what he had not been given by then he gets nothing any more; that his own message is stored he is told.
    /// </summary>
    private static bool IsOver(Run run, DeviceStory device, MessageStory message, Accepted accepted) =>
        run.Log.Find(accepted.Conversation)?.StayAt(device.User, accepted.Seq) is { Until: not null }
        && run.CallsOf(accepted.Conversation, device.User).Any(call => !call.Joins && call.Asked <= accepted.At && !(call.Answered < message.FirstSent));

    private static void Add(Run run, DeviceStory device, int index, string conversation, string what, TimeSpan at, Violations found) => found.Add(
        ViolationKind.OutOfOrder,
        at,
        $"on connection {device.Entries[index].Line} of {device} {what}",
        () => [.. Proof.Near(device, index, conversation), .. Proof.OfMember(run, conversation, device.User)]);
}
