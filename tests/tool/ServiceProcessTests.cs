using Im.Local;

namespace Im.Tool.Tests;

/// <summary>A service process can be killed, stopped and brought back, by hand or by itself.</summary>
public sealed class ServiceProcessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_process_is_restarted_on_its_port()
    {
        using var scratch = new Scratch();
        await using var service = scratch.Service("one", restart: true);
        await service.StartAsync(Cancel);
        var first = service.Identity!;
        service.Kill();
        await service.WaitUntilReadyAsync(Cancel);
        Assert.NotEqual(first, service.Identity);
        Assert.True(service.IsRunning);
    }

    [Fact]
    public async Task A_killed_process_stays_dead_without_restart()
    {
        using var scratch = new Scratch();
        await using var service = scratch.Service("one");
        await service.StartAsync(Cancel);
        service.Kill();
        await service.Exited.WaitAsync(Cancel);
        Assert.False(service.IsRunning);
        await service.StartAsync(Cancel);
        await service.WaitUntilReadyAsync(Cancel);
    }

    [Fact]
    public async Task A_stopped_process_is_not_restarted()
    {
        using var scratch = new Scratch();
        await using var service = scratch.Service("one", restart: true);
        await service.StartAsync(Cancel);
        await service.StopAsync(Cancel);
        Assert.False(service.IsRunning);
        await service.StartAsync(Cancel);
        Assert.True(service.IsRunning);
    }

    [Fact]
    public async Task A_program_that_is_not_built_is_named()
    {
        using var scratch = new Scratch();
        await using var service = new ServiceProcess("one", "stand-in", Path.Combine(scratch.Root, "Nothing.dll"), FreePort.Next(), new Dictionary<string, string?>(), scratch.Paths);
        var error = await Assert.ThrowsAsync<LocalStartException>(() => service.StartAsync(Cancel));
        Assert.Contains("Nothing.dll is not built", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_dies_at_its_start_is_reported_with_the_end_of_its_log()
    {
        using var scratch = new Scratch();
        var broken = Path.Combine(scratch.Root, "Broken.dll");
        await File.WriteAllTextAsync(broken, "no assembly", Cancel);
        await using var service = new ServiceProcess("one", "stand-in", broken, FreePort.Next(), new Dictionary<string, string?>(), scratch.Paths) { Restart = true };
        var error = await Assert.ThrowsAsync<LocalStartException>(() => service.StartAsync(Cancel));
        Assert.Contains("Failed to run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_run_left_behind_is_removed_at_the_next_start()
    {
        using var scratch = new Scratch();
        await using var left = scratch.Service("one");
        await left.StartAsync(Cancel);
        await using var next = scratch.Service("one");
        await next.StartAsync(Cancel);
        await left.Exited.WaitAsync(Cancel);
        Assert.True(next.IsRunning);
    }

    [Fact]
    public async Task A_pid_file_of_another_process_with_the_same_pid_kills_nobody()
    {
        using var scratch = new Scratch();
        await using var bystander = scratch.Service("bystander");
        await bystander.StartAsync(Cancel);
        var identity = bystander.Identity!;
        await File.WriteAllTextAsync(scratch.Paths.Pid("one"), (identity with { StartTicks = identity.StartTicks - 1 }).ToString(), Cancel);
        await using var service = scratch.Service("one");
        await service.StartAsync(Cancel);
        Assert.True(bystander.IsRunning);
    }
}
