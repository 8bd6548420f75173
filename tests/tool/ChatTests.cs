using Im.Local;

namespace Im.Tool.Tests;

/// <summary>'im chat' as a script uses it and, through a terminal of its own, as a person does.</summary>
public sealed class ChatTests(RunningStandalone running) : IClassFixture<RunningStandalone>
{
    private const string Password = "correct horse battery";

    private static int _lastName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_people_chat_with_marks_and_history()
    {
        var (alice, bob) = (NewName(), NewName());
        await using var one = await LogInAsync(alice);
        await using var other = await LogInAsync(bob);
        await one.TypeAsync($"/to {bob}", "hello");
        await one.SeeAsync($"{alice} > {bob}: hello ✓");
        await other.SeeAsync($"{alice}: hello");
        await other.TypeAsync("to nobody", $"/to {alice}", "and hello to you", "/history 2", "/who", "/quit");
        await other.SeeAsync("* ! to whom? /to NAME chooses");
        await one.SeeAsync($"{bob}: and hello to you");
        await other.SeeEndingAsync($"{alice}: hello");
        Assert.Equal(1, await other.EndAsync());
        one.Input.Close();
        Assert.Equal(0, await one.EndAsync());
    }

    [Fact]
    public async Task A_group_is_made_talked_in_renamed_and_left()
    {
        var (alice, bob) = (NewName(), NewName());
        await using var other = await LogInAsync(bob);
        await using var one = await LogInAsync(alice);
        await one.TypeAsync($"/group Plans: {bob}", "when?");
        await other.SeeAsync($"[Plans] {alice}: when?");
        await one.TypeAsync("/rename Old plans", "/leave", "/quit");
        await other.SeeEndingAsync($"{alice} left");
        Assert.Equal(0, await one.EndAsync());
    }

    [Fact]
    public async Task What_others_write_cannot_reach_the_terminal_as_anything_but_text()
    {
        var (alice, bob) = (NewName(), NewName());
        await using var other = await LogInAsync(bob);
        await using var one = await LogInAsync(alice);
        await one.TypeAsync($"/to {bob}", "\e[2J\e]0;title\a\u202eright", "/quit");
        await other.SeeAsync($"{alice}: \uFFFD[2J\uFFFD]0;title\uFFFD\uFFFDright");
        Assert.Equal(0, await one.EndAsync());
    }

    [Fact]
    public async Task Wrong_passwords_and_missing_ones_are_refused_with_a_status()
    {
        var name = NewName();
        await using (var first = await LogInAsync(name)) await first.TypeAsync("/quit");
        await using var wrong = Start(["chat", name, "--password-stdin", "--server", running.Address]);
        await wrong.TypeAsync("another password");
        Assert.Equal((1, $"no user {name} has this password; --register makes one that does not exist\n"), (await wrong.EndAsync(), wrong.Errors));
        await using var taken = Start(["chat", name, "--password-stdin", "--register", "--server", running.Address]);
        await taken.TypeAsync("another password");
        Assert.Equal((1, $"there is a user {name}, with another password\n"), (await taken.EndAsync(), taken.Errors));
        await using var unasked = Start(["chat", name, "--server", running.Address]);
        Assert.Equal(2, await unasked.EndAsync());
        await using var nowhere = Start(["chat", name, "--password-stdin", "--server", "http://127.0.0.1:1"]);
        await nowhere.TypeAsync(Password);
        Assert.Equal(1, await nowhere.EndAsync());
        Assert.StartsWith("the server cannot be reached", nowhere.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_ends_it_cleanly_and_with_it_the_session()
    {
        var name = NewName();
        await using var one = await LogInAsync(name);
        ProcessIdentity.Of(one.Pid)!.Terminate();
        Assert.Equal(130, await one.EndAsync());
        Assert.Equal("", one.Errors);
        using var api = new Client.ImApi(new Uri(running.Address));
        var session = await api.LogInAsync(name, Password, cancellationToken: Cancel);
        using var mine = new Client.ImApi(new Uri(running.Address), session.SessionId);
        Assert.True(Assert.Single(await mine.GetSessionsAsync(Cancel)).Current);
    }

    [Fact]
    public async Task In_a_terminal_the_password_is_not_shown_and_what_comes_stands_above_the_line_that_is_typed()
    {
        var name = NewName();
        await using var terminal = Start(["chat", name, "--register", "--server", running.Address], inTerminal: true);
        await terminal.SeeAsync($"password of {name}: ", wholeLine: false);
        await terminal.TypeAsync(Password);
        await terminal.SeeAsync($"connected as {name}", wholeLine: false);
        await terminal.TypeAsync($"/to {name}");
        await terminal.SeeAsync($"{name}> ", wholeLine: false);
        await terminal.TypeAsync("to mysalf\u007f\u007f\u007felf");
        await terminal.SeeAsync($"{name} > {name}: to myself ✓", wholeLine: false);
        await terminal.TypeAsync("/quit");
        Assert.Equal(0, await terminal.EndAsync());
        Assert.DoesNotContain(Password, terminal.Seen, StringComparison.Ordinal);
    }

    private static string NewName() => $"u{Interlocked.Increment(ref _lastName)}{Guid.NewGuid():N}"[..12];

    private async Task<Typist> LogInAsync(string name)
    {
        var typist = Start(["chat", name, "--password-stdin", "--register", "--server", running.Address]);
        await typist.TypeAsync(Password);
        await typist.SeeAsync($"* connected as {name}; /help says what can be done");
        return typist;
    }

    private static Typist Start(string[] arguments, bool inTerminal = false) => new(arguments, inTerminal);
}
