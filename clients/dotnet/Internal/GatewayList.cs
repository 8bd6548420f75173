namespace Im.Client;

/// <summary>
/// Where to connect next: what a gateway asked for in its <c>bye</c>, then each known address in turn, least loaded first, the one that just
/// failed last. When none could be reached in a row the list has to be asked for anew.
/// </summary>
/// <remarks>
/// A server's list lacks a gateway that restarts just then. If it were forgotten, a client would wait for the only one that it knows when that one restarts next: so what
/// was listed before is tried as well, behind the others and once.
/// </remarks>
internal sealed class GatewayList(Uri first)
{
    /// <summary>Of those that were listed before: more of them would only delay the next round where addresses change with every start.</summary>
    public const int MaxFormer = 2;

    private readonly Lock _gate = new();
    private readonly List<Uri> _former = [];
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
            if (Same(_known[_next % _known.Count], gateway)) _next++;
            if (!reached && !TryForget(gateway)) _failures++;
        }
    }

    /// <summary>Takes over a server's list; the configured address and what was listed before stay the last resort.</summary>
    public void Learn(IReadOnlyList<string> gateways)
    {
        var known = new List<Uri>();
        foreach (var gateway in gateways)
            if (Uri.TryCreate(gateway, UriKind.Absolute, out var address)) Add(known, address);
        lock (_gate)
        {
            var former = _known.Where(one => !Same(one, first) && !known.Exists(other => Same(other, one))).Take(MaxFormer).ToList();
            _former.Clear();
            _former.AddRange(former);
            Add(known, first);
            known.AddRange(former);
            _known = known;
            _next = 0;
            _failures = 0;
        }
    }

    /// <summary>One that is listed no more has had its turn.</summary>
    private bool TryForget(Uri gateway)
    {
        if (_former.RemoveAll(one => Same(one, gateway)) == 0) return false;
        var (place, turn) = (_known.FindIndex(one => Same(one, gateway)), _next % _known.Count);
        _known.RemoveAt(place);
        _next = turn > place ? turn - 1 : turn;
        return true;
    }

    private static void Add(List<Uri> known, Uri address)
    {
        if (!known.Exists(other => Same(other, address))) known.Add(address);
    }

    private static bool Same(Uri one, Uri other) => GatewayAddress.WebSocket(one) == GatewayAddress.WebSocket(other);
}
