using Im.Contracts;

namespace Im.Message.Commit;

/// <summary>
/// What the owner of the shard remembers of a conversation between commits. It may be out of date after a hand-over; the primary key (conversation, seq)
/// finds that out before anything wrong is stored, for every change of members takes a seq.
/// </summary>
/// <param name="Head">The highest seq; 0 where there is no message yet.</param>
/// <param name="Title">Groups only.</param>
/// <param name="Owner">Groups only; 0 where nobody is left.</param>
public sealed record ConversationState(ConversationId Id, long Head, MemberList Members, string? Title = null, long Owner = 0)
{
    public bool Exists => Head > 0;

    /// <summary>A conversation that nobody has written to; of two users its members are known from its id.</summary>
    public static ConversationState New(ConversationId id) => new(id, 0, id.IsDirect ? MembersOf(id) : MemberList.Empty);

    public static MemberList MembersOf(ConversationId direct) => new(direct.High == direct.Low ? [direct.High] : [direct.High, direct.Low]);
}
