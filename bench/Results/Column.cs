using System.Globalization;

namespace Im.Bench.Results;

/// <summary>One figure of a table of results.</summary>
internal sealed record Column(string Head, Func<Figures, string> Cell)
{
    /// <summary>What must be zero everywhere. Left out is out of order as well: a place came before the one that it follows.</summary>
    public static Column Faults { get; } =
        new("lost, doubled, out of order, unanswered", run => Invariant($"{run.Lost}, {run.Doubled}, {run.OutOfOrder + run.LeftOut}, {run.Unanswered}"));

    public static IReadOnlyList<Column> Messages { get; } =
    [
        new("accepted/s", run => Invariant($"{run.AcceptedPerSecond:N0}")),
        new("delivered/s", run => Invariant($"{run.DeliveredPerSecond:N0}")),
        new("p50 ms", run => Invariant($"{run.ToDelivered.P50:F1}")),
        new("p99 ms", run => Invariant($"{run.ToDelivered.P99:F1}")),
        new("p99.9 ms", run => Invariant($"{run.ToDelivered.P999:F1}")),
        new("server µs per message", run => Invariant($"{run.ServerMicroseconds:F1}")),
        new("load tool µs", run => Invariant($"{run.LoadMicroseconds:F1}")),
        new("refused", run => Invariant($"{run.Rejected.Values.Sum()}")),
        Faults,
    ];

    public static IReadOnlyList<Column> Groups { get; } =
    [
        new("messages/s", run => Invariant($"{run.AcceptedPerSecond:N1}")),
        new("deliveries/s", run => Invariant($"{run.DeliveredPerSecond:N0}")),
        new("last member p50 ms", run => Invariant($"{run.ToLast.P50:F1}")),
        new("last member p99 ms", run => Invariant($"{run.ToLast.P99:F1}")),
        new("server µs per delivery", run => Invariant($"{run.ServerMicroseconds * run.AcceptedPerSecond / run.DeliveredPerSecond:F2}")),
        new("load tool µs", run => Invariant($"{run.LoadMicroseconds * run.AcceptedPerSecond / run.DeliveredPerSecond:F2}")),
        Faults,
    ];

    public static IReadOnlyList<Column> Idle { get; } =
    [
        new("hellos/s", run => Invariant($"{run.Idle?.HellosPerSecond:N0}")),
        new("gateway KB per connection", run => Invariant($"{run.Idle?.GatewayBytes / 1024:F1}")),
        new("gateway µs per connection and second", run => Invariant($"{run.Idle?.GatewayMicroseconds:F1}")),
        new("all servers' µs per connection and second", run => Invariant($"{run.Idle?.ServerMicroseconds:F1}")),
        new("load tool µs", run => Invariant($"{run.Idle?.LoadMicroseconds:F1}")),
        new("broken connections", run => Invariant($"{run.Broken.Count}")),
    ];

    public static IReadOnlyList<Column> Offline { get; } =
    [
        new("stored/s", run => Invariant($"{run.Offline?.StoredPerSecond:N0}")),
        new("replayed/s", run => Invariant($"{run.Offline?.ReplayedPerSecond:N0}")),
        new("live p99 ms before", run => Invariant($"{run.Offline?.LiveBefore.P99:F1}")),
        new("live p99 ms meanwhile", run => Invariant($"{run.Offline?.LiveMeanwhile.P99:F1}")),
        new("server µs per stored, replayed", run => Invariant($"{run.Offline?.Storing.Servers:F1}, {run.Offline?.Replaying.Servers:F1}")),
        new("load tool µs", run => Invariant($"{run.Offline?.Storing.Load:F1}, {run.Offline?.Replaying.Load:F1}")),
        Faults,
    ];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
