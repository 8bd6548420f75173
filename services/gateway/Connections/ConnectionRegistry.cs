using System.Collections.Concurrent;
using System.Collections.Immutable;
using Im.Contracts;
using Im.Hosting.Nodes;
using Microsoft.Extensions.Options;

namespace Im.Gateway.Connections;

/// <summary>The connections of this gateway that said hello, by number, user and device. One connection per device: the one with the higher epoch closes the other, as in the route table.</summary>
public sealed class ConnectionRegistry(IOptions<GatewayOptions> options, TimeProvider time) : INodeDetails
{
    private readonly ConcurrentDictionary<long, ClientConnection> _byNumber = new();
    private readonly ConcurrentDictionary<long, ImmutableArray<ClientConnection>> _byUser = new();
    private readonly ConcurrentDictionary<long, ClientConnection> _byDevice = new();

    public int? Connections => _byNumber.Count;

    public string? Url => options.Value.PublicUrl is { Length: > 0 } url ? url : options.Value.Listen;

    public ICollection<ClientConnection> All => _byNumber.Values;

    public ICollection<long> Users => _byUser.Keys;

    /// <summary>Unique while this gateway runs.</summary>
    public long NextNumber() => Ids.Next(time);

    public ClientConnection? Find(long number) => _byNumber.GetValueOrDefault(number);

    public ImmutableArray<ClientConnection> OfUser(long user) => _byUser.TryGetValue(user, out var connections) ? connections : [];

    /// <summary>Returns the older connection of the device, which has to close: the one before, or this very one; null if it is alone.</summary>
    /// <param name="connection">It has drawn its epoch.</param>
    public ClientConnection? Add(ClientConnection connection, long user, long device)
    {
        _byNumber[connection.Number] = connection;
        _byUser.AddOrUpdate(user, [connection], (_, before) => before.Add(connection));
        ClientConnection? older = null;
        _byDevice.AddOrUpdate(device, connection, (_, before) =>
        {
            // By the epoch, and not by who came first: where the two rules differ each would close one of the two, and the device be gone.
            var isNewer = connection.Route!.Value.Epoch > before.Route!.Value.Epoch;
            older = isNewer ? before : connection;
            return isNewer ? connection : before;
        });
        return older;
    }

    public void Remove(ClientConnection connection, long user, long device)
    {
        _byNumber.TryRemove(connection.Number, out _);
        _byDevice.TryRemove(new KeyValuePair<long, ClientConnection>(device, connection));
        while (_byUser.TryGetValue(user, out var before))
        {
            var after = before.Remove(connection);
            var done = after.IsEmpty
                ? _byUser.TryRemove(new KeyValuePair<long, ImmutableArray<ClientConnection>>(user, before))
                : _byUser.TryUpdate(user, after, before);
            if (done) return;
        }
    }
}
