using Im.Telemetry.Tests.Otlp;
using Im.Telemetry.Tests.Systems;

namespace Im.Telemetry.Tests.Metrics;

public sealed class MetricsInStandalone(WatchedSystems systems) : MetricsSpec(systems.StandaloneAsync);

public sealed class MetricsInFull(WatchedSystems systems) : MetricsSpec(systems.FullAsync);

/// <summary>What the documentation lists arrives at a collector, with its unit.</summary>
public abstract class MetricsSpec(Func<Task<Watched>> start) : WatchedTest(start)
{
    [Fact]
    public async Task Every_documented_metric_arrives_with_its_unit()
    {
        await ChatAsync();
        var documented = MetricsTable.Documented;
        var arrived = await Watched.UntilAsync(
            () => System.Told.Metrics.Select(one => (one.Metric.Name, one.Metric.Unit)).ToHashSet(),
            arrived => documented.All(row => arrived.Contains((row.Name, row.Unit)) || NeedsAFault(row.Name)),
            arrived => $"missing: {string.Join(", ", documented.Where(row => !arrived.Contains((row.Name, row.Unit))))}");
        Assert.Contains(("http.server.request.duration", "s"), arrived);
    }

    [Fact]
    public async Task Every_documented_queue_tells_its_length()
    {
        var queues = MetricsTable.Queues.Where(queue => !System.IsFull || !queue.StartsWith("lane_", StringComparison.Ordinal));
        await Watched.UntilAsync(
            () => Points("im.queue.length").Select(point => OtlpReceiver.TextOf(point.Attributes, "im.queue")!).ToHashSet(),
            arrived => arrived.SetEquals(queues),
            arrived => $"documented: {string.Join(", ", queues.Order())}\narrived: {string.Join(", ", arrived.Order())}");
    }

    [Fact]
    public async Task All_shards_are_held_and_all_that_is_depended_on_is_up()
    {
        string[] needed = System.IsFull ? ["broker", "bus", "database", "redis"] : ["bus", "database"];
        var before = System.Told.Metrics.Count;
        await Watched.UntilAsync(
            () => Latest("im.shards.held", before).Sum(point => point.AsInt), sum => sum == 16, sum => $"{sum} shards are held");
        await Watched.UntilAsync(
            () => Points("im.dependency.up").Where(point => point.AsInt == 1).Select(point => OtlpReceiver.TextOf(point.Attributes, "im.dependency")!).ToHashSet(),
            up => up.SetEquals(needed),
            up => $"up: {string.Join(", ", up)}");
    }

    /// <summary>Counted only when something is lost on the way, and reported only once it was counted.</summary>
    public static bool NeedsAFault(string name) => name is "im.reconcile.found" or "im.hints.dropped" or "im.presence.dropped";

    private IEnumerable<NumberPoint> Points(string name) => PointsOf(System.Told.Metrics.Where(one => one.Metric.Name == name).Select(one => one.Metric));

    /// <summary>The last report of each process that has reported since: some were killed by other tests.</summary>
    private IEnumerable<NumberPoint> Latest(string name, int before) => PointsOf(System.Told.Metrics
        .Skip(before)
        .Where(one => one.Metric.Name == name)
        .GroupBy(one => one.Instance)
        .Select(one => one.Last().Metric));

    private static IEnumerable<NumberPoint> PointsOf(IEnumerable<Metric> metrics) =>
        metrics.SelectMany(metric => metric.DataCase == Metric.DataOneofCase.Gauge ? metric.Gauge.DataPoints : metric.Sum.DataPoints);
}
