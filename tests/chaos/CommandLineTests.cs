using System.Diagnostics;
using Im.Local;

namespace Im.Chaos.Tests;

/// <summary>The harness as a program: what its words mean, and which status says what.</summary>
public sealed class CommandLineTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nonsense", "--scenario", "nonsense")]
    [InlineData("--minutes 0: more than 0, up to 1,440", "--minutes", "0")]
    [InlineData("--minutes x: more than 0, up to 1,440", "--minutes", "x")]
    [InlineData("--seed abc: a whole number above 0", "--seed", "abc")]
    [InlineData("--devices 5: 20 to 3,000", "--devices", "5")]
    [InlineData("--devices many: 20 to 3,000", "--devices", "many")]
    [InlineData("--pace -1: more than 0, up to 5,000 a second", "--pace", "-1")]
    [InlineData("--programs /nowhere: no service is built there", "--programs", "/nowhere")]
    [InlineData("--scenario: 'all' stands alone", "--scenario", "all", "poison")]
    [InlineData("--sed", "--sed", "1")]
    public async Task Words_that_mean_nothing_are_no_broken_promise(string told, params string[] words)
    {
        var (status, output, errors) = await RunAsync(words);
        Assert.Equal((2, ""), (status, output));
        Assert.Contains(told, errors, StringComparison.Ordinal);
        Assert.EndsWith("'./im chaos --help' says what there is.\n", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_can_be_checked_without_a_run()
    {
        Assert.Equal((0, "", ""), await RunAsync("--check", "--seed", "1", "--scenario", "poison", "kills", "--minutes", "0.5"));
        Assert.Equal(2, (await RunAsync("--check", "--scenario", "nonsense")).Status);
    }

    [Fact]
    public async Task A_run_that_cannot_begin_is_no_broken_promise_either()
    {
        var (status, _, errors) = await RunAsync("--short", "--directory", "/proc/none");
        Assert.Equal(2, status);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
        Assert.NotEmpty(errors);
    }

    [Fact]
    public async Task A_run_that_is_stopped_says_that_there_is_no_verdict()
    {
        using var directory = new ScratchDirectory();
        using var run = Start("--short", "--seed", "5", "--directory", directory.Path);
        Assert.StartsWith("seed 5:", await run.StandardOutput.ReadLineAsync(Cancel), StringComparison.Ordinal);
        Assert.True(FaultRuns.AreUnderWay());
        ProcessIdentity.Of(run.Id)!.Terminate();
        var output = await run.StandardOutput.ReadToEndAsync(Cancel);
        await run.WaitForExitAsync(Cancel);
        Assert.Equal(130, run.ExitCode);
        Assert.EndsWith($"no verdict; the logs are in {Path.Combine(directory.Path, "5")}, and './im chaos --seed 5 --short' begins again\n", output, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Output, string Errors)> RunAsync(params string[] words)
    {
        using var run = Start(words);
        var (output, errors) = (run.StandardOutput.ReadToEndAsync(Cancel), run.StandardError.ReadToEndAsync(Cancel));
        await run.WaitForExitAsync(Cancel);
        return (run.ExitCode, await output, await errors);
    }

    private static Process Start(params string[] words) => Process.Start(
        new ProcessStartInfo(SolutionBinaries.Dotnet, [SolutionBinaries.Built("chaos", "Im.Chaos"), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    private sealed class ScratchDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("im-chaos-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
