using Microsoft.Extensions.DependencyInjection;

namespace Im.Hosting.Telemetry;

/// <summary>Something of this process that is looked at whenever metrics are exported, and never otherwise.</summary>
/// <param name="Instrument">One of the observed instruments of <see cref="ImMetrics"/>.</param>
/// <param name="Label">Tells it from the others of the instrument; null where there are none.</param>
/// <param name="Read">Called on the exporter's thread.</param>
public sealed record Gauge(string Instrument, string? Label, Func<long> Read);

public static class GaugeRegistration
{
    /// <summary>To be called by a module for what it alone knows.</summary>
    public static void AddGauge<T>(this IServiceCollection services, string instrument, string? label, Func<T, long> read)
        where T : class => services.AddSingleton(provider => new Gauge(instrument, label, () => read(provider.GetRequiredService<T>())));

    /// <summary>For every queue in memory: how much waits in it.</summary>
    public static void AddQueueGauge<T>(this IServiceCollection services, string queue, Func<T, long> waiting)
        where T : class => services.AddGauge(ImMetrics.QueueLength, queue, waiting);
}
