using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts.Rules;

/// <summary>
/// Messages are accepted again soon after what failed answers again, and all the time where the fault does not touch the way of a message. Judged where somebody
/// waited who was connected, so that the wait is the system's.
/// </summary>
internal static class AcceptingRule
{
    public static void Judge(Run run, Outages outages, Violations found)
    {
        foreach (var fault in run.Times.Faults)
        {
            JudgeHeal(run, outages, fault, found);
            if (fault.Accepting) JudgeMeanwhile(run, outages, fault, found);
        }
    }

    private static void JudgeHeal(Run run, Outages outages, FaultWindow fault, Violations found)
    {
        var limit = fault.Healed + TimeLimits.Accepting;
        if (limit > run.Times.End || outages.NextAccepted(fault.Healed) <= limit || !run.Times.IsAlone(fault, TimeLimits.Accepting)) return;
        if (Waiting(run, fault.Healed, limit) is { } message)
            Add(found, fault, message, $"nothing was accepted for {Proof.Time(TimeLimits.Accepting)} s after the heal of: {fault.What}");
    }

    private static void JudgeMeanwhile(Run run, Outages outages, FaultWindow fault, Violations found)
    {
        foreach (var outage in outages.All)
        {
            var from = outage.From > fault.From ? outage.From : fault.From;
            var to = outage.To < fault.Healed ? outage.To : fault.Healed;
            if (to - from <= TimeLimits.Accepting) continue;
            // Another fault beside it is an excuse, and so is the time that it has to recover.
            if (run.Times.Faults.Any(other => !other.Accepting && other.From <= to && other.Healed + TimeLimits.Accepting >= from)) continue;
            if (Waiting(run, from, to) is { } message)
                Add(found, fault, message, $"nothing was accepted from {Proof.Time(from)} to {Proof.Time(to)} during: {fault.What}");
        }
    }

    /// <summary>A message that waited all through it, from a device that was connected long enough at its end to have repeated it.</summary>
    private static MessageStory? Waiting(Run run, TimeSpan from, TimeSpan to) => run.Messages.FirstOrDefault(message =>
        message.FirstSent <= to - TimeLimits.Repeated && message.WaitedUntil >= to && message.FirstSent <= from + (TimeLimits.Accepting - TimeLimits.Repeated)
        && message.Sender.IsOnline(to - TimeLimits.Repeated, to));

    private static void Add(Violations found, FaultWindow fault, MessageStory waited, string what) => found.Add(
        ViolationKind.Late,
        fault.Scenario,
        what,
        () => [Proof.Line(fault), .. Proof.Of(waited), .. Proof.Near(waited.Sender, waited.First.Index, waited.First.Entry.To)]);
}
