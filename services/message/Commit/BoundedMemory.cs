using System.Diagnostics.CodeAnalysis;

namespace Im.Message.Commit;

/// <summary>
/// Remembers what was used lately, at most twice <paramref name="generation"/> entries: when the young half is full, the old half is forgotten. What was
/// forgotten is read from the database again. For one thread.
/// </summary>
public sealed class BoundedMemory<TKey, TValue>(int generation)
    where TKey : notnull
{
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_young.TryGetValue(key, out value)) return true;
        if (!_old.TryGetValue(key, out value)) return false;
        Set(key, value);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (_young.Count >= generation && !_young.ContainsKey(key)) (_young, _old) = ([], _young);
        _young[key] = value;
    }

    public void Forget(TKey key)
    {
        _young.Remove(key);
        _old.Remove(key);
    }

    public void ForgetAll()
    {
        _young.Clear();
        _old.Clear();
    }
}
