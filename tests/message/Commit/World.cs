using Im.Contracts;
using Im.Message.Commit;
using Im.Message.Log;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Commit;

/// <summary>What a plan is made from, without a database.</summary>
public sealed class World
{
    public const long Now = 1_800_000_000_000;

    public Dictionary<ConversationId, ConversationState> States { get; } = [];

    public HashSet<long> Users { get; } = [Ann, Bob, Cem, Dora];

    public Dictionary<SendKey, Placed> InLog { get; } = [];

    public int MaxGroupMembers { get; init; } = 5;

    public const int Shards = 16;

    public Dictionary<int, long> Revisions { get; } = [];

    /// <summary>How many others each user blocks besides.</summary>
    public Dictionary<long, int> Blocks { get; } = [];

    public CommitPlan Plan(params Pending[] pile) => CommitPlan.Of(
        pile,
        new CommitPlan.Facts(
            id => States.GetValueOrDefault(id) ?? ConversationState.New(id),
            Users.Contains,
            key => InLog.TryGetValue(key, out var placed) ? placed : null,
            Now,
            MaxGroupMembers,
            Shards,
            shard => Revisions.GetValueOrDefault(shard),
            user => Blocks.GetValueOrDefault(user)));

    /// <summary>The group exists; its first member is the owner.</summary>
    public World WithTeam(params long[] members)
    {
        States[Team] = new ConversationState(Team, 4, new MemberList(members), "Team", members[0]);
        return this;
    }

    public World WithHead(ConversationId direct, long head) => WithPair(direct, head, PairBlocks.None);

    public World WithPair(ConversationId direct, long head, PairBlocks blocks)
    {
        States[direct] = ConversationState.New(direct) with { Head = head, Blocks = blocks };
        return this;
    }
}
