using Im.Chaos.Wires;

namespace Im.Chaos.Scenarios;

/// <summary>
/// The connection breaks when the message service has said "commit" and before it was told the outcome, again and again: mostly when the commit is done, sometimes
/// before the server can have read of it. Only the log knows which.
/// </summary>
public sealed class CommitCut : IScenario
{
    private const int Cuts = 1_000;

    /// <summary>Of those that are cut before the server answers.</summary>
    private const double EarlyShare = 0.2;

    /// <summary>Each message service commits several times a second even so.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public string Name => "commit-cut";

    public string About => "the connection to PostgreSQL reset just after a commit was sent, 1,000 times";

    public TimeSpan Length => TimeSpan.FromSeconds(50);

    public async Task RunAsync(Stage stage, CancellationToken cancel)
    {
        Wire[] wires = [stage.System.Wire("message-1", "postgres"), stage.System.Wire("message-2", "postgres")];
        var count = 0;
        var began = stage.Time.GetTimestamp();
        await stage.BreakAsync(
            "connections of the message services to postgres reset behind every commit, 1,000 times",
            accepting: true,
            () =>
            {
                foreach (var wire in wires)
                {
                    wire.Taps = () => Tap(stage.Random, () => Interlocked.Increment(ref count) <= Cuts);
                    // A connection is watched from its first byte on.
                    wire.Break();
                }

                return Task.CompletedTask;
            },
            async () =>
            {
                while (Volatile.Read(ref count) < Cuts && stage.Time.GetElapsedTime(began) < Limit) await Task.Delay(Look, stage.Time, cancel);
            },
            () =>
            {
                foreach (var wire in wires) wire.Taps = null;
                // Those that are still watched would pass unharmed, and be watched for nothing.
                foreach (var wire in wires) wire.Break();
                return Task.CompletedTask;
            });
        if (count < Cuts) stage.Found($"only {count} commits were sent within {Limit.TotalMinutes:0} minutes");
    }

    private static Tap Tap(Random random, Func<bool> takes)
    {
        var watch = new CommitWatch();
        var isSent = 0;
        return new Tap(
            bytes =>
            {
                if (!watch.Sees(bytes)) return false;
                bool isEarly;
                lock (random) isEarly = random.NextDouble() < EarlyShare;
                if (isEarly) return takes();
                Volatile.Write(ref isSent, 1);
                return false;
            },
            // It answers at the end of the commit, not before.
            _ => Interlocked.Exchange(ref isSent, 0) == 1 && takes());
    }
}
