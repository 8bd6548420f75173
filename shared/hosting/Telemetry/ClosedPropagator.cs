using System.Diagnostics;

namespace Im.Hosting.Telemetry;

/// <summary>
/// Takes no trace context from HTTP requests and gives none: whoever knocks at a door could otherwise decide what is sampled, and write his ids into our
/// traces and logs. Between our own processes the context travels with the messages of the bus and of the lanes.
/// </summary>
internal sealed class ClosedPropagator : DistributedContextPropagator
{
    public override IReadOnlyCollection<string> Fields => [];

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
    }

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        (traceId, traceState) = (null, null);

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) => null;
}
