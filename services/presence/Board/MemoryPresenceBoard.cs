using System.Collections.Concurrent;

namespace Im.Presence.Board;

/// <summary>The board of a process that has all modules inside.</summary>
public sealed class MemoryPresenceBoard(TimeProvider time) : IPresenceBoard, IDisposable
{
    private readonly ConcurrentDictionary<long, PresenceRecord> _records = new();
    private readonly Lock _walking = new();
    private IEnumerator<KeyValuePair<long, PresenceRecord>>? _walk;

    public Task<PresenceRecord[]> ReadAsync(IReadOnlyList<long> users, CancellationToken cancel)
    {
        var found = new PresenceRecord[users.Count];
        for (var i = 0; i < found.Length; i++) found[i] = _records.GetValueOrDefault(users[i], PresenceRecord.Unknown);
        return Task.FromResult(found);
    }

    public Task<bool[]> ReplaceAsync(IReadOnlyList<PresenceUpdate> updates, CancellationToken cancel)
    {
        var done = new bool[updates.Count];
        for (var i = 0; i < done.Length; i++)
        {
            var (user, before, after) = updates[i];
            done[i] = before.Version == 0 ? _records.TryAdd(user, after) : _records.TryUpdate(user, after, before);
        }

        return Task.FromResult(done);
    }

    public Task<IReadOnlyList<long>> NextToCheckAsync(int limit, CancellationToken cancel)
    {
        var next = new HashSet<long>(_records.Where(entry => !entry.Value.Announced).Take(limit).Select(entry => entry.Key));
        var most = next.Count + limit;
        var forgotten = (time.GetUtcNow() - PresenceBoard.OfflineMemory).ToUnixTimeMilliseconds();
        lock (_walking)
        {
            _walk ??= _records.GetEnumerator();
            for (var left = _records.Count; next.Count < most && left > 0; left--)
            {
                if (!_walk.MoveNext())
                {
                    _walk.Dispose();
                    _walk = null;
                    break;
                }

                var (user, record) = _walk.Current;
                if (record.IsHere) next.Add(user);
                else if (record.Announced && record.LastSeen < forgotten) _records.TryRemove(_walk.Current);
            }
        }

        return Task.FromResult<IReadOnlyList<long>>([.. next]);
    }

    public void Dispose() => _walk?.Dispose();
}
