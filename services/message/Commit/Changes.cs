using Im.Contracts;

namespace Im.Message.Commit;

/// <summary>A change of a group that goes into the database together with its message.</summary>
public abstract record GroupChange(ConversationId Group)
{
    public sealed record Joined(ConversationId Group, IReadOnlyList<long> Users, long FromSeq) : GroupChange(Group);

    public sealed record Left(ConversationId Group, IReadOnlyList<long> Users, long Seq) : GroupChange(Group);

    /// <summary>Goes with the seq of the leaving that made it.</summary>
    public sealed record Inherited(ConversationId Group, long Owner) : GroupChange(Group);

    /// <summary>Takes no seq.</summary>
    public sealed record Renamed(ConversationId Group, string Title) : GroupChange(Group);
}

/// <summary>A block that begins or ends. Takes no seq.</summary>
public sealed record BlockChange(ConversationId Conversation, long User, long Other, bool IsBlocked);
