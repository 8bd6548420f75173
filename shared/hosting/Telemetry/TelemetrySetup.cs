using System.Diagnostics;
using Im.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Im.Hosting.Telemetry;

/// <summary>Traces and metrics over OTLP. Without a collector nothing listens: no span is made, and an instrument costs a look at a flag.</summary>
internal static class TelemetrySetup
{
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<TelemetryOptions>(TelemetryOptions.Section);
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryRules>();
        services.AddSingleton<DistributedContextPropagator, ClosedPropagator>();
        services.AddSingleton<ImMetrics>();
        var options = SettingRules.Read<TelemetryOptions>(configuration, TelemetryOptions.Section);
        var target = OtlpTarget.Of(options, configuration);
        services.AddSingleton(new ImTracing(target is null ? 0 : options.SampleRatio));
        if (target is null) return;
        services.AddSingleton(target);
        services.AddHostedService(provider =>
        {
            // Nothing else asks for the instruments in a process that has gauges alone.
            provider.GetRequiredService<ImMetrics>();
            return ActivatorUtilities.CreateInstance<TelemetryExport>(provider);
        });
    }
}

/// <summary>
/// Exports from before the first service starts until after the last one has stopped: it is the first of the hosted services. A collector that is away
/// costs what it would have been told, and holds nothing up: at most 2,048 spans wait.
/// </summary>
internal sealed class TelemetryExport(
    OtlpTarget target, IOptions<TelemetryOptions> options, NodeIdentity self) : IHostedService
{
    private static readonly string[] Sources = [ImTracing.SourceName, "Microsoft.AspNetCore", "MassTransit", "Npgsql"];

    private static readonly string[] Meters =
    [
        ImMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "MassTransit", "Npgsql",
    ];

    /// <summary>For the last export when the process stops.</summary>
    private const int FlushMilliseconds = 2_000;

    private TracerProvider? _traces;
    private MeterProvider? _meters;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(ResourceOf())
            .SetSampler(new RootSampler(options.Value.SampleRatio))
            .AddSource(Sources)
            .AddOtlpExporter(otlp => Send(otlp, "traces"))
            .Build();
        _meters = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceOf())
            .AddMeter(Meters)
            .AddOtlpExporter((otlp, reader) =>
            {
                Send(otlp, "metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = options.Value.MetricsSeconds * 1000;
            })
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            _traces?.Shutdown(FlushMilliseconds);
            _meters?.Shutdown(FlushMilliseconds);
            _traces?.Dispose();
            _meters?.Dispose();
        },
        cancellationToken);

    private void Send(OtlpExporterOptions otlp, string signal) => (otlp.Endpoint, otlp.Protocol) = (target.For(signal), target.Protocol);

    /// <summary>What OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES say wins.</summary>
    private ResourceBuilder ResourceOf() => ResourceBuilder.CreateEmpty()
        .AddService(self.ServiceName, serviceVersion: ImVersion.Text, serviceInstanceId: self.Boot)
        .AddAttributes([new("im.node.name", self.Name)])
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();
}
