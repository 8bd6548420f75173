using System.Text;
using System.Text.Json;
using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Message.Log;
using Im.Protocol;

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

/// <summary>A change of a group that goes into the database together with its message.</summary>
public abstract record GroupChange(ConversationId Group)
{
    public sealed record Joined(ConversationId Group, IReadOnlyList<long> Users, long FromSeq) : GroupChange(Group);

    public sealed record Left(ConversationId Group, IReadOnlyList<long> Users, long Seq) : GroupChange(Group);

    /// <summary>Goes with the seq of the leaving that made it.</summary>
    public sealed record Inherited(ConversationId Group, long Owner) : GroupChange(Group);

    /// <summary>Takes no seq, so it holds only while <paramref name="Owner"/> is still the owner.</summary>
    public sealed record Renamed(ConversationId Group, string Title, long Owner) : GroupChange(Group);
}

/// <summary>
/// Decides what a pile of submissions becomes: places, repeats, refusals. Pure: all that it needs was loaded before, and nothing happened until the plan is
/// stored. Submissions of a conversation get their seqs in the order of the pile.
/// </summary>
public sealed class CommitPlan
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
    public sealed record Facts(
        Func<ConversationId, ConversationState> State, Func<long, bool> UserExists, Func<SendKey, Placed?> Find, long Now, int MaxGroupMembers);

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

    public bool IsEmpty => Rows.Count == 0 && Changes.Count == 0;

    public long Now => _facts.Now;

    public static CommitPlan Of(IReadOnlyList<Pending> pile, Facts facts)
    {
        var plan = new CommitPlan(facts);
        foreach (var pending in pile) plan.Outcomes.Add(plan.Decide(pending));
        return plan;
    }

    /// <summary>The users whose existence decides about the submission.</summary>
    public static IEnumerable<long> UsersToCheck(Submission submission) => submission switch
    {
        { Kind: SubmissionKind.Send, MayCreate: true, Conversation.IsDirect: true } => [submission.Conversation.PeerOf(submission.Sender)],
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
            NewDirects.Add(state.Id);
        }

        return Append(pending, state, submission.Type, submission.Body, state.Members);
    }

    private Outcome CreateGroup(Pending pending, ConversationState state)
    {
        var submission = pending.Submission;
        // Two nodes drew the same id: the asking one draws again.
        if (state.Exists) return Refuse(pending, Codes.Unavailable);
        var members = new MemberList([.. new[] { submission.Sender }.Concat(submission.Members ?? []).Distinct()]);
        if (members.Count > _facts.MaxGroupMembers) return Refuse(pending, Codes.Invalid);
        if (!members.InJoinOrder.All(user => user == submission.Sender || _facts.UserExists(user))) return Refuse(pending, Codes.NotFound);
        var group = state with { Members = members, Title = Encoding.UTF8.GetString(submission.Body.Span), Owner = submission.Sender };
        NewGroups.Add(group);
        Changes.Add(new GroupChange.Joined(group.Id, members.InJoinOrder, 1));
        return AppendChange(pending, group, "joined", members.InJoinOrder, members.InJoinOrder);
    }

    private Outcome AddMembers(Pending pending, ConversationState state)
    {
        var submission = pending.Submission;
        if (!state.Id.IsGroup || state.Owner != submission.Sender) return Refuse(pending, Codes.Forbidden);
        var joined = (submission.Members ?? []).Distinct().Where(user => !state.Members.Contains(user)).ToArray();
        if (joined.Length == 0) return Unchanged(pending, state);
        if (state.Members.Count + joined.Length > _facts.MaxGroupMembers) return Refuse(pending, Codes.Invalid);
        if (!joined.All(_facts.UserExists)) return Refuse(pending, Codes.NotFound);
        Changes.Add(new GroupChange.Joined(state.Id, joined, state.Head + 1));
        var after = state with { Members = state.Members.With(joined) };
        return AppendChange(pending, after, "joined", joined, after.Members.InJoinOrder);
    }

    private Outcome RemoveMembers(Pending pending, ConversationState state)
    {
        var submission = pending.Submission;
        var left = (submission.Members ?? []).Distinct().ToArray();
        if (!state.Id.IsGroup) return Refuse(pending, Codes.Forbidden);
        if (left.Any(user => user != submission.Sender) && state.Owner != submission.Sender) return Refuse(pending, Codes.Forbidden);
        if (left.Length == 0 || !left.All(state.Members.Contains)) return Refuse(pending, Codes.NotFound);
        Changes.Add(new GroupChange.Left(state.Id, left, state.Head + 1));
        var members = state.Members.Without(left);
        var owner = members.Contains(state.Owner) ? state.Owner : members.Count > 0 ? members.InJoinOrder[0] : 0;
        if (owner != state.Owner) Changes.Add(new GroupChange.Inherited(state.Id, owner));
        return AppendChange(pending, state with { Members = members, Owner = owner }, "left", left, state.Members.InJoinOrder);
    }

    private Outcome Rename(Pending pending, ConversationState state)
    {
        if (!state.Id.IsGroup || state.Owner != pending.Submission.Sender) return Refuse(pending, Codes.Forbidden);
        var after = state with { Title = Encoding.UTF8.GetString(pending.Submission.Body.Span) };
        _after[state.Id] = after;
        Changes.Add(new GroupChange.Renamed(after.Id, after.Title, after.Owner));
        return new Outcome(pending, null, MemberList.Empty, after.Head, Now, null, after, after.Members.InJoinOrder);
    }

    private Outcome AppendChange(Pending pending, ConversationState after, string verb, IReadOnlyList<long> users, IReadOnlyList<long> notified)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, IEnumerable<string>> { [verb] = users.Select(Ids.Text) });
        return Append(pending, after, Limits.MemberType, body, after.Members) with { Changed = after, Notified = notified };
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

    private static Outcome Repeat(Pending pending, Placed placed) =>
        placed.Conversation == pending.Submission.Conversation && placed.Content == pending.Content
            ? new Outcome(pending, null, MemberList.Empty, placed.Seq, placed.Time, null)
            : Refuse(pending, Codes.IdReuse);

    private Outcome Unchanged(Pending pending, ConversationState state) => new(pending, null, MemberList.Empty, state.Head, Now, null);

    private static Outcome Refuse(Pending pending, string code) => new(pending, null, MemberList.Empty, 0, 0, code);
}
