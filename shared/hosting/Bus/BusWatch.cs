using Im.Hosting.Health;
using MassTransit;
using Microsoft.Extensions.Hosting;

namespace Im.Hosting.Bus;

/// <summary>Tells whether this process's queues are read: ready means that who asks this service is answered.</summary>
internal sealed class BusWatch(IBusControl bus, Dependencies dependencies, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        var wasUp = false;
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            var health = bus.CheckHealth();
            var isUp = health.Status == BusHealthStatus.Healthy;
            wasUp |= isUp;
            // A bus that only starts is nothing to report.
            if (wasUp || time.GetElapsedTime(began) > StartLimit) dependencies.Report(Dependency.Bus, isUp, health.Description);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
