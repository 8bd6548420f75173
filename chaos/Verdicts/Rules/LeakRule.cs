using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// Nobody gets what lies before his joining, or at or behind his removal. And a connection that was made after a removal had been answered brings nothing from
/// before it; what was on its way to an older one may still arrive.
/// </summary>
internal static class LeakRule
{
    public static void Judge(Run run, Violations found)
    {
        var removals = run.Evidence.MemberCalls.Where(call => !call.Joins && call.Answered is not null).ToLookup(call => call.User);
        foreach (var device in run.Devices)
        {
            var removalsOf = removals[device.User].ToLookup(call => call.Conversation);
            for (var i = 0; i < device.Entries.Count; i++)
            {
                if (device.Entries[i] is not Received received || run.Log.Find(received.Conversation) is not { } log || log.At(received.Seq) is null) continue;
                var why = log.StayAt(device.User, received.Seq) is null
                    ? "where it is no member"
                    : removalsOf.Contains(received.Conversation) && IsLate(device, received, log, removalsOf[received.Conversation])
                        ? "from before its removal, on a connection that was made after it"
                        : null;
                if (why is null) continue;
                var index = i;
                found.Add(
                    ViolationKind.Leaked,
                    run.Find(received.Text)?.FirstSent ?? received.At,
                    $"{device} got {received.Conversation} #{received.Seq}, {why}",
                    () => [.. Proof.OfMember(run, received.Conversation, device.User), .. Proof.Near(device, index, received.Conversation)]);
            }
        }
    }

    /// <summary>It was in the log before the removal was asked for, and the connection was dialled when that had been answered.</summary>
    private static bool IsLate(DeviceStory device, Received received, ConversationLog log, IEnumerable<MemberCall> removals)
    {
        var (dialled, known) = (device.Find(received.Line)?.Dialled, log.KnownAt(received.Seq));
        return device.IsBare && removals.Any(call => call.Answered < dialled && known < call.Asked);
    }
}
