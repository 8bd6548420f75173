namespace Im.Client;

/// <summary>
/// Where to connect next: what a gateway asked for in its <c>bye</c>, then each known address in turn, least loaded first, the one that just
/// failed last. When none could be reached in a row the list has to be asked for anew.
/// </summary>
internal sealed class GatewayList(Uri first)
{
    private readonly Lock _gate = new();
    private List<Uri> _known = [first];
    private Uri? _hint;
    private int _next, _failures;

    public bool Exhausted
    {
        get { lock (_gate) return _failures >= _known.Count; }
    }

    public IReadOnlyList<Uri> Known
    {
        get { lock (_gate) return [.. _known]; }
    }

    public Uri Next()
    {
        lock (_gate)
        {
            if (_hint is { } hint)
            {
                _hint = null;
                return hint;
            }

            return _known[_next++ % _known.Count];
        }
    }

    public void Hint(string? gateway)
    {
        if (gateway is null || !Uri.TryCreate(gateway, UriKind.Absolute, out var address)) return;
        lock (_gate) _hint = address;
    }

    /// <param name="reached">It had said welcome before: that is no sign that the list is outdated.</param>
    public void Failed(Uri gateway, bool reached)
    {
        lock (_gate)
        {
            if (!reached) _failures++;
            if (Same(_known[_next % _known.Count], gateway)) _next++;
        }
    }

    /// <summary>Takes over a server's list; the configured address stays the last resort.</summary>
    public void Learn(IReadOnlyList<string> gateways)
    {
        var known = new List<Uri>();
        foreach (var gateway in gateways)
            if (Uri.TryCreate(gateway, UriKind.Absolute, out var address) && !known.Exists(other => Same(other, address))) known.Add(address);
        if (!known.Exists(other => Same(other, first))) known.Add(first);
        lock (_gate)
        {
            _known = known;
            _next = 0;
            _failures = 0;
        }
    }

    private static bool Same(Uri one, Uri other) => GatewayAddress.WebSocket(one) == GatewayAddress.WebSocket(other);
}
