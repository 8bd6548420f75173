namespace Im.Bench.Results;

/// <summary>The middle of several runs, figure by figure; what must not happen is added up instead.</summary>
internal static class Medians
{
    public static Figures Of(IReadOnlyList<Figures> runs) => new()
    {
        Seconds = Of(runs, run => run.Seconds),
        AcceptedPerSecond = Of(runs, run => run.AcceptedPerSecond),
        DeliveredPerSecond = Of(runs, run => run.DeliveredPerSecond),
        ToAccepted = Of(runs, run => run.ToAccepted),
        ToDelivered = Of(runs, run => run.ToDelivered),
        ToLast = Of(runs, run => run.ToLast),
        Idle = runs.All(run => run.Idle is not null)
            ? new IdleFigures(
                Of(runs, run => run.Idle!.HellosPerSecond), Of(runs, run => run.Idle!.GatewayBytes),
                Of(runs, run => run.Idle!.GatewayMicroseconds), Of(runs, run => run.Idle!.ServerMicroseconds), Of(runs, run => run.Idle!.LoadMicroseconds))
            : null,
        Offline = runs.All(run => run.Offline is not null)
            ? new OfflineFigures(
                Of(runs, run => run.Offline!.StoredPerSecond), Of(runs, run => run.Offline!.ReplayedPerSecond), Of(runs, run => run.Offline!.LiveBefore), Of(runs, run => run.Offline!.LiveMeanwhile),
                Of(runs, run => run.Offline!.Storing), Of(runs, run => run.Offline!.Replaying))
            : null,
        LoadMicroseconds = Of(runs, run => run.LoadMicroseconds),
        ServerMicroseconds = runs.All(run => run.ServerMicroseconds is not null) ? Of(runs, run => run.ServerMicroseconds!.Value) : null,
        Sent = runs.Sum(run => run.Sent),
        Accepted = runs.Sum(run => run.Accepted),
        Delivered = runs.Sum(run => run.Delivered),
        Unanswered = runs.Sum(run => run.Unanswered),
        Rejected = runs.SelectMany(run => run.Rejected).GroupBy(one => one.Key).ToDictionary(code => code.Key, code => code.Sum(one => one.Value)),
        Late = runs.Sum(run => run.Late),
        Repeated = runs.Sum(run => run.Repeated),
        Lost = runs.Sum(run => run.Lost),
        Doubled = runs.Sum(run => run.Doubled),
        OutOfOrder = runs.Sum(run => run.OutOfOrder),
        LeftOut = runs.Sum(run => run.LeftOut),
        Broken = [.. runs.SelectMany(run => run.Broken)],
    };

    private static Percentiles Of(IReadOnlyList<Figures> runs, Func<Figures, Percentiles> latency) => new(
        Of(runs, run => latency(run).P50), Of(runs, run => latency(run).P95), Of(runs, run => latency(run).P99), Of(runs, run => latency(run).P999), Of(runs, run => latency(run).Max));

    private static Microseconds Of(IReadOnlyList<Figures> runs, Func<Figures, Microseconds> cpu) => new(Of(runs, run => cpu(run).Servers), Of(runs, run => cpu(run).Load));

    private static double Of(IReadOnlyList<Figures> runs, Func<Figures, double> figure)
    {
        var sorted = runs.Select(figure).Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[sorted.Count / 2 - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
