using System.Text;
using System.Text.Json;
using Im.Contracts;
using Im.Protocol;

namespace Im.Message.Commit;

public sealed partial class CommitPlan
{
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
        Changes.Add(new GroupChange.Renamed(after.Id, after.Title));
        return new Outcome(pending, null, MemberList.Empty, after.Head, Now, null, after, after.Members.InJoinOrder);
    }

    private Outcome AppendChange(Pending pending, ConversationState after, string verb, IReadOnlyList<long> users, IReadOnlyList<long> notified)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, IEnumerable<string>> { [verb] = users.Select(Ids.Text) });
        return Append(pending, after, Limits.MemberType, body, after.Members) with { Changed = after, Notified = notified };
    }
}
