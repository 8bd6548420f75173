using Im.Bench.Results;
using Im.Bench.Scenarios;
using Im.Bench.Subjects;
using Im.Local;
using Im.Protocol;

namespace Im.Bench.Tests;

/// <summary>A scenario as anybody runs it, short: real processes, real load, and the files that stay.</summary>
public sealed class ComparisonTests : IDisposable
{
    private readonly string _directory = TestInstances.Create("bench");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_systems_are_loaded_in_turn_and_stand_side_by_side()
    {
        // So little that no machine is too slow for it: what is tried is the comparison.
        var light = new BenchOptions { Connections = 10, Rate = 50 };
        var scenario = new Scenario(
            "light", "a little", "", Column.Messages, [StandaloneSubject.Subject, RelaySubject.Subject],
            [new Setup("protobuf", light with { Format = FrameFormat.Protobuf }), new Setup("JSON", light with { Format = FrameFormat.Json })]);
        var options = new ScenarioOptions(scenario)
        {
            Rounds = 2,
            Seconds = 2,
            Warmup = 1,
            Directory = Path.Combine(_directory, "data"),
            Results = Path.Combine(_directory, "results"),
        };
        var kept = new List<int>();
        var outcome = await new Comparison(options, _ => { }, so =>
        {
            kept.Add(so.Runs.Count);
            return Task.CompletedTask;
        }).RunAsync(Cancel);
        Assert.Equal(
            ["1 im standalone", "1 im standalone", "1 relay", "1 relay", "2 im standalone", "2 im standalone", "2 relay", "2 relay"],
            outcome.Runs.Select(run => $"{run.Round} {run.Subject}"));
        Assert.Equal([4, 8], kept);
        Assert.All(outcome.Runs, run =>
        {
            Assert.False(run.Figures.Failed, ResultTable.Line(outcome.Options.Scenario, run.Figures));
            Assert.True(run.Figures is { AcceptedPerSecond: > 0, DeliveredPerSecond: > 0, ServerMicroseconds: > 0, LoadMicroseconds: > 0, ToDelivered.P50: > 0 });
            Assert.Equal(run.Figures.Accepted, run.Figures.Delivered);
        });

        var (markdown, path) = await ResultFiles.WriteAsync(outcome, "./im bench", Cancel);
        Assert.Equal(markdown, await File.ReadAllTextAsync(path, Cancel));
        Assert.All((string[])["| protobuf | im standalone |", "| protobuf | relay |", "| JSON | relay |", "| 2, JSON | im standalone |"],
            row => Assert.Contains(row, markdown, StringComparison.Ordinal));
        Assert.Contains("\"runs\"", await File.ReadAllTextAsync(Path.ChangeExtension(path, ".json"), Cancel), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
