namespace Im.Chaos.Journals;

/// <summary>
/// A line of a device's journal: what it said or saw, and when. Times are monotonic, since the beginning of the run. What a device does is noted before it
/// is done, what it sees is noted after it was seen: so whatever the lines contradict did happen.
/// </summary>
/// <param name="Line">Number of the device's connection, from 1 on; 0 where it is about none.</param>
public abstract record Entry(TimeSpan At, int Line);

/// <summary>A message is about to be sent, or sent again with the same id. Devices on the SDK note it once for each client of theirs: repeating is the SDK's part.</summary>
/// <param name="Id">The client's id of the message, which is its body too, so that whoever gets it knows which it is.</param>
/// <param name="To">A conversation id, or <c>@</c> and a user id.</param>
/// <param name="Try">1 for the first time.</param>
public sealed record Sends(TimeSpan At, int Line, string Id, string To, int Try) : Entry(At, Line);

/// <summary>The answer "stored, at this place".</summary>
public sealed record Accepted(TimeSpan At, int Line, string Id, string Conversation, long Seq, string MessageId) : Entry(At, Line);

/// <summary>The answer "not stored".</summary>
public sealed record Rejected(TimeSpan At, int Line, string Id, string Code, bool Retryable) : Entry(At, Line);

/// <summary>A message came: at a bare device every one on the wire, also those that it holds already; at one on the SDK what the application got.</summary>
/// <param name="Text">The body: the id of a message of the crowd, or the JSON of a member message.</param>
/// <param name="IsMember">Whether it is a message about joining and leaving.</param>
public sealed record Received(TimeSpan At, int Line, string Conversation, long Seq, string MessageId, string From, string Text, bool IsMember) : Entry(At, Line);

/// <summary>The device is about to acknowledge. The SDK does it by itself, no earlier than the line <see cref="Received"/>, and has no such lines.</summary>
public sealed record Acks(TimeSpan At, int Line, string Conversation, long Seq) : Entry(At, Line);

/// <summary>Told how far another one, or another device of the same user, holds a conversation.</summary>
public sealed record Receipt(TimeSpan At, int Line, string Conversation, string User, long? Delivered, long? Read) : Entry(At, Line);

/// <summary>A connection is about to be made. Whoever is on it was told nothing on it before. Devices on the SDK do not know it and have no such lines.</summary>
public sealed record Dials(TimeSpan At, int Line) : Entry(At, Line);

/// <summary>A <c>welcome</c> came.</summary>
/// <param name="Cursors">What <c>hello</c> said that the device holds; null where it said nothing.</param>
public sealed record Connected(TimeSpan At, int Line, string Gateway, IReadOnlyDictionary<string, long>? Cursors) : Entry(At, Line);

/// <summary>Everything missed before this connection was sent.</summary>
public sealed record Synced(TimeSpan At, int Line) : Entry(At, Line);

/// <summary>A connection ended.</summary>
/// <param name="Code">The server's close code; null where it broke off, or was never made.</param>
/// <param name="Wanted">The device itself left, to be away or to be elsewhere: no outage.</param>
public sealed record Disconnected(TimeSpan At, int Line, int? Code, bool Wanted) : Entry(At, Line);

/// <summary>A call that ends the device's session is about to be made.</summary>
public sealed record EndsSession(TimeSpan At) : Entry(At, 0);

/// <summary>That call was answered "done": from two seconds later on the session neither sends nor receives (ten while something is cut off).</summary>
public sealed record SessionEnded(TimeSpan At) : Entry(At, 0);

/// <summary>The device got a new session; it goes on where it was.</summary>
public sealed record SessionOpened(TimeSpan At) : Entry(At, 0);

/// <summary>The SDK told the application of an error that no fault of the system should ever show.</summary>
public sealed record SdkFault(TimeSpan At, string What) : Entry(At, 0);

/// <summary>The device is away of its own will from here on: that it is not connected and gets no answers is nobody's fault.</summary>
public sealed record GoesAway(TimeSpan At) : Entry(At, 0);
