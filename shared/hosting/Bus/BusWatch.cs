using Im.Hosting.Health;
using MassTransit;
using Microsoft.Extensions.Hosting;

namespace Im.Hosting.Bus;

/// <summary>Tells whether this process's queues are read: ready means that who asks this service is answered.</summary>
internal sealed class BusWatch(IBusControl bus, Dependencies dependencies, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        dependencies.Expect(Dependency.Bus);
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            var health = bus.CheckHealth();
            dependencies.Report(Dependency.Bus, health.Status == BusHealthStatus.Healthy, health.Description);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
