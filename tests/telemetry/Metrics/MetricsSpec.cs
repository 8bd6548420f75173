using Im.Protocol;
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
    private static bool NeedsAFault(string name) => name is "im.reconcile.found" or "im.hints.dropped" or "im.presence.dropped";

    /// <summary>Of everything once: a message that is delivered, one that is replayed, one that is rejected, a faulty frame, a closed connection.</summary>
    private async Task ChatAsync()
    {
        var (ann, bob) = (await System.LogInAsync(NewName("ann"), "correct horse battery"), await System.LogInAsync(NewName("bob"), "correct horse battery"));
        await using var anns = await Watched.ConnectAsync(ann, System.Gateways[0]);
        await anns.SendAsync(Target.ToUser(bob.UserId), "before he came", cancellationToken: Cancel);
        await using var bobs = await Watched.ConnectAsync(bob, System.Gateways[^1]);
        await anns.SendAsync(Target.ToUser(bob.UserId), "hello", cancellationToken: Cancel);
        await Assert.ThrowsAsync<Client.MessageRejectedException>(() => anns.SendAsync(Target.ToConversation("g1"), "nobody", cancellationToken: Cancel));
        await using var faulty = await Client.ImConnection.OpenAsync(System.Gateways[0], cancellationToken: Cancel);
        faulty.TrySend(new ClientFrame.Hello((await System.LogInAsync(NewName("eve"), "correct horse battery")).SessionId, null));
        for (var i = 0; i < 10; i++) faulty.TrySend(new ClientFrame.Ack("nowhere", -1));
        Assert.Equal(CloseCodes.BadFrames, await Watched.UntilClosedAsync(faulty));
    }

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
