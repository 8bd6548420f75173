using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>What was accepted is in the log, and whatever is in the log is at every device of everybody who was a member there and still is.</summary>
internal static class LostRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var message in run.Messages)
        {
            if (!message.IsAccepted || message.Places.Count > 0) continue;
            found.Add(ViolationKind.Lost, message.FirstSent, $"{message.Id} was accepted and is not in the log", () => Proof.Of(message));
        }

        foreach (var device in run.Devices)
            foreach (var (log, stay) in run.LastingOf(device.User)) Judge(run, device, log, stay, found);
    }

    private static void Judge(Run run, DeviceStory device, ConversationLog log, Stay stay, Violations found)
    {
        var holding = device.HoldingOf(log.Id);
        for (var seq = stay.From; seq <= log.Head; seq++)
        {
            if (holding?.Has(seq) == true || log.At(seq) is not { } message || IsExcused(run, device, log, message)) continue;
            var place = seq;
            found.Add(
                ViolationKind.Lost,
                run.SentAt(message),
                $"{device} never got {log.Id} #{seq}{(message.IsMember ? "" : $" ({message.Text})")}",
                () =>
                [
                    .. run.Find(message.Text) is { } sent ? Proof.Of(sent) : [Proof.Line(message)],
                    .. Proof.Near(device, log.Id, place),
                    .. Proof.OfMember(run, log.Id, device.User),
                ]);
        }
    }

    private static bool IsExcused(Run run, DeviceStory device, ConversationLog log, LoggedMessage message)
    {
        var isUnseen = log.KnownAt(message.Seq) == TimeSpan.MaxValue;
        if (message.IsMember)
            return isUnseen && run.Evidence.MemberCalls.Any(call => call.Conversation == log.Id && call.Asked > run.Times.End - TimeLimits.Unsettled);
        if (run.Find(message.Text) is not { IsAccepted: false } sent) return false;
        // Stored after everybody was asked whether he holds everything, and before the log was read.
        if (isUnseen && sent.Tries[^1].Entry.At > run.Times.End - TimeLimits.Straggling) return true;
        // An answer that came after the application had stopped waiting is seen by the SDK alone.
        return sent.Sender == device && !device.IsBare;
    }
}
