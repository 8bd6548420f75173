using System.Diagnostics.Metrics;
using Im.Hosting.Lanes;

namespace Im.Hosting.Telemetry;

/// <summary>
/// Every instrument of the system: name, unit and meaning, as <c>docs/operations.md</c> lists them. Labels are bounded: codes, kinds and names of queues.
/// On the way of a message they are told once per batch, never per message.
/// </summary>
public sealed class ImMetrics
{
    public const string MeterName = "Im";

    public const string Connections = "im.connections";
    public const string ConnectionLimit = "im.connections.limit";
    public const string FullConnections = "im.connections.full";
    public const string OnlineWaiting = "im.online.waiting";
    public const string QueueLength = "im.queue.length";
    public const string Shards = "im.shards";
    public const string ShardsHeld = "im.shards.held";
    public const string LogGaps = "im.log.gaps";
    public const string DependencyUp = "im.dependency.up";
    public const string Ready = "im.ready";

    /// <summary>From a socket in the same house to a commit that waited for a server's restart.</summary>
    private static readonly double[] Seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

    private static readonly int[] Sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

    private readonly Counter<long> _accepted, _delivered, _replayed, _rejected, _refused, _closed, _reconciled, _dropped, _late, _checked, _repeated;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _submit, _wait, _commit, _dispatch, _send, _delivery;

    public ImMetrics(IMeterFactory factory, IEnumerable<Gauge> gauges)
    {
        var meter = factory.Create(MeterName, ImVersion.Text);
        _accepted = meter.CreateCounter<long>("im.messages.accepted", "{message}", "New messages of this gateway's connections that were answered with accepted");
        _delivered = meter.CreateCounter<long>("im.messages.delivered", "{message}", "Messages given live to connections, one for each connection");
        _replayed = meter.CreateCounter<long>("im.messages.replayed", "{message}", "Messages given to connections from the log, one for each connection");
        _repeated = meter.CreateCounter<long>("im.messages.repeated", "{message}", "Sends that were in the log already, repeated or brought again");
        _rejected = meter.CreateCounter<long>("im.messages.rejected", "{message}", "Sends answered with rejected, by code");
        _refused = meter.CreateCounter<long>("im.frames.refused", "{frame}", "Frames answered with error, by code");
        _closed = meter.CreateCounter<long>("im.connections.closed", "{connection}", "Connections that ended, by close code");
        _reconciled = meter.CreateCounter<long>("im.reconcile.found", "{conversation}", "Holes on live connections that only reconciliation found");
        _dropped = meter.CreateCounter<long>("im.hints.dropped", "{hint}", "Receipts and typing that found a queue full or nobody to take them, by kind");
        _late = meter.CreateCounter<long>("im.presence.dropped", "{report}", "Reports of presence that came while Redis was away");
        _checked = meter.CreateCounter<long>("im.log.checked", "{message}", "Messages that the check of the log has passed");
        _batch = meter.CreateHistogram<int>(
            "im.batch.size", "{message}", "Messages in a batch, by its kind: submit, commit, envelope", advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = Sizes });
        _submit = Duration("im.submit.duration", "From a send's frame until the broker has it; the oldest send of each batch, by how that ended");
        _wait = Duration("im.commit.wait", "From a batch's arrival at the owner of its shard to the start of its commit");
        _commit = Duration("im.commit.duration", "A commit with what was read for it, repeats after faults included");
        _dispatch = Duration("im.dispatch.duration", "From the end of a commit until its envelopes are handed over");
        _send = Duration("im.send.duration", "From a send's frame to its accepted; the first send answered by each envelope");
        _delivery = Duration("im.delivery.duration", "From a message's acceptance until connections are given it live; the oldest of each envelope");

        var observed = gauges.ToLookup(gauge => gauge.Instrument);
        meter.CreateObservableUpDownCounter(Connections, () => Read(Connections), "{connection}", "Connections that said hello");
        meter.CreateObservableGauge(ConnectionLimit, () => Read(ConnectionLimit), "{connection}", "Connections that this process takes at most");
        meter.CreateObservableGauge(FullConnections, () => Read(FullConnections), "{connection}", "Connections whose outbox is full now: they go on from the log");
        meter.CreateObservableGauge(OnlineWaiting, () => Read(OnlineWaiting), "s", "How long the online device that waits longest has waited, by what for");
        meter.CreateObservableGauge(QueueLength, () => Read(QueueLength), "{item}", "What waits in a queue in memory, by its name");
        meter.CreateObservableGauge(Shards, () => Read(Shards), "{shard}", "Shards of the system, as this process was told");
        meter.CreateObservableGauge(ShardsHeld, () => Read(ShardsHeld), "{shard}", "Shards that this process orders");
        meter.CreateObservableGauge(LogGaps, () => Read(LogGaps), "{gap}", "Gaps in the log as far as the check knows, told by the process that checks");
        meter.CreateObservableGauge(DependencyUp, () => Read(DependencyUp), "1", "1 while what this process depends on answers, else 0, by its name");
        meter.CreateObservableGauge(Ready, () => Read(Ready), "1", "1 while this process may be given work, 0 while it starts or drains");

        Histogram<double> Duration(string name, string description) =>
            meter.CreateHistogram<double>(name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });

        IEnumerable<Measurement<long>> Read(string instrument)
        {
            foreach (var gauge in observed[instrument])
                yield return gauge.Label is null ? new Measurement<long>(gauge.Read()) : new Measurement<long>(gauge.Read(), Label(LabelOf(instrument), gauge.Label));
        }
    }

    /// <summary>What one envelope meant for this gateway's connections.</summary>
    /// <param name="elapsed">Since the first of the accepted sends came; null where that is not known.</param>
    /// <param name="age">Since the oldest of the messages given to connections was accepted; null where none was given.</param>
    public void Delivered(int deliveries, int accepted, int delivered, TimeSpan? elapsed, TimeSpan? age)
    {
        if (deliveries > 0) _batch.Record(deliveries, Label("im.batch", "envelope"));
        if (accepted > 0) _accepted.Add(accepted);
        if (delivered > 0) _delivered.Add(delivered);
        if (elapsed is { } time) _send.Record(time.TotalSeconds);
        // The clock of the one who accepted may be ahead of ours.
        if (age is { } old) _delivery.Record(Math.Max(0, old.TotalSeconds));
    }

    /// <summary>Accepted, but found in the log before its envelope came.</summary>
    public void AcceptedFromLog() => _accepted.Add(1);

    public void Replayed(int messages) => _replayed.Add(messages);

    /// <param name="code">One of the codes of the protocol.</param>
    public void Rejected(string code) => _rejected.Add(1, Label("im.code", code));

    /// <param name="code">One of the codes of the protocol.</param>
    public void Refused(string code) => _refused.Add(1, Label("im.code", code));

    /// <param name="code">One of the close codes of the protocol.</param>
    public void Closed(int code) => _closed.Add(1, new KeyValuePair<string, object?>("im.code", code));

    public void Reconciled() => _reconciled.Add(1);

    /// <summary>Best effort has its limits: nobody keeps these.</summary>
    public void Dropped(int receipts, int typings)
    {
        if (receipts > 0) _dropped.Add(receipts, Label("im.hint", "receipt"));
        if (typings > 0) _dropped.Add(typings, Label("im.hint", "typing"));
    }

    /// <summary>Kept ones would be old when Redis is back; gateways report all of their users then.</summary>
    public void PresenceDropped(int reports) => _late.Add(reports);

    public void LogChecked(long messages) => _checked.Add(messages);

    /// <param name="elapsed">Since the oldest of them came.</param>
    public void Submitted(int messages, TimeSpan elapsed, HandOver handOver)
    {
        _batch.Record(messages, Label("im.batch", "submit"));
        _submit.Record(elapsed.TotalSeconds, Label("im.handover", NameOf(handOver)));
    }

    public void CommitBegins(TimeSpan waited) => _wait.Record(waited.TotalSeconds);

    public void Committed(int messages, TimeSpan elapsed)
    {
        _batch.Record(messages, Label("im.batch", "commit"));
        _commit.Record(elapsed.TotalSeconds);
    }

    public void Repeated(int messages)
    {
        if (messages > 0) _repeated.Add(messages);
    }

    public void Dispatched(TimeSpan elapsed) => _dispatch.Record(elapsed.TotalSeconds);

    public static string NameOf(HandOver handOver) => handOver switch
    {
        HandOver.Taken => "taken",
        HandOver.Full => "full",
        HandOver.Unroutable => "unroutable",
        _ => "unknown",
    };

    private static string LabelOf(string instrument) => instrument switch
    {
        QueueLength => "im.queue",
        OnlineWaiting => "im.state",
        _ => "im.dependency",
    };

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
