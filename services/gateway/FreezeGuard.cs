namespace Im.Gateway;

/// <summary>
/// Notices that the process was frozen (stopped, swapped out, starved). What it holds may be outdated then: its routes were swept, its
/// devices connected elsewhere. So nothing is written any more after a gap of 2 s, and all connections close.
/// </summary>
/// <remarks>
/// The ticks come from a thread of their own: a busy thread pool is slow, not frozen. A whole machine that is suspended, or paused together with its clocks, is
/// not noticed: no clock of this process goes on meanwhile.
/// </remarks>
public sealed class FreezeGuard(TimeProvider time) : IHostedService, IDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private readonly ManualResetEventSlim _stop = new();
    private long _lastTick = time.GetTimestamp();

    /// <summary>Raised on the ticking thread after a gap was seen.</summary>
    public event Action? Thawed;

    /// <summary>True between the thaw and the next tick: the moment in which a write would be a lie.</summary>
    public bool IsFrozen => time.GetElapsedTime(Interlocked.Read(ref _lastTick)) > Limit;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _lastTick, time.GetTimestamp());
        new Thread(Run) { IsBackground = true, Name = "freeze guard", Priority = ThreadPriority.AboveNormal }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stop.Set();
        return Task.CompletedTask;
    }

    private void Run()
    {
        while (!_stop.Wait(Tick))
        {
            if (IsFrozen) Thawed?.Invoke();
            Interlocked.Exchange(ref _lastTick, time.GetTimestamp());
        }
    }

    /// <summary>Only stops the thread, which may still look at the event.</summary>
    public void Dispose() => _stop.Set();
}
