using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>Nothing is stored of one who is no member, nor of one whose removal or whose session's end was answered before he first tried.</summary>
internal static class IntrusionRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var message in run.Messages)
        {
            if (message.Place is { } place)
            {
                if (run.Log.Find(place.Conversation)!.StayAt(message.Sender.User, place.Seq) is null)
                    AddOutside(run, message, place, "where he is no member", found);
                else if (IsCertainlyOut(run, message, place))
                    AddOutside(run, message, place, "though it was first sent after his removal had been answered", found);
            }

            if (EndOf(run, message) is { } ended)
            {
                found.Add(
                    ViolationKind.Intrusion,
                    message.FirstSent,
                    $"{message.Id} of {message.Sender} was stored, though it was first sent {Proof.Time(message.FirstSent - ended)} s after the end of its session",
                    () => [.. Proof.Of(message), .. Proof.Near(message.Sender, message.First.Index, message.First.Entry.To)]);
            }
        }
    }

    /// <summary>He had been removed when he sent it first, and until it was stored nobody asked for him to join, nor was such a call still open.</summary>
    private static bool IsCertainlyOut(Run run, MessageStory message, LoggedMessage place)
    {
        var calls = run.CallsOf(place.Conversation, message.Sender.User).ToArray();
        if (calls.LastOrDefault(call => !call.Joins && call.Answered < message.FirstSent) is not { } removal) return false;
        var stored = run.Log.Find(place.Conversation)!.KnownAt(place.Seq);
        return !calls.Any(call => call.Joins && call.Asked < stored && (call.Answered ?? call.Asked + TimeLimits.Unsettled) > removal.Asked);
    }

    /// <summary>When the session had ended on which it was sent much too late; null where that is not so.</summary>
    private static TimeSpan? EndOf(Run run, MessageStory message)
    {
        bool IsTooLate(int line) =>
            message.Sender.SessionEnded(line) is { } ended && message.FirstSent > ended + run.Times.SessionLimit(ended, message.FirstSent);

        foreach (var answer in message.Answers)
            if (answer.Device == message.Sender && IsTooLate(answer.Entry.Line)) return message.Sender.SessionEnded(answer.Entry.Line);
        // Not answered and stored nevertheless; what the SDK tried elsewhere nobody knows.
        if (message.IsAccepted || message.Place is null || !message.Sender.IsBare || !message.Tries.TrueForAll(one => IsTooLate(one.Entry.Line))) return null;
        return message.Sender.SessionEnded(message.First.Entry.Line);
    }

    private static void AddOutside(Run run, MessageStory message, LoggedMessage place, string why, Violations found) => found.Add(
        ViolationKind.Intrusion,
        message.FirstSent,
        $"{message.Id} of {message.Sender.User} is in the log at {place.Conversation} #{place.Seq}, {why}",
        () => [.. Proof.Of(message), .. Proof.OfMember(run, place.Conversation, message.Sender.User)]);
}
