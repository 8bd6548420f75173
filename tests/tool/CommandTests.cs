using System.Diagnostics;
using System.Globalization;
using Im.Local;

namespace Im.Tool.Tests;

/// <summary>The commands as a person meets them, each in a directory of its own.</summary>
public sealed class CommandTests
{
    private static readonly string Tool = SolutionBinaries.Built(Path.Combine("tools", "im"), "Im.Tool");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_nothing_running_every_command_says_so()
    {
        using var scratch = new Scratch();
        Assert.Equal((0, "[]\n", ""), await RunAsync(scratch, "ps", "--json"));
        Assert.Equal((0, "nothing is running\n", ""), await RunAsync(scratch, "ps"));
        Assert.Equal((0, "nothing is running\n", ""), await RunAsync(scratch, "down"));
        Assert.Equal((1, "", "nothing is running; './im up' or './im up full' starts it\n"), await RunAsync(scratch, "env"));
        Assert.Equal((1, "", "nothing is running; start './im up' or './im up full' first\n"), await RunAsync(scratch, "bench", "--any", "3"));
    }

    [Fact]
    public async Task What_means_nothing_is_explained_with_status_2()
    {
        using var scratch = new Scratch();
        Assert.Equal((2, "", "there is no command 'upp'; did you mean 'up'?\n'./im --help' says what there is\n"), await RunAsync(scratch, "upp"));
        Assert.Equal((2, "", "Unrecognized command or argument '--no'.\n'./im ps --help' says what there is\n"), await RunAsync(scratch, "ps", "--no"));
        Assert.Equal(2, (await RunAsync(scratch)).Status);
    }

    [Theory]
    [InlineData("Examples:")]
    [InlineData("IM_PORT_GATEWAY_1", "up")]
    [InlineData("IM_MESSAGE_SERVICES", "up", "full")]
    [InlineData("--edge", "up", "full")]
    [InlineData(".secrets/edge.crt", "secrets")]
    [InlineData("/history", "chat")]
    [InlineData("--json", "ps")]
    [InlineData("gateway-1", "logs")]
    [InlineData("IM_ADMIN_KEY", "env")]
    [InlineData("50 s", "down")]
    [InlineData("-class", "test")]
    public async Task The_help_of_each_command_says_what_it_needs(string part, params string[] command)
    {
        using var scratch = new Scratch();
        var (status, output, errors) = await RunAsync(scratch, [.. command, "--help"]);
        Assert.Equal((0, ""), (status, errors));
        Assert.Contains(part, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_log_lists_those_that_exist()
    {
        using var scratch = new Scratch();
        Directory.CreateDirectory(Path.Combine(scratch.Root, "logs"));
        await File.WriteAllTextAsync(scratch.Paths.Log("redis"), "a line\n", Cancel);
        await File.WriteAllTextAsync(scratch.Paths.Log("admin"), "", Cancel);
        await File.WriteAllTextAsync(Path.Combine(scratch.Root, "outside.log"), "secret\n", Cancel);
        Assert.Equal((0, "a line\n", ""), await RunAsync(scratch, "logs", "redis"));
        Assert.Equal((1, "", "there is no log '../outside'; there are: admin redis\n"), await RunAsync(scratch, "logs", "../outside"));
    }

    [Fact]
    public async Task A_second_up_says_that_one_runs()
    {
        using var scratch = new Scratch();
        await using var owner = scratch.Service("owner");
        await owner.StartAsync(Cancel);
        SaveState(scratch, owner.Identity!);
        Assert.Equal((1, "", "already running (full); './im down' stops it\n"), await RunAsync(scratch, "up"));
        Assert.Equal((1, "", "already running (full); './im down' stops it\n"), await RunAsync(scratch, "up", "full"));
    }

    [Fact]
    public async Task Down_ends_the_owner_and_what_it_has_left()
    {
        using var scratch = new Scratch();
        await using var owner = scratch.Service("owner");
        await using var left = scratch.Service("left");
        await owner.StartAsync(Cancel);
        await left.StartAsync(Cancel);
        SaveState(scratch, owner.Identity!, new RunningProcess("left", "stand-in", left.Identity!, left.Port));
        Assert.Contains("\"health\": \"ready\"", (await RunAsync(scratch, "ps", "--json")).Output, StringComparison.Ordinal);
        Assert.Equal((0, "stopped (full)\n", ""), await RunAsync(scratch, "down"));
        Assert.False(owner.IsRunning);
        Assert.False(left.IsRunning);
    }

    [Fact]
    public async Task Env_prints_lines_for_a_shell()
    {
        using var scratch = new Scratch();
        await using var owner = scratch.Service("owner");
        await owner.StartAsync(Cancel);
        SaveState(scratch, owner.Identity!);
        var (status, output, _) = await RunAsync(scratch, "env");
        Assert.Equal(0, status);
        Assert.Equal("IM_GATEWAY=http://127.0.0.1:8080,http://127.0.0.1:8082\nIM_ADMIN=http://127.0.0.1:8081\nIM_ADMIN_KEY=key\nIM_REDIS_PASSWORD=word\n", output);
    }

    [Fact]
    public async Task A_server_dies_with_its_parent()
    {
        using var scratch = new Scratch();
        using var parent = Start([Scratch.ServiceProgram, scratch.Root], scratch);
        var server = ProcessIdentity.Parse(await parent.StandardOutput.ReadLineAsync(Cancel) ?? "");
        Assert.NotNull(server);
        Assert.True(server.IsAlive);
        parent.Kill();
        Assert.True(await server.WaitForExitAsync(TimeSpan.FromSeconds(10), Cancel));
    }

    [Fact]
    public async Task What_a_dead_child_has_left_is_ended_too()
    {
        using var scratch = new Scratch();
        using var parent = Start([Scratch.ServiceProgram, "orphan"], scratch);
        var pid = int.Parse(await parent.StandardOutput.ReadLineAsync(Cancel) ?? "", CultureInfo.InvariantCulture);
        var orphan = ProcessIdentity.Of(pid);
        Assert.NotNull(orphan);
        await parent.StandardInput.WriteLineAsync();
        await parent.WaitForExitAsync(Cancel);
        Assert.True(await orphan.WaitForExitAsync(TimeSpan.FromSeconds(10), Cancel));
    }

    private static void SaveState(Scratch scratch, ProcessIdentity owner, params RunningProcess[] processes)
    {
        var state = new RunState("full", true, owner, processes, [new("http://127.0.0.1:8080"), new("http://127.0.0.1:8082")], new("http://127.0.0.1:8081"), "key", "word");
        SecretFile.Write(Path.Combine(scratch.Root, "run", "state.json"), state.ToJson());
    }

    private static async Task<(int Status, string Output, string Errors)> RunAsync(Scratch scratch, params string[] arguments)
    {
        using var process = Start([Tool, .. arguments], scratch);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        var output = await process.StandardOutput.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, output, await errors);
    }

    private static Process Start(string[] arguments, Scratch scratch)
    {
        var info = new ProcessStartInfo(SolutionBinaries.Dotnet, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment[Instance.DirectoryVariable] = scratch.Root;
        return Process.Start(info)!;
    }
}
