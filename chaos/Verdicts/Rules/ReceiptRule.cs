using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// A receipt is never ahead of what a device of that user had acknowledged. Of a bare device its acknowledgements say how far that is; one on the SDK acknowledges
/// what its application got, and its own messages from the moment on at which they can have been accepted.
/// </summary>
internal static class ReceiptRule
{
    public static void Judge(Run run, Violations found)
    {
        var asked = new HashSet<(string, string)>();
        foreach (var device in run.Devices)
            foreach (var receipt in device.Entries.OfType<Receipt>()) asked.Add((receipt.User, receipt.Conversation));
        var reached = asked.ToDictionary(one => one, _ => new List<(TimeSpan At, long Seq)>());
        foreach (var device in run.Devices) Collect(run, device, reached);
        foreach (var steps in reached.Values) Rise(steps);

        foreach (var device in run.Devices)
        {
            for (var i = 0; i < device.Entries.Count; i++)
            {
                if (device.Entries[i] is not Receipt receipt) continue;
                var said = Math.Max(receipt.Delivered ?? 0, receipt.Read ?? 0);
                var possible = At(reached[(receipt.User, receipt.Conversation)], receipt.At);
                if (said <= possible) continue;
                var index = i;
                found.Add(
                    ViolationKind.FalseReceipt,
                    receipt.At,
                    $"{device} was told that {receipt.User} holds {receipt.Conversation} up to #{said}, and no device of his had acknowledged more than #{possible}",
                    () => [Proof.Line(device, receipt), .. Next(run, receipt, said), .. Proof.Near(device, index, receipt.Conversation)]);
            }
        }
    }

    private static void Collect(Run run, DeviceStory device, Dictionary<(string, string), List<(TimeSpan At, long Seq)>> reached)
    {
        foreach (var entry in device.Entries)
        {
            var (conversation, seq) = (device.IsBare, entry) switch
            {
                (true, Acks acks) => (acks.Conversation, acks.Seq),
                (false, Received received) => (received.Conversation, received.Seq),
                (false, Acks acks) => (acks.Conversation, acks.Seq),
                (false, Sends sends) when run.Find(sends.Id)?.Place is { } place => (place.Conversation, place.Seq),
                _ => ("", 0L),
            };
            if (seq > 0 && reached.TryGetValue((device.User, conversation), out var steps)) steps.Add((entry.At, seq));
        }
    }

    /// <summary>From what each line says to the highest so far.</summary>
    private static void Rise(List<(TimeSpan At, long Seq)> steps)
    {
        steps.Sort();
        for (var i = 1; i < steps.Count; i++)
            if (steps[i].Seq < steps[i - 1].Seq) steps[i] = steps[i] with { Seq = steps[i - 1].Seq };
    }

    private static long At(List<(TimeSpan At, long Seq)> steps, TimeSpan at)
    {
        var place = steps.BinarySearch((at, long.MaxValue));
        if (place < 0) place = ~place;
        return place == 0 ? 0 : steps[place - 1].Seq;
    }

    /// <summary>When the user's devices did reach it.</summary>
    private static IEnumerable<string> Next(Run run, Receipt receipt, long said) =>
        from device in run.Devices
        where device.User == receipt.User
        let line = device.Entries.FirstOrDefault(entry => entry switch
        {
            Acks acks => acks.Conversation == receipt.Conversation && acks.Seq >= said,
            Received received => received.Conversation == receipt.Conversation && received.Seq >= said,
            _ => false,
        })
        select line is null ? $"{device}  never reached #{said}" : Proof.Line(device, line);
}
