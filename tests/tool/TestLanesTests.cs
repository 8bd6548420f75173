using System.Globalization;
using Im.Local;
using Im.Tool.Testing;

namespace Im.Tool.Tests;

/// <summary>Jobs that run side by side, as the user sees them.</summary>
public sealed class TestLanesTests : IDisposable
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1), Often = TimeSpan.FromMilliseconds(50);

    private readonly Scratch _scratch = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_run_at_once_and_what_each_says_is_shown_in_one_piece()
    {
        // Each waits for a word of the other before it goes on: one after the other they would never end.
        using var screen = new Screen();
        var (a, b) = (Job("a", $"echo a1; {Tell("a")}; {Await("b")}; echo a2"), Job("b", $"echo b1; {Tell("b")}; {Await("a")}; echo b2"));
        await Lanes(screen, Never).RunAsync([a, b], Cancel);
        Assert.Contains("--- a\na1\na2\na: status 0 in 0:", screen.Text, StringComparison.Ordinal);
        Assert.Contains("--- b\nb1\nb2\nb: status 0 in 0:", screen.Text, StringComparison.Ordinal);
        Assert.StartsWith("a…\nb…\n", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_must_not_run_beside_another_begins_when_that_one_has_ended()
    {
        using var screen = new Screen();
        await Lanes(screen, Never).RunAsync([Job("heavy", "exit 2", TestLoad.Heavy), Job("timed", "true", TestLoad.Timed)], Cancel);
        var (ended, began) = (screen.Text.IndexOf("heavy: status 2", StringComparison.Ordinal), screen.Text.IndexOf("timed…", StringComparison.Ordinal));
        Assert.True(ended >= 0 && ended < began, screen.Text);
        Assert.Contains("timed: status 0", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_runs_long_gives_a_sign_of_life_with_what_has_failed()
    {
        using var screen = new Screen("running: long 0:", " (2 failed so far)", () => File.WriteAllText(Signal("seen"), ""));
        await Lanes(screen, Often).RunAsync([Job("long", $"echo '    One [FAIL]'; echo '      why'; echo '    Two [FAIL]'; {Await("seen")}")], Cancel);
        Assert.Contains("long: status 0", screen.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_interrupted_has_said_what_he_said()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var screen = new Screen("running: stuck 0:", " (1 failed so far)", interrupt.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Lanes(screen, Often).RunAsync([Job("stuck", $"echo $$ >{Signal("pid")}; echo 'One [FAIL]'; exec sleep 1000")], interrupt.Token));
        // The tool ends everything below it; here nobody does.
        var pid = int.Parse(await File.ReadAllTextAsync(Signal("pid"), Cancel), CultureInfo.InvariantCulture);
        Assert.NotEmpty(ProcessIdentity.Of(pid)!.KillTree());
        Assert.Contains("--- stuck\nOne [FAIL]\nstuck: ended after 0:", screen.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private TestLanes Lanes(Screen screen, TimeSpan signOfLife) => new(_scratch.Root, screen, signOfLife, TimeProvider.System);

    private static TestJob Job(string name, string script, TestLoad load = TestLoad.Light) =>
        new(name, load, ["/bin/sh", "-c", script], status => $"status {status}");

    private string Signal(string name) => Path.Combine(_scratch.Root, name + ".signal");

    private string Tell(string name) => $"touch {Signal(name)}";

    private string Await(string name) => $"while [ ! -e {Signal(name)} ]; do sleep 0.05; done";

    /// <summary>What was shown; does something as soon as a line begins and ends like this.</summary>
    private sealed class Screen(string begin = "\0", string end = "", Action? then = null) : StringWriter
    {
        public string Text => ToString();

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value is not null && value.StartsWith(begin, StringComparison.Ordinal) && value.EndsWith(end, StringComparison.Ordinal)) then?.Invoke();
        }
    }
}
