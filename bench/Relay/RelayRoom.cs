using System.Collections.Concurrent;
using System.Globalization;

namespace Im.Bench.Relay;

/// <summary>Who is connected, and the next place of each conversation.</summary>
internal sealed class RelayRoom
{
    private readonly ConcurrentDictionary<string, RelayConnection> _connected = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string, string), RelayConversation> _conversations = new();
    private int _users;

    public string NewUser() => Interlocked.Increment(ref _users).ToString(CultureInfo.InvariantCulture);

    public void Enter(string user, RelayConnection connection) => _connected[user] = connection;

    public void Leave(string user, RelayConnection connection) => _connected.TryRemove(KeyValuePair.Create(user, connection));

    public RelayConnection? Find(string user) => _connected.GetValueOrDefault(user);

    public RelayConversation Between(string one, string other) =>
        _conversations.GetOrAdd(string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one), static pair => new RelayConversation($"d{pair.Item1}-{pair.Item2}"));
}

/// <summary>Held while a message goes to both outboxes, so that both see one order.</summary>
internal sealed class RelayConversation(string id)
{
    private long _last;

    public string Id => id;

    public Lock Turn { get; } = new();

    public long Next() => ++_last;
}
