using Im.Hosting.Health;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Bus;

/// <summary>
/// Tells whether this process's queues are read: ready means that who asks this service is answered. A bus that stays deaf while the broker answers is stopped and
/// started anew.
/// </summary>
/// <remarks>
/// MassTransit 8.4 gives an endpoint up for good when a cancellation that is not its own stop ends it, as a channel does that breaks in the middle of its start
/// (<c>ReceiveTransport.Run</c>): seen when a caller died with its question open and the answer to its queue closed the channel. The process lived and nobody was
/// heard until it was killed.
/// </remarks>
internal sealed partial class BusWatch(IBusControl bus, Dependencies dependencies, TimeProvider time, ILogger<BusWatch> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    /// <summary>MassTransit needs a second or two by itself; within 15 s of the return of what was away all is to work again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>For a stop, and for a start.</summary>
    private static readonly TimeSpan ChangeLimit = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        var wasUp = false;
        long? deafSince = null;
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            var health = bus.CheckHealth();
            var isUp = health.Status == BusHealthStatus.Healthy;
            wasUp |= isUp;
            // A bus that only starts is nothing to report.
            if (wasUp || time.GetElapsedTime(began) > StartLimit) dependencies.Report(Dependency.Bus, isUp, health.Description);
            deafSince = wasUp && !isUp && dependencies.IsUp(Dependency.Broker) ? deafSince ?? time.GetTimestamp() : null;
            if (deafSince is not { } since || time.GetElapsedTime(since) < Patience) continue;
            await StartAnewAsync(health.Description, stoppingToken);
            deafSince = null;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task StartAnewAsync(string reason, CancellationToken cancel)
    {
        LogStartsAnew(reason);
        await TryAsync(bus.StopAsync, cancel);
        await TryAsync(bus.StartAsync, cancel);
    }

    /// <summary>What fails or hangs is tried again when patience is at its end again.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> change, CancellationToken cancel)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(ChangeLimit);
        try
        {
            await change(limited.Token).WaitAsync(limited.Token);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            LogNotYet(fault.Message);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "the broker answers, but this process's queues are not read ({Reason}): starting the bus anew")]
    private partial void LogStartsAnew(string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "the bus does not start anew yet: {Reason}")]
    private partial void LogNotYet(string reason);
}
