using Im.Contracts;

namespace Im.Message.Commit;

/// <summary>Which of a pair blocks the other.</summary>
[Flags]
public enum PairBlocks
{
    None = 0,
    ByHigh = 1,
    ByLow = 2,
}

/// <summary>
/// What the owner of the shard remembers of a conversation between commits. It may be out of date after a hand-over. The primary key (conversation, seq)
/// finds that out before anything wrong is stored, for every change of members takes a seq; the shard's revision finds out the rest.
/// </summary>
/// <param name="Head">The highest seq; 0 where there is no message yet.</param>
/// <param name="Title">Groups only.</param>
/// <param name="Owner">Groups only; 0 where nobody is left.</param>
/// <param name="Blocks">Pairs only; also of a conversation that has not begun.</param>
public sealed record ConversationState(
    ConversationId Id, long Head, MemberList Members, string? Title = null, long Owner = 0, PairBlocks Blocks = PairBlocks.None)
{
    public bool Exists => Head > 0;

    /// <summary>A conversation that nobody has written to; of two users its members are known from its id.</summary>
    public static ConversationState New(ConversationId id) => new(id, 0, id.IsDirect ? MembersOf(id) : MemberList.Empty);

    public static MemberList MembersOf(ConversationId direct) => new(direct.High == direct.Low ? [direct.High] : [direct.High, direct.Low]);

    /// <summary>The block that this one of the two makes.</summary>
    public PairBlocks BlockBy(long user) => user == Id.High ? PairBlocks.ByHigh : PairBlocks.ByLow;
}
