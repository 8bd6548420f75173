using Im.Client;

namespace Im.Faults.Tests;

/// <summary>
/// Judges a journal: every accepted message is in every device of its audience exactly once, at the place that was answered, in order; one without
/// an answer is everywhere exactly once or nowhere.
/// </summary>
public static class Checker
{
    /// <summary>A line for each violation; none where all is well.</summary>
    public static IReadOnlyList<string> Violations(Journal journal)
    {
        var violations = new List<string>();
        var devices = journal.AllSent.Values.SelectMany(sent => sent.Audience).Distinct().ToList();
        var held = devices.ToDictionary(device => device, device => journal.ReceivedBy(device).ToLookup(message => message.Text));
        foreach (var device in devices) CheckOrder(device, journal.ReceivedBy(device), violations);
        foreach (var (id, sent) in journal.AllSent)
        {
            var copies = sent.Audience.Select(device => held[device][id].ToList()).ToList();
            if (journal.AllAccepted.TryGetValue(id, out var accepted)) CheckAccepted(accepted, sent, copies, violations);
            else if (copies.Any(copy => copy.Count > 0) && copies.Any(copy => copy.Count != 1)) violations.Add($"{id} was not answered and is with some only");
        }

        CheckPlaces(journal, violations);
        return violations;
    }

    private static void CheckAccepted(SentMessage accepted, Journal.Sent sent, List<List<ReceivedMessage>> copies, List<string> violations)
    {
        foreach (var (device, copy) in sent.Audience.Zip(copies))
        {
            if (copy.Count == 0) violations.Add($"{accepted.Id} was accepted as {accepted.Conversation}/{accepted.Seq} and {device} never got it");
            if (copy.Count > 1) violations.Add($"{accepted.Id} came {copy.Count} times to {device}");
            violations.AddRange(copy.Where(one => one.Seq != accepted.Seq || one.Conversation != accepted.Conversation || one.MessageId != accepted.MessageId)
                .Select(one => $"{accepted.Id} was accepted as {accepted.Conversation}/{accepted.Seq} and came to {device} as {one.Conversation}/{one.Seq}"));
        }
    }

    private static void CheckOrder(string device, IReadOnlyCollection<ReceivedMessage> received, List<string> violations)
    {
        var last = new Dictionary<string, long>();
        foreach (var message in received)
        {
            if (message.Seq <= last.GetValueOrDefault(message.Conversation))
                violations.Add($"{device} got {message.Conversation}/{message.Seq} after {last[message.Conversation]}");
            last[message.Conversation] = message.Seq;
        }
    }

    /// <summary>No two messages share a place, and no place is empty.</summary>
    private static void CheckPlaces(Journal journal, List<string> violations)
    {
        var received = journal.AllSent.Values.SelectMany(sent => sent.Audience).Distinct().SelectMany(journal.ReceivedBy)
            .Select(message => (message.Conversation, message.Seq, message.MessageId, message.Text));
        var accepted = journal.AllAccepted.Values.Select(message => (message.Conversation, message.Seq, message.MessageId, Text: message.Id));
        foreach (var conversation in received.Concat(accepted).Distinct().GroupBy(place => place.Conversation))
        {
            foreach (var place in conversation.GroupBy(place => place.Seq).Where(place => place.Count() > 1))
                violations.Add($"{conversation.Key}/{place.Key} is {string.Join(" and ", place.Select(one => one.Text))}");
            var (places, head) = (conversation.Select(place => place.Seq).Distinct().Count(), conversation.Max(place => place.Seq));
            if (places != head) violations.Add($"{conversation.Key} has {places} messages up to {head}");
        }
    }
}
