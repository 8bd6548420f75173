using System.Globalization;
using Im.Bench.Scenarios;
using Im.Bench.Subjects;

namespace Im.Bench.Results;

/// <summary>What the medians of a scenario say together, in lines below its table.</summary>
internal static class Remarks
{
    /// <summary>How many times as much the first system delivers as each other one does under the same load, and what was seen of a peer elsewhere.</summary>
    public static IEnumerable<string> OfPeers(Outcome outcome)
    {
        var options = outcome.Options;
        foreach (var load in options.Setups.Select(setup => setup.Load).Distinct())
        {
            if (options.Subjects.Count == 0 || BestOf(outcome, options.Subjects[0], load) is not { } ours) continue;
            var others = options.Subjects.Skip(1).Select(other => (other.Name, Rate: BestOf(outcome, other, load))).Where(other => other.Rate is > 0).ToList();
            if (others.Count == 0) continue;
            var times = others.Select(other => string.Create(CultureInfo.InvariantCulture, $"{ours / other.Rate:0.00} times {other.Name}"));
            yield return string.Create(CultureInfo.InvariantCulture, $"{load}: {options.Subjects[0].Name} delivers {ours:N0}/s, {string.Join(", ", times)} (each in its faster format).");
        }

        foreach (var peer in options.Subjects.Where(subject => subject.SeenPerSecond is not null))
        {
            if (options.Setups.Select(setup => BestOf(outcome, peer, setup.Load)).Max() is { } best)
                yield return string.Create(CultureInfo.InvariantCulture, $"{peer.Name}: {best:N0}/s at best, beside {peer.SeenPerSecond:N0}/s that was seen once on this kind of machine.");
        }
    }

    /// <summary>By how much the processor time of a message differs between the systems: the same software in several sizes should not differ.</summary>
    public static IEnumerable<string> OfSpread(Outcome outcome)
    {
        foreach (var setup in outcome.Options.Setups)
        {
            var costs = outcome.Options.Subjects
                .Select(subject => (subject.Name, Cost: outcome.MedianOf(subject, setup)?.ServerMicroseconds ?? 0)).Where(subject => subject.Cost > 0).OrderBy(subject => subject.Cost).ToList();
            if (costs.Count < 2) continue;
            var (least, most) = (costs[0], costs[^1]);
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{setup.Name}: a message costs the servers {least.Cost:F1} µs ({least.Name}) to {most.Cost:F1} µs ({most.Name}), {most.Cost / least.Cost - 1:P0} more.");
        }
    }

    /// <summary>Deliveries a second; null where it has not run, or delivered nothing.</summary>
    private static double? BestOf(Outcome outcome, Subject subject, string load) =>
        outcome.Options.SetupsOf(subject).Where(setup => setup.Load == load).Select(setup => outcome.MedianOf(subject, setup)?.DeliveredPerSecond).Max() is > 0 and var best ? best : null;
}
