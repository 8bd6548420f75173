namespace Im.Chaos.Verdicts.Rules;

/// <summary>What one connection was given of one conversation. Pure.</summary>
/// <param name="named">The cursor that <c>hello</c> named; null: the server goes by the one that it stored.</param>
/// <param name="stored">The most that this can be: the highest seq that the device acknowledged so far. It may be less, for it is stored with a delay.</param>
internal sealed class WireFeed(long? named, long stored)
{
    // Own sends, answered here.
    private HashSet<long>? _own;
    private long? _last;

    /// <summary>A message. What is wrong with it, or null.</summary>
    /// <param name="from">Where the user's time in the conversation begins; null where this place is none of his.</param>
    public string? Take(long seq, long? from)
    {
        if (from is not { } first) return null;
        if (Start is { } start && seq <= start)
        {
            // An id that was sent on two connections may be answered here and told besides.
            return _own?.Contains(seq) == true ? null : _last is null ? $"#{seq}, not behind the cursor {named} that hello named" : $"#{seq} behind #{_last}";
        }

        return Advance(seq, first);
    }

    /// <summary>The answer to a send that was never repeated: it stands in its place. What is wrong with it, or null.</summary>
    public string? Accept(long seq, long? from)
    {
        var fault = from is { } first && !(seq <= Start) ? Advance(seq, first) : null;
        Answered(seq);
        return fault;
    }

    /// <summary>The answer to a repeat: it may come early or late, and is the message in its place in any case.</summary>
    public void Answered(long seq) => (_own ??= []).Add(seq);

    /// <summary>Below it everything was given, or is held by what the device said. Null: the server knows where it began.</summary>
    private long? Start => _last ?? named;

    private string? Advance(long seq, long from)
    {
        string? fault = null;
        for (var hole = Math.Max((Start ?? stored) + 1, from); hole < seq && fault is null; hole++)
            if (_own?.Contains(hole) != true) fault = $"#{seq} without #{hole}";
        _last = seq;
        return fault;
    }
}
