namespace Im.Bench.Results;

/// <summary>What came out of one run. Rates, latencies and processor time are those of the measured seconds, all else is of the whole run.</summary>
internal sealed record Figures
{
    public Figures()
    {
    }

    /// <param name="serverCpu">Null where nobody could see the servers.</param>
    public Figures(Tally tally, double seconds, TimeSpan loadCpu, TimeSpan? serverCpu)
    {
        Seconds = Math.Round(seconds, 3);
        AcceptedPerSecond = tally.MeasuredAccepted / seconds;
        DeliveredPerSecond = tally.MeasuredDelivered / seconds;
        ToAccepted = new Percentiles(tally.ToAccepted);
        ToDelivered = new Percentiles(tally.ToDelivered);
        ToLast = new Percentiles(tally.ToLast);
        LoadMicroseconds = PerMessage(loadCpu);
        ServerMicroseconds = serverCpu is { } servers ? PerMessage(servers) : null;
        Sent = tally.Sent;
        Accepted = tally.Accepted;
        Delivered = tally.Delivered;
        Unanswered = tally.Unanswered;
        Rejected = new SortedDictionary<string, long>(tally.Rejected, StringComparer.Ordinal);
        Late = tally.Late;
        Repeated = tally.Repeated;
        Lost = tally.Lost;
        Doubled = tally.Doubled;
        OutOfOrder = tally.Disordered;
        LeftOut = tally.Gaps;
        Broken = [.. tally.Broken];

        double PerMessage(TimeSpan cpu) => tally.MeasuredAccepted == 0 ? 0 : cpu.TotalMicroseconds / tally.MeasuredAccepted;
    }

    public double Seconds { get; init; }

    public double AcceptedPerSecond { get; init; }

    public double DeliveredPerSecond { get; init; }

    public Percentiles ToAccepted { get; init; } = new();

    public Percentiles ToDelivered { get; init; } = new();

    /// <summary>Until the last of many recipients had it; zeros where nobody followed that.</summary>
    public Percentiles ToLast { get; init; } = new();

    /// <summary>Of a run without messages; null otherwise.</summary>
    public IdleFigures? Idle { get; init; }

    /// <summary>Of a run with users who were away; null otherwise.</summary>
    public OfflineFigures? Offline { get; init; }

    /// <summary>Of the load tool, for each accepted message.</summary>
    public double LoadMicroseconds { get; init; }

    /// <summary>Of all servers together, for each accepted message.</summary>
    public double? ServerMicroseconds { get; init; }

    public long Sent { get; init; }

    public long Accepted { get; init; }

    public long Delivered { get; init; }

    public long Unanswered { get; init; }

    public IReadOnlyDictionary<string, long> Rejected { get; init; } = new Dictionary<string, long>();

    /// <summary>Of those rejected as unavailable, the ones that were stored after all: their senders were told later.</summary>
    public long Late { get; init; }

    /// <summary>Told a second time that they are accepted, with the same place: what a message service had answered when it died, the next one answers again.</summary>
    public long Repeated { get; init; }

    public long Lost { get; init; }

    public long Doubled { get; init; }

    public long OutOfOrder { get; init; }

    /// <summary>Places that were left out on a connection, whether or not they came later.</summary>
    public long LeftOut { get; init; }

    /// <summary>Why connections ended that nobody had closed.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];

    /// <summary>Something was lost, doubled, out of order or never answered, or a connection broke.</summary>
    public bool Failed => Lost + Doubled + OutOfOrder + LeftOut + Unanswered + Broken.Count > 0;
}

/// <summary>What connections cost on which nothing happens but heartbeats.</summary>
/// <param name="HellosPerSecond">While they came, 32 at once: sessions checked, routes written, what was missed looked up.</param>
/// <param name="GatewayBytes">By which the gateways' resident memory grew, for each.</param>
/// <param name="GatewayMicroseconds">Of the gateways, for each and second.</param>
/// <param name="ServerMicroseconds">Of all servers, for each and second.</param>
/// <param name="LoadMicroseconds">Of the load tool, for each and second.</param>
internal sealed record IdleFigures(double HellosPerSecond, double GatewayBytes, double GatewayMicroseconds, double ServerMicroseconds, double LoadMicroseconds);

/// <summary>What it takes to keep messages for users who are away, and to give them when they come.</summary>
/// <param name="ReplayedPerSecond">From the first of them that connected until the last message was there.</param>
/// <param name="LiveBefore">What others saw of each other's messages, from due to delivered.</param>
/// <param name="Storing">Of all servers, for each message that was stored.</param>
/// <param name="Replaying">Of all servers, for each message that was replayed, what the others exchanged meanwhile included.</param>
internal sealed record OfflineFigures(double StoredPerSecond, double ReplayedPerSecond, Percentiles LiveBefore, Percentiles LiveMeanwhile, Microseconds Storing, Microseconds Replaying);

/// <summary>Of processor time.</summary>
internal sealed record Microseconds(double Servers, double Load);

/// <summary>Of a latency, in milliseconds.</summary>
internal sealed record Percentiles(double P50 = 0, double P95 = 0, double P99 = 0, double P999 = 0, double Max = 0)
{
    public Percentiles(Latencies latencies)
        : this(latencies.PercentileMs(0.5), latencies.PercentileMs(0.95), latencies.PercentileMs(0.99), latencies.PercentileMs(0.999), latencies.MaxMs)
    {
    }
}
