using System.Data.Common;

namespace Im.Presence.Seen;

/// <summary>
/// Collects when users were seen, the latest per user, and writes it in batches. While the database is away it keeps them, up to its capacity; what
/// finds no room is lost and said so once, since last seen is best effort and memory is not.
/// </summary>
public sealed partial class LastSeenWriter(LastSeenTable table, ILogger<LastSeenWriter> log, int capacity = 100_000)
{
    private const int BatchSize = 500;
    private readonly Dictionary<long, long> _waiting = [];
    private bool _failing;
    private bool _full;

    public int Waiting
    {
        get { lock (_waiting) return _waiting.Count; }
    }

    /// <param name="at">Unix milliseconds.</param>
    public void Note(long user, long at)
    {
        lock (_waiting)
        {
            if (_waiting.TryGetValue(user, out var before)) _waiting[user] = Math.Max(before, at);
            else if (_waiting.Count < capacity) _waiting[user] = at;
            else if (!_full)
            {
                _full = true;
                LogFull(capacity);
            }
        }
    }

    /// <summary>Writes all that waits. A failure is kept for the next time.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                await table.WriteAsync(batch, cancel);
                _failing = false;
            }
            catch (Exception fault) when (fault is DbException or TimeoutException)
            {
                foreach (var (user, at) in batch) Note(user, at);
                if (!_failing) LogNotWritten(fault.Message);
                _failing = true;
                return;
            }
        }
    }

    private Dictionary<long, long> Take()
    {
        lock (_waiting)
        {
            var batch = _waiting.Take(BatchSize).ToDictionary();
            foreach (var user in batch.Keys) _waiting.Remove(user);
            _full = false;
            return batch;
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "last seen is not written for now: {Reason}. It is kept and tried again")]
    private partial void LogNotWritten(string reason);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "{Capacity} users wait for their last seen to be written: more are not kept")]
    private partial void LogFull(int capacity);
}
