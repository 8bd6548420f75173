namespace Im.Telemetry.Tests.Systems;

/// <summary>A client that tries to make its requests part of a trace of its own.</summary>
public sealed class Intruding() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    public const string Trace = "0af7651916cd43dd8448eb211c80319c";
    public const string Span = "b7ad6b7169203331";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{Trace}-{Span}-01");
        request.Headers.TryAddWithoutValidation("tracestate", $"im={Span}");
        request.Headers.TryAddWithoutValidation("baggage", $"im={Trace}");
        return base.SendAsync(request, cancellationToken);
    }
}
