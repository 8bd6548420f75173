namespace Im.Chaos.Load;

/// <summary>What a device holds of one conversation, without a gap from where it began. It never gets less. Not safe for several threads.</summary>
public sealed class Holding
{
    // Beyond a gap: kept, so that what fills it brings the device up to here at once.
    private readonly HashSet<long> _ahead = [];

    /// <summary>Everything that this user may see up to here; 0 where nothing came yet.</summary>
    public long Held { get; private set; }

    /// <summary>A message came, or the answer to one of its own.</summary>
    /// <param name="begins">The message by which the user himself joined: what lies before it is not his.</param>
    /// <returns>False for a repeat.</returns>
    public bool Note(long seq, bool begins = false)
    {
        if (seq <= Held || !_ahead.Add(seq)) return false;
        if (begins) Held = seq - 1;
        while (_ahead.Remove(Held + 1)) Held++;
        if (begins) _ahead.RemoveWhere(one => one <= Held);
        return true;
    }
}
