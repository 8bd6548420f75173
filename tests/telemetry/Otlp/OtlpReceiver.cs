using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Im.Telemetry.Tests.Otlp;

/// <summary>A span as it arrived, with the process that told of it.</summary>
public sealed record Seen(string Service, string Instance, string Source, Span Span)
{
    public string Name => Span.Name;

    public string Trace => Convert.ToHexStringLower(Span.TraceId.Span);

    public string Id => Convert.ToHexStringLower(Span.SpanId.Span);

    /// <summary>Empty for the root.</summary>
    public string Parent => Convert.ToHexStringLower(Span.ParentSpanId.Span);

    public string? this[string attribute] => OtlpReceiver.TextOf(Span.Attributes, attribute);

    public override string ToString() => $"{Service} {Source} \"{Name}\" {Trace}/{Id} < {Parent}";
}

/// <summary>A collector on loopback: takes OTLP over HTTP with protobuf, and keeps all of it, raw bytes too.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<byte[]> Raw { get; } = new();

    public ConcurrentQueue<Seen> Spans { get; } = new();

    /// <summary>Every metric that ever arrived, by the process that told of it.</summary>
    public ConcurrentQueue<(string Instance, Metric Metric)> Metrics { get; } = new();

    public ConcurrentQueue<Resource> Resources { get; } = new();

    public string Address => _app.Urls.Single();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/traces", receiver.TakeTracesAsync);
        receiver._app.MapPost("/v1/metrics", receiver.TakeMetricsAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Null where there is no such attribute.</summary>
    public static string? TextOf(IEnumerable<KeyValue> attributes, string key) => attributes.FirstOrDefault(one => one.Key == key)?.Value is not { } value
        ? null
        : value.ValueCase switch
        {
            AnyValue.ValueOneofCase.StringValue => value.StringValue,
            AnyValue.ValueOneofCase.IntValue => FormattableString.Invariant($"{value.IntValue}"),
            _ => value.ToString(),
        };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeTracesAsync(HttpContext http)
    {
        foreach (var process in TracesRequest.Parser.ParseFrom(await BodyAsync(http)).ResourceSpans)
        {
            Resources.Enqueue(process.Resource);
            var (service, instance) = (TextOf(process.Resource.Attributes, "service.name")!, TextOf(process.Resource.Attributes, "service.instance.id")!);
            foreach (var scope in process.ScopeSpans)
                foreach (var span in scope.Spans) Spans.Enqueue(new Seen(service, instance, scope.Scope.Name, span));
        }
    }

    private async Task TakeMetricsAsync(HttpContext http)
    {
        foreach (var process in MetricsRequest.Parser.ParseFrom(await BodyAsync(http)).ResourceMetrics)
        {
            Resources.Enqueue(process.Resource);
            var instance = TextOf(process.Resource.Attributes, "service.instance.id")!;
            foreach (var metric in process.ScopeMetrics.SelectMany(scope => scope.Metrics)) Metrics.Enqueue((instance, metric));
        }
    }

    private async Task<ByteString> BodyAsync(HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        Raw.Enqueue(bytes.ToArray());
        return ByteString.CopyFrom(bytes.ToArray());
    }
}
