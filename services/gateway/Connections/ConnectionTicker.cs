namespace Im.Gateway.Connections;

/// <summary>One clock for all connections: silence, overdue answers, stuck writes. And the end of all of them when the process stops or was frozen.</summary>
public sealed partial class ConnectionTicker(
    SocketDoor door, FreezeGuard freezes, TimeProvider time, ILogger<ConnectionTicker> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>On a stop: 3.5 s for the answers that clients wait for, the rest to say goodbye; who does not is cut off.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(8);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        freezes.Thawed += CloseAll;
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                foreach (var connection in door.Open) connection.Tick();
        }
        finally
        {
            freezes.Thawed -= CloseAll;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var connection in door.Open) connection.Leave();
        var began = time.GetTimestamp();
        while (!door.IsEmpty && time.GetElapsedTime(began) < DrainLimit) await Task.Delay(TimeSpan.FromMilliseconds(50), time, cancellationToken);
        await base.StopAsync(cancellationToken);
    }

    private void CloseAll()
    {
        LogFrozen();
        foreach (var connection in door.Open) connection.CloseUnwritten();
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "the process was frozen for more than 2 s: all connections close and come back")]
    private partial void LogFrozen();
}
