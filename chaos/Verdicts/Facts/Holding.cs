namespace Im.Chaos.Verdicts.Facts;

/// <summary>Since when a device holds each message of a conversation: as it came, or as its own was accepted.</summary>
internal sealed class Holding
{
    public const int First = 1;

    private readonly TimeSpan[] _since;

    public Holding(ConversationLog log)
    {
        Log = log;
        _since = new TimeSpan[log.Head + 1];
        Array.Fill(_since, TimeSpan.MaxValue);
    }

    public ConversationLog Log { get; }

    /// <summary><see cref="TimeSpan.MaxValue"/>: never.</summary>
    public TimeSpan Since(long seq) => _since[seq];

    public bool Has(long seq) => seq >= First && seq <= Log.Head && _since[seq] != TimeSpan.MaxValue;

    /// <summary>False where it was held already. Places that the log does not have are held by nobody.</summary>
    public bool Take(long seq, TimeSpan at)
    {
        if (seq < First || seq > Log.Head || _since[seq] != TimeSpan.MaxValue) return false;
        _since[seq] = at;
        return true;
    }
}
