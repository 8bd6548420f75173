using Im.Contracts;
using Im.Gateway.Connections;
using Im.Hosting.Nodes;

namespace Im.Gateway.Outbound;

/// <summary>A device that is online and waits in a conversation.</summary>
public readonly record struct WaitingDevice(long User, long DeviceKey, ConversationId Conversation, Backlog Backlog);

/// <summary>
/// What one reconciliation finds waiting: sums, and the few that have waited longest by the count of reconciliations, whose true times are read from the log
/// afterwards. Of those first seen in the same reconciliation any few stand for all: their ages differ by less than a period.
/// </summary>
public sealed class WaitingTally
{
    /// <summary>Looked up in the log, each by itself.</summary>
    private const int MaxLongest = 16;

    private readonly PriorityQueue<WaitingDevice, long> _longest = new();

    /// <summary>When the first of each kind was seen waiting, Unix milliseconds; null where none waits.</summary>
    private long? _unsentSince, _unacknowledgedSince;

    public long Unsent { get; private set; }

    public long Unacknowledged { get; private set; }

    public IEnumerable<WaitingDevice> Longest => _longest.UnorderedItems.Select(one => one.Element);

    /// <param name="now">Unix milliseconds.</param>
    public long SecondsUnsent(long now) => Seconds(_unsentSince, now);

    /// <inheritdoc cref="SecondsUnsent"/>
    public long SecondsUnacknowledged(long now) => Seconds(_unacknowledgedSince, now);

    public void Add(ClientConnection connection, ConversationId conversation, Backlog backlog)
    {
        if (!backlog.IsEmpty && connection.Session is { } session) Add(new WaitingDevice(session.User, session.DeviceKey, conversation, backlog));
    }

    public void Add(WaitingDevice device)
    {
        Unsent += device.Backlog.Unsent;
        Unacknowledged += device.Backlog.Unacknowledged;
        // What waits first says what the device waits for: behind something unacknowledged it is the client that is slow, not us.
        if (device.Backlog.Unacknowledged > 0) _unacknowledgedSince = Earlier(_unacknowledgedSince, device.Backlog.Since);
        else _unsentSince = Earlier(_unsentSince, device.Backlog.Since);
        // The one that waits shortest comes out first, hence the sign.
        if (_longest.Count < MaxLongest) _longest.Enqueue(device, -device.Backlog.Since);
        else _longest.EnqueueDequeue(device, -device.Backlog.Since);
    }

    /// <param name="times">When the messages were accepted; one that is not among them is left out, for it is not in the log.</param>
    public OldestWaiting? OldestBy(IReadOnlyDictionary<(ConversationId Conversation, long Seq), long> times)
    {
        OldestWaiting? oldest = null;
        foreach (var one in Longest)
        {
            if (!times.TryGetValue((one.Conversation, one.Backlog.FirstSeq), out var at) || at >= oldest?.AcceptedAt) continue;
            oldest = new OldestWaiting(one.User, one.DeviceKey, one.Conversation.ToGuid(), one.Backlog.FirstSeq, at, one.Backlog.Unacknowledged > 0);
        }

        return oldest;
    }

    private static long Earlier(long? one, long other) => Math.Min(one ?? other, other);

    private static long Seconds(long? since, long now) => since is { } began ? Math.Max(0, now - began) / 1000 : 0;
}
