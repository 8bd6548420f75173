namespace Im.Hosting.Limits;

/// <summary>A table of at most <paramref name="capacity"/> entries; the one unused longest makes room. Not for several threads at once.</summary>
public sealed class BoundedTable<TValue>(int capacity)
    where TValue : class
{
    private readonly Dictionary<string, LinkedListNode<(string Key, TValue Value)>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, TValue Value)> _byUse = new();

    public int Count => _entries.Count;

    public TValue? Find(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return null;
        _byUse.Remove(entry);
        _byUse.AddFirst(entry);
        return entry.Value.Value;
    }

    public TValue FindOrAdd(string key, Func<TValue> create)
    {
        if (Find(key) is { } found) return found;
        if (_entries.Count >= capacity)
        {
            _entries.Remove(_byUse.Last!.Value.Key);
            _byUse.RemoveLast();
        }

        var value = create();
        _entries[key] = _byUse.AddFirst((key, value));
        return value;
    }

    public void Remove(string key)
    {
        if (_entries.Remove(key, out var entry)) _byUse.Remove(entry);
    }
}
