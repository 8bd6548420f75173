using Im.Bench.Results;
using Im.Bench.Scenarios;
using Im.Bench.Subjects;
using Im.Local;
using Im.Protocol;

namespace Im.Bench.Tests;

/// <summary>
/// A guard against becoming slow without noticing. How fast a machine is differs from hour to hour, so ours is held against the relay, which does the same to the same
/// clients and stores nothing, in one run on the same machine.
/// </summary>
public sealed class RatioTests : IDisposable
{
    /// <summary>A third of the 0.22 that were seen when this was written, beside other work: what falls so low is no noise.</summary>
    private const double Least = 0.07;

    private readonly string _directory = TestInstances.Create("ratio");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_full_system_delivers_a_fair_part_of_what_a_relay_without_storage_does()
    {
        var load = new Setup("window 64", new BenchOptions { Format = FrameFormat.Protobuf, Window = 64 });
        var full = FullSubject.With("im full", gateways: 2, messageServices: 2, isFilled: false);
        var scenario = new Scenario("ratio", "ours beside the relay", "", Column.Messages, [RelaySubject.Subject, full], [load]);
        var options = new ScenarioOptions(scenario) { Rounds = 1, Seconds = 3, Warmup = 3, Directory = _directory };
        var outcome = await new Comparison(options, TestContext.Current.SendDiagnosticMessage, _ => Task.CompletedTask).RunAsync(Cancel);
        Assert.False(outcome.Failed, string.Join('\n', outcome.Runs.Select(run => ResultTable.Line(scenario, run.Figures))));
        var (ours, relay) = (outcome.MedianOf(full, load)!, outcome.MedianOf(RelaySubject.Subject, load)!);
        Assert.True(ours.DeliveredPerSecond >= Least * relay.DeliveredPerSecond, $"{ours.DeliveredPerSecond:N0}/s beside {relay.DeliveredPerSecond:N0}/s of the relay");
        TestContext.Current.TestOutputHelper!.WriteLine($"{ours.DeliveredPerSecond:N0}/s beside {relay.DeliveredPerSecond:N0}/s of the relay");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
