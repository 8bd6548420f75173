using System.ComponentModel.DataAnnotations;
using Im.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace Im.Hosting.Telemetry;

/// <summary>Where traces and metrics go; section <c>Im:Telemetry</c>.</summary>
public sealed class TelemetryOptions
{
    public const string Section = "Im:Telemetry";

    /// <summary>
    /// Base address of an OTLP collector, as <c>http://127.0.0.1:4318</c>. Empty: the standard <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; without either nothing
    /// is measured nor exported.
    /// </summary>
    public string? OtlpEndpoint { get; init; }

    /// <summary>Share of the sends and of the HTTP requests that get a trace, 0 to 1. At 28,000 messages/s the default makes 28 traces a second.</summary>
    [Range(0.0, 1.0)]
    [Because("it is a share, and 1 is all", Unit = "")]
    public double SampleRatio { get; init; } = 0.001;

    /// <summary>Seconds between two exports of the metrics: what a dashboard resolves.</summary>
    [Range(1, 3600)]
    [Because("a dashboard sees nothing between two reports")]
    public int MetricsSeconds { get; init; } = 30;
}

/// <summary>The collector and how it is spoken to.</summary>
internal sealed record OtlpTarget(Uri Endpoint, OtlpExportProtocol Protocol)
{
    /// <summary>Null: nothing is exported. What <see cref="TelemetryRules"/> refuses is null too, for the start fails of it anyway.</summary>
    public static OtlpTarget? Of(TelemetryOptions options, IConfiguration configuration)
    {
        if (!Uri.TryCreate(EndpointOf(options, configuration), UriKind.Absolute, out var endpoint)) return null;
        return ProtocolOf(configuration) is { } protocol ? new OtlpTarget(endpoint, protocol) : null;
    }

    /// <summary>The address is the base of a path per signal, as the standard has it; over gRPC there are no paths.</summary>
    public Uri For(string signal) =>
        Protocol == OtlpExportProtocol.Grpc ? Endpoint : new Uri($"{Endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");

    internal static string? EndpointOf(TelemetryOptions options, IConfiguration configuration) =>
        options.OtlpEndpoint is { Length: > 0 } own ? own : configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];

    internal static OtlpExportProtocol? ProtocolOf(IConfiguration configuration) => configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] switch
    {
        null or "" or "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
        "grpc" => OtlpExportProtocol.Grpc,
        _ => null,
    };
}

internal sealed class TelemetryRules(IConfiguration configuration) : IValidateOptions<TelemetryOptions>
{
    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        var faults = new List<string>();
        var endpoint = OtlpTarget.EndpointOf(options, configuration);
        if (endpoint is { Length: > 0 } && (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")))
            faults.Add("Im:Telemetry:OtlpEndpoint (or OTEL_EXPORTER_OTLP_ENDPOINT) is the address of a collector: http://host:4318");
        if (OtlpTarget.ProtocolOf(configuration) is null) faults.Add("OTEL_EXPORTER_OTLP_PROTOCOL is http/protobuf or grpc");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
