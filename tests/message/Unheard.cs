using System.Diagnostics.Metrics;
using Im.Hosting.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Message.Tests;

/// <summary>Instruments that nobody listens to.</summary>
public static class Unheard
{
    public static ImMetrics Metrics { get; } = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), []);
}
