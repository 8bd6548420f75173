using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Protocol;

namespace Im.Message.Commit;

/// <remarks>
/// Places are guarded by the primary key of the log, for what changes them takes a seq. Blocks, names and owners take none. So each shard has a revision
/// that rises with every such change, and a plan is stored only while the shards that it touches have the revisions that it was made from (ADR 5).
/// </remarks>
public sealed partial class CommitPlan
{
    /// <summary>Others that one user may block: bounds the list that a client is shown, and a table that anybody may fill.</summary>
    public const int MaxBlocks = 10_000;

    private readonly Dictionary<int, long> _revisions = [];
    private readonly HashSet<int> _raised = [];

    public List<BlockChange> BlockChanges { get; } = [];

    /// <summary>The shards that the plan touches, with the revisions that it was made from.</summary>
    public IReadOnlyDictionary<int, long> Revisions => _revisions;

    /// <summary>Those of them whose revision rises by one with this plan.</summary>
    public IReadOnlyCollection<int> Raised => _raised;

    private Outcome ChangeBlock(Pending pending, ConversationState state)
    {
        var (user, isBlocked) = (pending.Submission.Sender, pending.Submission.Kind == SubmissionKind.BlockUser);
        if (!state.Id.IsBetween(user)) return Refuse(pending, Codes.NotFound);
        var other = state.Id.PeerOf(user);
        if (other == user) return Refuse(pending, Codes.Invalid);
        if (other == Ids.SystemUser) return Refuse(pending, Codes.Forbidden);
        if (!_facts.UserExists(other)) return Refuse(pending, Codes.NotFound);
        var own = state.BlockBy(user);
        if (state.Blocks.HasFlag(own) == isBlocked) return Unchanged(pending, state);
        if (isBlocked && BlocksOf(user) >= MaxBlocks) return Refuse(pending, Codes.Invalid);
        var after = state with { Blocks = state.Blocks ^ own };
        _after[state.Id] = after;
        BlockChanges.Add(new BlockChange(state.Id, user, other, isBlocked));
        return new Outcome(pending, null, MemberList.Empty, after.Head, Now, null);
    }

    /// <summary>As it will be after what this plan changes already.</summary>
    private int BlocksOf(long user) => _facts.BlocksOf(user) + BlockChanges.Where(one => one.User == user).Sum(one => one.IsBlocked ? 1 : -1);

    private void Guard()
    {
        foreach (var conversation in _after.Keys)
        {
            var shard = conversation.Shard(_facts.Shards);
            if (!_revisions.ContainsKey(shard)) _revisions[shard] = _facts.RevisionOf(shard);
        }

        foreach (var change in BlockChanges) _raised.Add(change.Conversation.Shard(_facts.Shards));
        foreach (var change in Changes)
            if (change is GroupChange.Renamed or GroupChange.Inherited) _raised.Add(change.Group.Shard(_facts.Shards));
    }
}
