using System.Diagnostics.CodeAnalysis;
using Im.Contracts;

namespace Im.Message.Commit;

/// <summary>
/// The conversations that the owner of shards used lately, and the revision of each shard. The rule that it keeps: a revision was read no later than the
/// states of its shard. So if it is still the shard's when a plan is stored, nothing that takes no seq has changed since the states were read. For one thread.
/// </summary>
public sealed class ConversationMemory(int generation)
{
    private readonly BoundedMemory<ConversationId, ConversationState> _states = new(generation);

    /// <summary>As many as there are shards at most.</summary>
    private readonly Dictionary<int, long> _revisions = [];

    public bool TryGet(ConversationId id, [MaybeNullWhen(false)] out ConversationState state) => _states.TryGet(id, out state);

    /// <summary>Known for the shard of every state that is remembered or was loaded.</summary>
    public long RevisionOf(int shard) => _revisions[shard];

    /// <summary>
    /// To be told before a plan is made of what was loaded. Where older states are used beside it, the older revision stays; where all was loaded anew, the
    /// new one counts and states that are older than it are forgotten.
    /// </summary>
    public void Learn(IReadOnlyDictionary<int, long> revisions, bool isAllNew)
    {
        if (isAllNew && revisions.Any(one => _revisions.TryGetValue(one.Key, out var known) && known != one.Value)) ForgetAll();
        foreach (var (shard, revision) in revisions) _revisions.TryAdd(shard, revision);
    }

    /// <summary>The plan is stored, or has nothing to store.</summary>
    public void Remember(CommitPlan plan)
    {
        foreach (var state in plan.After) _states.Set(state.Id, state);
        foreach (var shard in plan.Raised) _revisions[shard] = plan.Revisions[shard] + 1;
    }

    public void Forget(ConversationId id) => _states.Forget(id);

    public void ForgetAll()
    {
        _states.ForgetAll();
        _revisions.Clear();
    }
}
