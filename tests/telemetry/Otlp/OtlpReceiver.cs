using System.Collections.Concurrent;
using Google.Protobuf;
using Im.Telemetry.Tests.Prometheus;
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

/// <summary>A metric as it arrived, with the process that told of it.</summary>
public sealed record Measured(Resource Process, Scope Scope, Metric Metric)
{
    public string Instance { get; } = OtlpReceiver.TextOf(Process.Attributes, "service.instance.id")!;
}

/// <summary>
/// A collector on loopback: takes OTLP over HTTP with protobuf, and keeps all of it, raw bytes too. Like the one that is deployed it shows Prometheus a page.
/// </summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    /// <summary>After ten reports that did not come; the deployed one has the same in larger numbers.</summary>
    private static readonly TimeSpan Expiration = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string, string, string), (long At, Measured Metric)> _latest = new();
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<byte[]> Raw { get; } = new();

    public ConcurrentQueue<Seen> Spans { get; } = new();

    /// <summary>Every metric that ever arrived, by the process that told of it.</summary>
    public ConcurrentQueue<Measured> Metrics { get; } = new();

    public ConcurrentQueue<Resource> Resources { get; } = new();

    public string Address => _app.Urls.Single();

    /// <summary>The last report of each process that still tells.</summary>
    private IEnumerable<Measured> Latest =>
        _latest.Values.Where(one => TimeProvider.System.GetElapsedTime(one.At) < Expiration).Select(one => one.Metric);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver._app.MapPost("/v1/traces", receiver.TakeTracesAsync);
        receiver._app.MapPost("/v1/metrics", receiver.TakeMetricsAsync);
        receiver._app.MapGet("/metrics", () => Results.Text(ScrapePage.Of(receiver.Latest), "text/plain; version=0.0.4"));
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
            foreach (var (scope, metric) in process.ScopeMetrics.SelectMany(scope => scope.Metrics.Select(metric => (scope.Scope, metric))))
            {
                var one = new Measured(process.Resource, scope, metric);
                Metrics.Enqueue(one);
                _latest[(one.Instance, scope.Name, metric.Name)] = (TimeProvider.System.GetTimestamp(), one);
            }
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
