using Im.Chaos.Journals;
using Im.Chaos.Verdicts.Facts;

namespace Im.Chaos.Verdicts;

/// <summary>The figures of each scenario. A message belongs to the one in whose time it was sent first, wherever and whenever it arrives.</summary>
internal static class ScenarioRows
{
    public static IReadOnlyList<ScenarioRow> Of(Run run, Outages outages, IReadOnlyList<Violation> violations)
    {
        string[] names = [.. run.Times.Scenarios.Select(one => one.Scenario).Where(name => name != RunTimes.Calm).Distinct(), RunTimes.Calm];
        var messages = run.Messages.ToLookup(message => run.Times.ScenarioAt(message.FirstSent));
        var arrivals = Arrivals(run);
        var counts = violations.ToLookup(one => (one.Scenario, one.Kind));
        var recoveries = run.Times.Faults.Select(fault => (fault.Scenario, Accepting: Accepting(run, outages, fault), Complete: fault)).ToArray();
        var completions = Completions(run);
        return
        [
            .. names.Select(name =>
            {
                var sent = messages[name].ToArray();
                var (delivered, repeats) = arrivals.GetValueOrDefault(name);
                long Count(ViolationKind kind) => counts[(name, kind)].Count();
                var own = recoveries.Where(one => one.Scenario == name).ToArray();
                return new ScenarioRow(
                    name,
                    sent.Length,
                    sent.Count(message => run.Times.IsInFault(message.FirstSent)),
                    sent.Count(message => message.IsAccepted),
                    sent.Count(message => !message.IsAccepted && message.Refusals.TrueForAll(one => one.Entry.Retryable)),
                    delivered,
                    repeats,
                    Count(ViolationKind.Lost),
                    Count(ViolationKind.Doubled),
                    Count(ViolationKind.OutOfOrder),
                    Count(ViolationKind.Leaked),
                    Windows(run, name).Select(one => outages.LongestIn(one.From, one.To)).DefaultIfEmpty().Max(),
                    own.Max(one => one.Accepting),
                    own.Length == 0 ? null : own.Max(one => completions.GetValueOrDefault(one.Complete)));
            }),
        ];
    }

    /// <summary>The times of a scenario; of the calm, what lies between them.</summary>
    private static IEnumerable<(TimeSpan From, TimeSpan To)> Windows(Run run, string name)
    {
        var from = TimeSpan.Zero;
        foreach (var scenario in run.Times.Scenarios)
        {
            if (scenario.Scenario == name) yield return (scenario.From, scenario.To);
            if (name == RunTimes.Calm && scenario.From > from) yield return (from, scenario.From);
            if (scenario.To > from) from = scenario.To;
        }

        if (name == RunTimes.Calm && run.Times.End > from) yield return (from, run.Times.End);
    }

    /// <summary>First arrivals, and at bare devices those of what was held already.</summary>
    private static Dictionary<string, (long Delivered, long Repeats)> Arrivals(Run run)
    {
        var scenarioOf = run.Messages.ToDictionary(message => message.Id, message => run.Times.ScenarioAt(message.FirstSent));
        var arrivals = new Dictionary<string, (long Delivered, long Repeats)>();
        foreach (var device in run.Devices)
        {
            var repeats = new HashSet<int>(device.Repeats);
            for (var i = 0; i < device.Entries.Count; i++)
            {
                if (device.Entries[i] is not Received received || !scenarioOf.TryGetValue(received.Text, out var scenario)) continue;
                var (delivered, repeated) = arrivals.GetValueOrDefault(scenario);
                arrivals[scenario] = !repeats.Contains(i) ? (delivered + 1, repeated) : (delivered, repeated + (device.IsBare ? 1 : 0));
            }
        }

        return arrivals;
    }

    /// <summary>Null where nobody said anything more.</summary>
    private static TimeSpan? Accepting(Run run, Outages outages, FaultWindow fault)
    {
        var next = outages.NextAccepted(fault.Healed);
        if (next == TimeSpan.MaxValue) return null;
        // Where nobody was waiting, it takes no longer than from the next send on.
        var isWaiting = outages.All.Any(one => one.From <= fault.Healed && one.To > fault.Healed);
        var from = isWaiting ? fault.Healed : outages.NextSent(fault.Healed);
        return next > from ? next - from : TimeSpan.Zero;
    }

    /// <summary>How long after each heal a device that stayed connected got the last that had been stored before it, where no other fault came between.</summary>
    private static Dictionary<FaultWindow, TimeSpan> Completions(Run run)
    {
        var faults = run.Times.Faults.OrderBy(one => one.Healed).ToArray();
        var heals = Array.ConvertAll(faults, one => one.Healed);
        var completions = new Dictionary<FaultWindow, TimeSpan>(ReferenceEqualityComparer.Instance);
        foreach (var device in run.Devices)
        {
            foreach (var (log, stay) in run.LastingOf(device.User))
            {
                if (device.HoldingOf(log.Id) is not { } holding) continue;
                for (var seq = stay.From; seq <= log.Head; seq++)
                {
                    var (known, since) = (log.KnownAt(seq), holding.Since(seq));
                    if (since == TimeSpan.MaxValue || since <= known) continue;
                    var next = Array.BinarySearch(heals, known);
                    for (var i = next < 0 ? ~next : next; i < heals.Length && heals[i] < since; i++)
                    {
                        var took = since - heals[i];
                        if (took <= completions.GetValueOrDefault(faults[i]) || !run.Times.IsAlone(faults[i], took)) continue;
                        if (device.IsOnline(heals[i], since)) completions[faults[i]] = took;
                    }
                }
            }
        }

        return completions;
    }
}
