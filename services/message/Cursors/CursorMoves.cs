using Im.Contracts;
using Im.Contracts.Messages;

namespace Im.Message.Cursors;

/// <summary>How far a device got.</summary>
public readonly record struct DeviceMove(long Device, ConversationId Conversation, long Seq);

/// <summary>How far a user got, over all devices in a report.</summary>
/// <param name="Device">The one that reported it; 0 where several did.</param>
/// <param name="Read">0 where nothing was said of it.</param>
public readonly record struct MarkMove(long User, ConversationId Conversation, long Device, long Delivered, long Read);

/// <summary>A mark that rose, as it is stored now.</summary>
/// <param name="Device">The one that reported it and need not be told; 0 where several did.</param>
/// <param name="Delivered">Highest seq.</param>
/// <param name="Read">Highest seq; 0 where nothing was said of it.</param>
/// <param name="IsMember">False where the user is out of the conversation by now.</param>
/// <param name="IsBlocked">One of the two blocks the other.</param>
public readonly record struct MarkMoved(
    long User, ConversationId Conversation, long Device, long Delivered, long Read, bool IsMember, bool IsBlocked);

/// <summary>
/// A report as rows, one for each cursor and one for each mark. Sorted: two services that move the same rows must take them in the same order, or each waits
/// for the other.
/// </summary>
public sealed record CursorMoves(IReadOnlyList<DeviceMove> Devices, IReadOnlyList<MarkMove> Marks)
{
    public static CursorMoves Of(IReadOnlyCollection<CursorMoved> cursors) => new(
        [
            .. cursors.GroupBy(one => (one.DeviceKey, one.Conversation)).OrderBy(group => group.Key)
                .Select(group => new DeviceMove(group.Key.DeviceKey, ConversationId.FromGuid(group.Key.Conversation), group.Max(one => one.Delivered))),
        ],
        [
            .. cursors.GroupBy(one => (one.UserId, one.Conversation)).OrderBy(group => group.Key)
                .Select(group => new MarkMove(
                    group.Key.UserId,
                    ConversationId.FromGuid(group.Key.Conversation),
                    group.All(one => one.DeviceKey == group.First().DeviceKey) ? group.First().DeviceKey : 0,
                    group.Max(one => one.Delivered),
                    group.Max(one => one.Read))),
        ]);
}
