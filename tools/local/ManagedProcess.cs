namespace Im.Local;

/// <summary>
/// One process of ours, server or service: it can be started, killed, frozen and started again on the same port and data.
/// It dies with its parent; what an earlier, killed run left behind nevertheless is removed at the next start, by pid and start time.
/// Safe for use by several threads.
/// </summary>
public abstract class ManagedProcess(string name, string service, InstancePaths paths) : IAsyncDisposable
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>A killed process ends only when its threads come back from the disk, and frees its memory first.</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(30);

    /// <summary>A thread that waits for a disk stops only when it has what it waits for.</summary>
    private static readonly TimeSpan FreezeLimit = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _launching = new(1, 1);
    private readonly string _pidPath = paths.Pid(name);
    private volatile ProcessIdentity? _identity;
    private volatile Task _exited = Task.CompletedTask;
    private IReadOnlyList<ProcessIdentity> _killed = [];
    private CancellationTokenSource? _keepAliveEnd;
    private Task _keepAlive = Task.CompletedTask;

    /// <summary>Name of the instance, such as "message-1" or "redis".</summary>
    public string Name { get; } = name;

    /// <summary>What it is an instance of, such as "message" or "redis".</summary>
    public string Service { get; } = service;

    /// <summary>File with its standard output and error, appended to over restarts.</summary>
    public string LogPath { get; } = paths.Log(name);

    /// <summary>The port on 127.0.0.1 on which it serves (services: its door or its health page). The same after each restart.</summary>
    public abstract int Port { get; }

    /// <summary>Pid of the running process, or of the last one; 0 before the first start.</summary>
    public int Pid => _identity?.Pid ?? 0;

    /// <summary>The running process, or the last one; null before the first start.</summary>
    public ProcessIdentity? Identity => _identity;

    public bool IsRunning => _identity is { IsAlive: true };

    /// <summary>Completes when the process that runs now ends, in whatever way.</summary>
    public Task Exited => _exited;

    /// <summary>Start it again whenever it dies by itself or by <see cref="Kill"/>, until <see cref="StopAsync"/>. Read at the start.</summary>
    public bool Restart { get; init; }

    /// <summary>Called with a line for the log after each automatic restart, and when one failed. Must not throw.</summary>
    public Action<string>? OnRestart { get; init; }

    /// <summary>How long a start may take until the process is ready. 240 s by default: where 28 begin at once on two cores, 120 were not enough.</summary>
    public TimeSpan ReadyLimit { get; init; } = TimeSpan.FromSeconds(240);

    /// <summary>How long <see cref="StopAsync"/> waits before it kills. 15 s by default.</summary>
    public TimeSpan StopLimit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Writes what the process needs on disk and says how to start it; called before each start.</summary>
    private protected abstract Task<ChildCommand> PrepareAsync(CancellationToken cancel);

    /// <summary>Whether it serves now; false also if it is frozen or dead.</summary>
    public abstract Task<bool> IsReadyAsync(CancellationToken cancel = default);

    private protected virtual Signal StopSignal => Signal.Terminate;

    /// <summary>Starts it unless it runs, and waits until it is ready.</summary>
    /// <exception cref="LocalStartException">It ended before it was ready, or took too long; the message has the end of its log.</exception>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        await LaunchAsync(cancel);
        await WaitUntilReadyAsync(cancel);
        if (Restart && _keepAlive.IsCompleted)
        {
            _keepAliveEnd = new CancellationTokenSource();
            _keepAlive = KeepAliveAsync(_keepAliveEnd.Token);
        }
    }

    /// <summary>Waits until it serves, for instance after an automatic restart.</summary>
    /// <inheritdoc cref="StartAsync" path="/exception"/>
    public async Task WaitUntilReadyAsync(CancellationToken cancel = default)
    {
        var started = TimeProvider.System.GetTimestamp();
        await WaitForKilledAsync(cancel);
        // Both: somebody else may answer on the port of a process that has died.
        while (!IsRunning || !await IsReadyAsync(cancel))
        {
            // Once it has been ready and is kept alive, a death is followed by another start.
            if (_exited.IsCompleted && _keepAlive.IsCompleted)
                throw new LocalStartException($"{Name} ended before it was ready; the end of {LogPath}:\n{LogFile.Tail(LogPath)}");
            if (TimeProvider.System.GetElapsedTime(started) > ReadyLimit)
                throw new LocalStartException($"{Name} was not ready within {ReadyLimit.TotalSeconds:0} s; the end of {LogPath}:\n{LogFile.Tail(LogPath)}");
            await Task.Delay(ProbeEvery, cancel);
        }
    }

    /// <summary>kill -9 for the process and all its descendants: what a crash of the machine would do to it.</summary>
    public void Kill()
    {
        if (_identity is not null)
            _killed = _identity.KillTree();
    }

    /// <summary>Freezes the process and its descendants (SIGSTOP): connections stay open, nothing answers.</summary>
    public void Pause()
    {
        var tree = _identity?.Tree() ?? [];
        foreach (var process in tree)
            process.Signal(Signal.Stop);
        // Threads on other cores run on for a moment, in which they could still answer.
        SpinWait.SpinUntil(() => tree.All(process => process.IsStopped), FreezeLimit);
    }

    /// <summary>Ends <see cref="Pause"/>.</summary>
    public void Resume()
    {
        foreach (var process in (_identity?.Tree() ?? []).Reverse())
            process.Signal(Signal.Continue);
    }

    /// <summary>Asks the process to end (SIGTERM) and does not wait; with <see cref="Restart"/> it comes back.</summary>
    public void Terminate() => _identity?.Terminate();

    /// <summary>Ends it for good: gracefully within <see cref="StopLimit"/>, else by force. Data and port stay for another start.</summary>
    public virtual async Task StopAsync(CancellationToken cancel = default)
    {
        await EndKeepAliveAsync();
        if (_identity is not { IsAlive: true } identity)
            return;
        Resume();
        identity.Signal(StopSignal);
        if (!await identity.WaitForExitAsync(StopLimit, cancel))
            Kill();
        await WaitForKilledAsync(cancel);
        File.Delete(_pidPath);
    }

    /// <summary>Ends it at once and by force. Whoever wants it to end gracefully stops it before.</summary>
    public virtual async ValueTask DisposeAsync()
    {
        await EndKeepAliveAsync();
        Kill();
        await WaitForKilledAsync(CancellationToken.None);
        // Where it was never started there may be no directory for it.
        if (File.Exists(_pidPath)) File.Delete(_pidPath);
        GC.SuppressFinalize(this);
    }

    private async Task LaunchAsync(CancellationToken cancel)
    {
        await _launching.WaitAsync(cancel);
        try
        {
            await WaitForKilledAsync(cancel);
            if (IsRunning)
                return;
            await RemoveLeftoverAsync(cancel);
            var command = await PrepareAsync(cancel);
            var process = await command.StartAsync();
            _exited = process.WaitForExitAsync(CancellationToken.None);
            _identity = ProcessIdentity.Of(process.Id) ?? throw new LocalStartException($"{Name} ended at once:\n{LogFile.Tail(LogPath)}");
            await File.WriteAllTextAsync(_pidPath, _identity.ToString(), CancellationToken.None);
        }
        finally
        {
            _launching.Release();
        }
    }

    private async Task RemoveLeftoverAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_pidPath)!);
        if (File.Exists(_pidPath) && ProcessIdentity.Parse(await File.ReadAllTextAsync(_pidPath, cancel)) is { } leftover)
            _killed = leftover.KillTree();
        await WaitForKilledAsync(cancel);
    }

    private async Task WaitForKilledAsync(CancellationToken cancel)
    {
        foreach (var process in _killed)
        {
            if (!await process.WaitForExitAsync(KillLimit, cancel))
                throw new LocalStartException($"process {process.Pid} of {Name} survived its kill for {KillLimit.TotalSeconds:0} s");
        }
        _killed = [];
    }

    private async Task KeepAliveAsync(CancellationToken cancel)
    {
        var delay = new RestartDelay();
        while (!cancel.IsCancellationRequested)
        {
            var since = TimeProvider.System.GetTimestamp();
            await _exited.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(delay.After(TimeProvider.System.GetElapsedTime(since)), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancel.IsCancellationRequested)
                return;
            try
            {
                await LaunchAsync(cancel);
                OnRestart?.Invoke($"{Name} had died and runs again, pid {Pid}");
            }
            catch (Exception error) when (!cancel.IsCancellationRequested)
            {
                OnRestart?.Invoke($"{Name} had died and does not start, another attempt follows: {error.Message}");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task EndKeepAliveAsync()
    {
        if (_keepAliveEnd is null)
            return;
        await _keepAliveEnd.CancelAsync();
        await _keepAlive;
        _keepAliveEnd.Dispose();
        _keepAliveEnd = null;
    }
}
