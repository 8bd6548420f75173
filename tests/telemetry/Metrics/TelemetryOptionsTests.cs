using Im.Hosting.Telemetry;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace Im.Telemetry.Tests.Metrics;

public sealed class TelemetryOptionsTests
{
    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("http://a:4318", null, null, "http://a:4318/v1/traces")]
    [InlineData(null, "http://b:4318/", null, "http://b:4318/v1/traces")]
    [InlineData("http://a:4318", "http://b:4318", null, "http://a:4318/v1/traces")]
    [InlineData("https://a/otlp", null, "http/protobuf", "https://a/otlp/v1/traces")]
    [InlineData("http://a:4317", null, "grpc", "http://a:4317/")]
    public void The_collector_is_the_own_setting_or_the_standard_one(string? own, string? standard, string? protocol, string? expected)
    {
        var (options, configuration) = Settings(own, standard, protocol);
        Assert.True(new TelemetryRules(configuration).Validate(null, options).Succeeded);
        var target = OtlpTarget.Of(options, configuration);
        Assert.Equal(expected, target?.For("traces").AbsoluteUri);
        if (target is not null) Assert.Equal(protocol == "grpc" ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf, target.Protocol);
    }

    [Theory]
    [InlineData("collector:4318", null, null)]
    [InlineData(null, "ftp://b", null)]
    [InlineData("/v1", null, null)]
    [InlineData("http://a:4318", null, "http/json")]
    public void What_is_no_collector_is_refused_at_the_start(string? own, string? standard, string? protocol)
    {
        var (options, configuration) = Settings(own, standard, protocol);
        Assert.True(new TelemetryRules(configuration).Validate(null, options).Failed);
    }

    private static (TelemetryOptions Options, IConfiguration Configuration) Settings(string? own, string? standard, string? protocol) => (
        new TelemetryOptions { OtlpEndpoint = own },
        new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = standard, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol })
            .Build());
}
