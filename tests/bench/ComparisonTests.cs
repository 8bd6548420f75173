using Im.Bench.Results;
using Im.Bench.Scenarios;
using Im.Local;

namespace Im.Bench.Tests;

/// <summary>A scenario as anybody runs it, short: real processes, real load, and the files that stay.</summary>
public sealed class ComparisonTests : IDisposable
{
    private readonly string _directory = TestInstances.Create("bench");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_systems_are_loaded_in_turn_and_stand_side_by_side()
    {
        string[] arguments =
        [
            "window", "--rounds", "2", "--seconds", "1", "--warmup", "1", "--only", "im standalone,relay", "--setups", "window 8",
            "--directory", Path.Combine(_directory, "data"), "--results", Path.Combine(_directory, "results"),
        ];
        var (said, kept) = (new List<string>(), new List<int>());
        var outcome = await new Comparison(ScenarioOptions.Parse(arguments), said.Add, so =>
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
        Assert.All((string[])["| protobuf, window 8 | im standalone |", "| protobuf, window 8 | relay |", "| JSON, window 8 | relay |", "| 2, JSON, window 8 | im standalone |"],
            row => Assert.Contains(row, markdown, StringComparison.Ordinal));
        Assert.Contains("\"runs\"", await File.ReadAllTextAsync(Path.ChangeExtension(path, ".json"), Cancel), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
