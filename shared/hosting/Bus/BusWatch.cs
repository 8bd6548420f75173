using Im.Hosting.Health;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Bus;

/// <summary>
/// Tells whether this process's queues are read: ready means that who asks this service is answered. A process that stays deaf while the broker answers ends, to be
/// started again by whoever runs it.
/// </summary>
/// <remarks>
/// MassTransit 8.4.0 gave an endpoint up for good when its channel broke at the wrong moment, and then its bus could be neither stopped nor started: gateways died with
/// questions open, and the answers to their queues, which were gone, closed the channel that login reads (404). With 8.5.12 that was not seen any more (0 of 18 such
/// deaths, 3 of 8 before), but a service that nobody can ask until a person kills it is worth a guard.
/// </remarks>
internal sealed partial class BusWatch(
    IBusControl bus, Dependencies dependencies, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<BusWatch> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    /// <summary>Twice the longest that MassTransit needed by itself, on a busy machine, behind a broker that had come back (7 s).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

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
            LogDeaf(health.Description);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            return;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Critical,
        Message = "the broker answers, but this process's queues have not been read for 15 s ({Reason}): ending, to be started again")]
    private partial void LogDeaf(string reason);
}
