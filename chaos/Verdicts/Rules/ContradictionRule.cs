using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>The answers to an id, the log and the sender agree; what was refused is nowhere, and what nobody sent neither. Only who sent is answered, and who repeats what is stored is not refused.</summary>
internal static class ContradictionRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var message in run.Messages)
            foreach (var what in Contradictions(run, message))
                found.Add(ViolationKind.Contradiction, message.FirstSent, what, () => Proof.Of(message));

        foreach (var message in run.Unsent)
        {
            var at = message.Answers.Select(one => one.Entry.At).Concat(message.Refusals.Select(one => one.Entry.At)).Min();
            found.Add(ViolationKind.Contradiction, at, $"{message.Id} was answered, and nobody sent it", () => Proof.Of(message));
        }

        foreach (var log in run.Log.Conversations)
        {
            for (var seq = 1L; seq <= log.Head; seq++)
            {
                if (log.At(seq) is not { IsMember: false } message || run.Find(message.Text) is not null) continue;
                var what = $"nobody sent what is in the log at {log.Id} #{seq}: {message.Text}";
                found.Add(ViolationKind.Contradiction, run.SentAt(message), what, () => [Proof.Line(message)]);
            }
        }
    }

    private static IEnumerable<string> Contradictions(Run run, MessageStory message)
    {
        foreach (var other in message.Answers.Select(one => one.Device).Concat(message.Refusals.Select(one => one.Device)).Where(one => one != message.Sender).Distinct())
            yield return $"{message.Id} of {message.Sender} was answered to {other}";
        var answered = message.Answers.Select(one => $"{one.Entry.Conversation} #{one.Entry.Seq} {one.Entry.MessageId}").ToArray();
        if (answered.Distinct().Count() > 1) yield return $"{message.Id} was accepted at {string.Join(" and at ", answered.Distinct().Take(3))}";
        if (message.Place is not { } place) yield break;
        var logged = message.Places.Select(one => $"{one.Conversation} #{one.Seq} {one.MessageId}").ToArray();
        if (answered.Length > 0 && !logged.Contains(answered[0])) yield return $"{message.Id} was accepted at {answered[0]} and is in the log at {logged[0]}";
        if (place.From != message.Sender.User) yield return $"{message.Id} of {message.Sender.User} is in the log as from {place.From}";
        if (!IsTarget(run, message, place)) yield return $"{message.Id} was sent to {message.First.Entry.To} and is in {place.Conversation}";
        if (message.IsRefused) yield return $"{message.Id} was refused for good and is in the log at {place.Conversation} #{place.Seq}";
        else if (message.Refusals.Exists(one => IsOfStored(run, message, place, one))) yield return $"{message.Id} was repeated and refused for good when it was at {place.Conversation} #{place.Seq}";
    }

    /// <summary>All that was sent of it on the connection of this refusal was sent when somebody knew of it already. (An ended session is refused whatever it says.)</summary>
    private static bool IsOfStored(Run run, MessageStory message, LoggedMessage place, Noted<Rejected> refusal)
    {
        if (refusal.Entry.Retryable || refusal.Entry.Code == "session_ended" || !message.Sender.IsBare) return false;
        var known = run.Log.Find(place.Conversation)!.KnownAt(place.Seq);
        var tries = message.Tries.Where(one => one.Entry.Line == refusal.Entry.Line).ToArray();
        return tries.Length > 0 && tries.All(one => one.Entry.At > known);
    }

    private static bool IsTarget(Run run, MessageStory message, LoggedMessage place)
    {
        var to = message.First.Entry.To;
        if (!to.StartsWith('@')) return to == place.Conversation;
        return run.Evidence.Pairs.TryGetValue(place.Conversation, out var users) && users.Contains(to[1..]) && users.Contains(message.Sender.User);
    }
}
