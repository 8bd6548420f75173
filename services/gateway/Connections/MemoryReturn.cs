namespace Im.Gateway.Connections;

/// <summary>Gives the memory of a mass of connections back to the operating system once they have left.</summary>
public sealed partial class MemoryReturn(SocketDoor door, TimeProvider time, ILogger<MemoryReturn> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly MassLeave _leave = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            if (_leave.IsOver(door.Inside, time.GetElapsedTime(began))) GiveBack();
    }

    /// <summary>Everybody waits meanwhile, whichever thread it runs on. No gentler mode gives all that is free back at once.</summary>
    private void GiveBack()
    {
        var (before, paused) = (Environment.WorkingSet, GC.GetTotalPauseDuration());
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var (after, pause) = (Environment.WorkingSet, GC.GetTotalPauseDuration() - paused);
        LogGivenBack(door.Inside, before, after, pause);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "most connections have left, {Connections} are open: the process took {Before} bytes and takes {After}, after a pause of {Pause}")]
    private partial void LogGivenBack(int connections, long before, long after, TimeSpan pause);
}
