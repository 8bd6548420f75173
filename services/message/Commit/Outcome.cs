using Im.Message.Log;

namespace Im.Message.Commit;

/// <summary>What becomes of one submission once the plan is stored.</summary>
/// <param name="Row">The new message; null where none was made.</param>
/// <param name="Audience">Who gets the message: the members as they are right after it.</param>
/// <param name="Seq">Where it stands, new or repeated.</param>
/// <param name="Code">Why it was refused; null where it was not.</param>
/// <param name="Changed">The group as it is now, where a command changed it; for the <paramref name="Notified"/>.</param>
public sealed record Outcome(
    Pending Pending,
    LogRow? Row,
    MemberList Audience,
    long Seq,
    long Time,
    string? Code,
    ConversationState? Changed = null,
    IReadOnlyList<long>? Notified = null);
