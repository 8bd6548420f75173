namespace Im.Chaos.Verdicts.Facts;

/// <summary>Times in which nothing was accepted though something was waiting for its answer.</summary>
internal sealed class Outages
{
    private readonly List<TimeSpan> _accepted;
    private readonly List<TimeSpan> _sent;
    private readonly List<(TimeSpan From, TimeSpan To)> _all = [];

    public Outages(Run run)
    {
        _accepted = [.. run.Messages.Where(one => one.IsAccepted).Select(one => one.WaitedUntil).Order()];
        _sent = [.. run.Messages.Select(one => one.FirstSent).Order()];
        var events = new List<(TimeSpan At, Step Step)>(2 * run.Messages.Count);
        foreach (var message in run.Messages)
        {
            events.Add((message.FirstSent, Step.Sent));
            // A late answer to what had been given up changes nothing.
            events.Add((Later(message.FirstSent, message.WaitedUntil), message.IsAccepted ? Step.Accepted : Step.GivenUp));
        }

        events.Sort();
        Sweep(events, run.Times.End);
    }

    /// <summary>In the order of a sweep: what comes at one moment is sent first.</summary>
    private enum Step
    {
        Sent,
        Accepted,
        GivenUp,
    }

    public IReadOnlyList<(TimeSpan From, TimeSpan To)> All => _all;

    /// <summary>The first message accepted after this moment; <see cref="TimeSpan.MaxValue"/> where none was.</summary>
    public TimeSpan NextAccepted(TimeSpan at) => Next(_accepted, at);

    /// <summary>The first message sent after this moment.</summary>
    public TimeSpan NextSent(TimeSpan at) => Next(_sent, at);

    /// <summary>The longest part of any of them that lies in this time.</summary>
    public TimeSpan LongestIn(TimeSpan from, TimeSpan to)
    {
        var longest = TimeSpan.Zero;
        foreach (var outage in _all)
        {
            if (outage.From >= to || outage.To <= from) continue;
            var part = (outage.To < to ? outage.To : to) - Later(outage.From, from);
            if (part > longest) longest = part;
        }

        return longest;
    }

    private void Sweep(List<(TimeSpan At, Step Step)> events, TimeSpan end)
    {
        var waiting = 0;
        TimeSpan? since = null;
        foreach (var (at, step) in events)
        {
            waiting += step == Step.Sent ? 1 : -1;
            if (since is { } from && (step == Step.Accepted || waiting == 0) && at > from) _all.Add((from, at < end ? at : end));
            if (step == Step.Accepted || waiting == 0) since = null;
            if (waiting > 0) since ??= at;
        }
    }

    private static TimeSpan Next(List<TimeSpan> times, TimeSpan at)
    {
        var place = times.BinarySearch(at);
        if (place < 0) place = ~place;
        return place < times.Count ? times[place] : TimeSpan.MaxValue;
    }

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
