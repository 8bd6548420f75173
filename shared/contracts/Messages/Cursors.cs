using System.Text.Json.Serialization;

namespace Im.Contracts.Messages;

/// <param name="Delivered">Highest seq that the device acknowledged.</param>
/// <param name="Read">Highest seq that the user has read; 0 where this report says nothing of it.</param>
public sealed record CursorMoved(long UserId, long DeviceKey, Guid Conversation, long Delivered, long Read);

/// <summary>Cursors that moved since the last batch. They never move back, so order and repeats of batches do not matter.</summary>
public sealed record ReportCursors([property: JsonConverter(typeof(PackedCursors))] IReadOnlyList<CursorMoved> Cursors);

/// <summary>Answer: they are stored, and need not be reported again.</summary>
public sealed record CursorsStored;
