using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Message.Log;
using Im.Protocol;

namespace Im.Message.Commit;

/// <summary>
/// Decides what a pile of submissions becomes: places, repeats, refusals. Pure: all that it needs was loaded before, and nothing happened until the plan is
/// stored. Submissions of a conversation get their seqs in the order of the pile.
/// </summary>
public sealed partial class CommitPlan
{
    private readonly Facts _facts;
    private readonly Dictionary<ConversationId, ConversationState> _after = [];
    private readonly Dictionary<SendKey, Placed> _placed = [];

    private CommitPlan(Facts facts) => _facts = facts;

    /// <summary>What the plan is made from.</summary>
    /// <param name="State">The conversation as remembered or loaded.</param>
    /// <param name="UserExists">Asked for users that a conversation begins with or that join a group.</param>
    /// <param name="Find">A message that is known to be in the log already; null where none is known.</param>
    /// <param name="Now">Unix milliseconds.</param>
    /// <param name="Shards">How many shards there are.</param>
    /// <param name="RevisionOf">The revision of a shard, read no later than the states of its conversations.</param>
    /// <param name="BlocksOf">How many others a user blocks; asked for users who block one more.</param>
    public sealed record Facts(
        Func<ConversationId, ConversationState> State,
        Func<long, bool> UserExists,
        Func<SendKey, Placed?> Find,
        long Now,
        int MaxGroupMembers,
        int Shards,
        Func<int, long> RevisionOf,
        Func<long, int> BlocksOf);

    public List<Outcome> Outcomes { get; } = [];

    public List<LogRow> Rows { get; } = [];

    /// <summary>Conversations of two that begin with this plan.</summary>
    public List<ConversationId> NewDirects { get; } = [];

    public List<ConversationState> NewGroups { get; } = [];

    public List<GroupChange> Changes { get; } = [];

    /// <summary>The touched conversations as they are once the plan is stored.</summary>
    public IReadOnlyCollection<ConversationState> After => _after.Values;

    /// <summary>The messages that the plan placed, to recognize their repeats.</summary>
    public IReadOnlyDictionary<SendKey, Placed> Placed => _placed;

    /// <summary>Submissions that were found to be in the log already, or earlier in the same pile.</summary>
    public int Repeats { get; private set; }

    public bool IsEmpty => Rows.Count == 0 && Changes.Count == 0 && BlockChanges.Count == 0;

    /// <summary>
    /// Something was refused, or found to be so already. Nothing in the log finds out that this was decided from an outdated state: decide from the log.
    /// </summary>
    public bool IsUnguarded { get; private set; }

    public long Now => _facts.Now;

    public static CommitPlan Of(IReadOnlyList<Pending> pile, Facts facts)
    {
        var plan = new CommitPlan(facts);
        foreach (var pending in pile) plan.Outcomes.Add(plan.Decide(pending));
        plan.Guard();
        return plan;
    }

    /// <summary>The users whose existence decides about the submission.</summary>
    public static IEnumerable<long> UsersToCheck(Submission submission) => submission switch
    {
        { Kind: SubmissionKind.Send, MayCreate: true, Conversation.IsDirect: true } => [submission.Conversation.PeerOf(submission.Sender)],
        { Kind: SubmissionKind.BlockUser or SubmissionKind.UnblockUser, Conversation.IsDirect: true } => [submission.Conversation.PeerOf(submission.Sender)],
        { Kind: SubmissionKind.CreateGroup or SubmissionKind.AddMembers, Members: { } members } => members,
        _ => [],
    };

    private Outcome Decide(Pending pending)
    {
        var submission = pending.Submission;
        // A repeat is answered with what it got, even if the sender could no longer send: so this comes first.
        if (_placed.TryGetValue(pending.Key, out var placed)) return Repeat(pending, placed);
        if (_facts.Find(pending.Key) is { } known) return Repeat(pending, known);
        var state = _after.TryGetValue(submission.Conversation, out var touched) ? touched : _facts.State(submission.Conversation);
        return submission.Kind switch
        {
            SubmissionKind.Send => Send(pending, state),
            SubmissionKind.CreateGroup => CreateGroup(pending, state),
            SubmissionKind.BlockUser or SubmissionKind.UnblockUser => ChangeBlock(pending, state),
            _ when !state.Exists || !state.Members.Contains(submission.Sender) => Refuse(pending, Codes.NotFound),
            SubmissionKind.AddMembers => AddMembers(pending, state),
            SubmissionKind.RemoveMembers => RemoveMembers(pending, state),
            _ => Rename(pending, state),
        };
    }

    private Outcome Send(Pending pending, ConversationState state)
    {
        var submission = pending.Submission;
        if (Limits.IsMemberType(submission.Type)) return Refuse(pending, Codes.Forbidden);
        // The system speaks in every conversation that there is; only operators can make it speak.
        var isSystem = submission.Sender == Ids.SystemUser && state.Exists;
        if (!isSystem && !state.Members.Contains(submission.Sender)) return Refuse(pending, Codes.NotFound);
        if (!state.Exists)
        {
            if (!submission.MayCreate || !state.Id.IsDirect) return Refuse(pending, Codes.NotFound);
            if (!_facts.UserExists(state.Id.PeerOf(submission.Sender))) return Refuse(pending, Codes.NotFound);
        }

        // Only now: a block tells nobody who exists. It holds in both directions, whoever of the two made it.
        if (state.Blocks != PairBlocks.None && submission.Sender != Ids.SystemUser) return Refuse(pending, Codes.Blocked);
        if (!state.Exists) NewDirects.Add(state.Id);
        return Append(pending, state, submission.Type, submission.Body, state.Members);
    }

    private Outcome Append(Pending pending, ConversationState state, string? type, ReadOnlyMemory<byte> body, MemberList audience)
    {
        var seq = state.Head + 1;
        var row = new LogRow(state.Id, seq, pending.Submission.Sender, pending.Submission.ClientId, pending.Key.ClientKey, type, body, Now);
        Rows.Add(row);
        _after[state.Id] = state with { Head = seq };
        _placed[pending.Key] = new Placed(state.Id, seq, Now, pending.Content);
        return new Outcome(pending, row, audience, seq, Now, null);
    }

    private Outcome Repeat(Pending pending, Placed placed)
    {
        if (placed.Conversation != pending.Submission.Conversation || placed.Content != pending.Content) return Refuse(pending, Codes.IdReuse);
        Repeats++;
        return new Outcome(pending, null, MemberList.Empty, placed.Seq, placed.Time, null);
    }

    private Outcome Unchanged(Pending pending, ConversationState state)
    {
        IsUnguarded = true;
        return new Outcome(pending, null, MemberList.Empty, state.Head, Now, null);
    }

    private Outcome Refuse(Pending pending, string code)
    {
        // An id that was used for other content is known from the log itself.
        IsUnguarded |= code != Codes.IdReuse;
        return new Outcome(pending, null, MemberList.Empty, 0, 0, code);
    }
}
