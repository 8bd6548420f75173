using Im.Gateway.Connections;

namespace Im.Gateway.Outbound;

/// <summary>
/// Connections that an envelope had something for. They are woken when it is through, so that all it had for one goes out in one write; those of a large group
/// before, so that the first do not wait for the last.
/// </summary>
internal sealed class Wakes
{
    /// <summary>More than an envelope of two-person conversations usually has, few of a large group.</summary>
    private const int Many = 500;

    private readonly HashSet<ClientConnection> _connections = new(Many);

    public void Add(ClientConnection connection)
    {
        if (_connections.Add(connection) && _connections.Count == Many) WakeAll();
    }

    public void WakeAll()
    {
        foreach (var connection in _connections) connection.Wake();
        _connections.Clear();
    }
}
