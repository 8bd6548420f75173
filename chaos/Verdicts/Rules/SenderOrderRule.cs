using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// Whoever got the answer to one message before he sent another has it before that one; what was sent on one connection without waiting keeps its order, unless
/// it was repeated or refused.
/// </summary>
internal static class SenderOrderRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var device in run.Devices) Judge(run, device, found);
    }

    private static void Judge(Run run, DeviceStory device, Violations found)
    {
        var answered = new Dictionary<string, Accepted>();
        var pipelined = new Dictionary<(int, string), (MessageStory Message, long Seq)>();
        for (var i = 0; i < device.Entries.Count; i++)
        {
            switch (device.Entries[i])
            {
                case Accepted accepted when !answered.TryGetValue(accepted.Conversation, out var highest) || highest.Seq < accepted.Seq:
                    answered[accepted.Conversation] = accepted;
                    break;
                case Sends sends when run.Find(sends.Id) is { Place: { } place } message && message.Sender == device && message.First.Index == i:
                    if (answered.TryGetValue(place.Conversation, out var before) && before.Seq >= place.Seq)
                        Add(found, message, before, before.Id, $"the answer to {before.Id} at #{before.Seq}");
                    if (!message.IsPlain) break;
                    var line = (sends.Line, place.Conversation);
                    if (!pipelined.TryGetValue(line, out var last) || last.Seq < place.Seq) pipelined[line] = (message, place.Seq);
                    else Add(found, message, last.Message.First.Entry, last.Message.Id, $"{last.Message.Id} at #{last.Seq} on the same connection");
                    break;
            }
        }
    }

    private static void Add(Violations found, MessageStory message, Entry other, string otherId, string what)
    {
        if (otherId == message.Id) return;
        found.Add(
            ViolationKind.OutOfOrder,
            message.FirstSent,
            $"{message.Id} of {message.Sender} is at {message.Place!.Conversation} #{message.Place.Seq}, though it was sent after {what}",
            () => [Proof.Line(message.Sender, other), .. Proof.Of(message), .. Proof.Near(message.Sender, message.First.Index, message.Place.Conversation)]);
    }
}
