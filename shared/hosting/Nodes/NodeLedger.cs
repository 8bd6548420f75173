using System.Text.Json;

namespace Im.Hosting.Nodes;

/// <summary>
/// What this process did with messages since it started, for the operators' ledger. Told per batch, never per message; the node's row on the board carries it
/// once a second, so that asking costs no process anything.
/// </summary>
public sealed class NodeLedger : INodeDetails
{
    private long _accepted, _repeats, _sent;
    private volatile OnlineBacklog? _online;

    string? INodeDetails.Ledger => JsonSerializer.Serialize(Figures);

    public NodeFigures Figures => new(Interlocked.Read(ref _accepted), Interlocked.Read(ref _repeats), Interlocked.Read(ref _sent), _online);

    /// <summary>A commit of this process is stored.</summary>
    /// <param name="repeats">Sends that were in the log already: repeated by a client, or brought again by the broker.</param>
    public void Committed(int accepted, int repeats)
    {
        if (accepted > 0) Interlocked.Add(ref _accepted, accepted);
        if (repeats > 0) Interlocked.Add(ref _repeats, repeats);
    }

    /// <summary>Messages were given to connections of this process, one for each connection; to the one that sent a message as its <c>accepted</c>.</summary>
    public void Sent(long messages)
    {
        if (messages > 0) Interlocked.Add(ref _sent, messages);
    }

    /// <summary>What reconciliation found.</summary>
    public void Swept(OnlineBacklog online) => _online = online;
}

/// <summary>Since the process started.</summary>
/// <param name="Online">Of a gateway, once it has reconciled.</param>
public sealed record NodeFigures(long Accepted, long Repeats, long Sent, OnlineBacklog? Online);

/// <summary>What the devices that are connected to a gateway wait for, by the reconciliation that ended last.</summary>
/// <param name="AsOf">When it ended, Unix milliseconds.</param>
/// <param name="Devices">Connections that were looked at.</param>
/// <param name="Unsent">Messages that a connection was not given yet, one for each connection.</param>
/// <param name="Unacknowledged">Messages that a connection was given and that its device has not acknowledged.</param>
public sealed record OnlineBacklog(long AsOf, int Devices, long Unsent, long Unacknowledged, OldestWaiting? Oldest);

/// <summary>The message that a connected device waits for longest.</summary>
/// <param name="AcceptedAt">Unix milliseconds.</param>
/// <param name="IsSent">Its connection was given it.</param>
public sealed record OldestWaiting(long UserId, long DeviceKey, Guid Conversation, long Seq, long AcceptedAt, bool IsSent);
