using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>The answers to an id, the log and the sender agree; what was refused is nowhere, and what nobody sent neither.</summary>
internal static class ContradictionRule
{
    public static void Judge(Run run, Violations found)
    {
        foreach (var message in run.Messages)
            foreach (var what in Contradictions(run, message))
                found.Add(ViolationKind.Contradiction, message.FirstSent, what, () => Proof.Of(message));

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
        var answered = message.Answers.Select(one => $"{one.Entry.Conversation} #{one.Entry.Seq} {one.Entry.MessageId}").ToArray();
        if (answered.Distinct().Count() > 1) yield return $"{message.Id} was accepted at {string.Join(" and at ", answered.Distinct().Take(3))}";
        if (message.Place is not { } place) yield break;
        var logged = message.Places.Select(one => $"{one.Conversation} #{one.Seq} {one.MessageId}").ToArray();
        if (answered.Length > 0 && !logged.Contains(answered[0])) yield return $"{message.Id} was accepted at {answered[0]} and is in the log at {logged[0]}";
        if (place.From != message.Sender.User) yield return $"{message.Id} of {message.Sender.User} is in the log as from {place.From}";
        if (!IsTarget(run, message, place)) yield return $"{message.Id} was sent to {message.First.Entry.To} and is in {place.Conversation}";
        if (message.IsRefused) yield return $"{message.Id} was refused for good and is in the log at {place.Conversation} #{place.Seq}";
    }

    private static bool IsTarget(Run run, MessageStory message, LoggedMessage place)
    {
        var to = message.First.Entry.To;
        if (!to.StartsWith('@')) return to == place.Conversation;
        return run.Evidence.Pairs.TryGetValue(place.Conversation, out var users) && users.Contains(to[1..]) && users.Contains(message.Sender.User);
    }
}
