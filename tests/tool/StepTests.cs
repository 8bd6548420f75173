using System.Globalization;
using Im.Local;
using Im.Tool.Testing;

namespace Im.Tool.Tests;

/// <summary>A program of the test run, and what it leaves.</summary>
public sealed class StepTests : IDisposable
{
    /// <summary>Far more than it takes: the machine may be busy.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Scratch _scratch = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Log => Path.Combine(_scratch.Root, "output");

    [Fact]
    public async Task Its_output_and_its_errors_are_in_the_file_and_its_status_is_the_answer()
    {
        Assert.Equal(3, await RunAsync("echo one; echo two >&2; exit 3"));
        Assert.Equal("one\ntwo\n", await File.ReadAllTextAsync(Log, Cancel));
    }

    [Fact]
    public async Task Its_arguments_arrive_as_they_are()
    {
        string[] arguments = ["--help", "-noLogo", "--", "@file", "a  b", "*x*", ""];
        Assert.Equal(0, await Step.RunAsync(["/bin/sh", "-c", "printf '%s\n' \"$@\"", "sh", .. arguments], "/", Log, Cancel));
        Assert.Equal(string.Concat(arguments.Select(argument => argument + "\n")), await File.ReadAllTextAsync(Log, Cancel));
    }

    [Fact]
    public async Task What_it_leaves_in_the_background_ends_with_it()
    {
        Assert.Equal(0, await RunAsync("(sleep 1000 & echo $!)"));
        await IsGoneAsync(await LeftAsync(Log));
    }

    [Fact]
    public async Task A_step_that_ends_harms_nothing_of_the_one_beside_it()
    {
        var (other, end) = (Path.Combine(_scratch.Root, "other"), Path.Combine(_scratch.Root, "end"));
        var beside = Step.RunAsync(["/bin/sh", "-c", $"(sleep 1000 & echo $!); while [ ! -e {end} ]; do sleep 0.05; done"], "/", other, Cancel);
        var orphan = await LeftAsync(other);
        Assert.Equal(0, await RunAsync("(sleep 1000 & echo $!)"));
        Assert.True(orphan.IsAlive);
        Assert.False(beside.IsCompleted);

        await File.WriteAllTextAsync(end, "", Cancel);
        Assert.Equal(0, await beside);
        await IsGoneAsync(orphan);
    }

    public void Dispose() => _scratch.Dispose();

    private Task<int> RunAsync(string script) => Step.RunAsync(["/bin/sh", "-c", script], "/", Log, Cancel);

    /// <summary>The process whose number a step has said, alive or not.</summary>
    private static async Task<ProcessIdentity> LeftAsync(string log)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var since = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(since) < Limit; await timer.WaitForNextTickAsync(Cancel))
        {
            var said = File.Exists(log) ? await File.ReadAllTextAsync(log, Cancel) : "";
            if (!said.EndsWith('\n')) continue;
            var pid = int.Parse(said, CultureInfo.InvariantCulture);
            return ProcessIdentity.Of(pid) ?? new ProcessIdentity(pid, -1, "");
        }

        throw new TimeoutException("the step said nothing");
    }

    private static async Task IsGoneAsync(ProcessIdentity process) => Assert.True(await process.WaitForExitAsync(Limit, Cancel));
}
