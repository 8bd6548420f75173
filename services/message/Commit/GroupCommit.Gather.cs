using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Message.Log;

namespace Im.Message.Commit;

public sealed partial class GroupCommit
{
    /// <summary>Reads what memory does not hold, one query of each kind for the whole pile.</summary>
    /// <remarks>
    /// The states first, then what is stored: who is refused for the state of a conversation was then not stored before that state came about. The other way
    /// round a commit whose end nobody saw could come between the two, and a message that is stored be refused for good.
    /// </remarks>
    private async Task<CommitPlan.Facts> GatherAsync(IReadOnlyList<Pending> pile, bool careful, CancellationToken cancel)
    {
        if (_ownershipChanged)
        {
            _ownershipChanged = false;
            _conversations.ForgetAll();
        }

        var states = new Dictionary<ConversationId, ConversationState>();
        var unknown = new HashSet<ConversationId>();
        var blockers = new HashSet<long>();
        foreach (var pending in pile)
        {
            var id = pending.Submission.Conversation;
            if (!careful && _conversations.TryGet(id, out var state)) states[id] = state;
            else unknown.Add(id);
            if (pending.Submission.Kind == SubmissionKind.BlockUser) blockers.Add(pending.Submission.Sender);
        }

        if (unknown.Count > 0)
        {
            var loaded = await messages.LoadAsync(unknown, unknown.Select(id => id.Shard(system.Value.Shards)).ToHashSet(), cancel);
            foreach (var state in loaded.States) states[state.Id] = state;
            _conversations.Learn(loaded.Revisions, isAllNew: careful);
        }

        // Held beside the memory, which may be smaller than a pile.
        IReadOnlyDictionary<SendKey, Placed>? found = null;
        if (careful)
        {
            found = await messages.FindAsync([.. pile.Select(pending => pending.Key).Distinct()], cancel);
            foreach (var (key, placed) in found) _sends.Set(key, placed);
        }

        IReadOnlyDictionary<long, int>? blocks = blockers.Count > 0 ? await messages.CountBlocksAsync(blockers, cancel) : null;

        var users = pile.SelectMany(pending => CommitPlan.UsersToCheck(pending.Submission)).ToHashSet();
        var strangers = users.Where(user => !_users.TryGet(user, out _)).ToHashSet();
        users.ExceptWith(strangers);
        if (strangers.Count > 0)
        {
            foreach (var user in await messages.ExistingUsersAsync(strangers, cancel))
            {
                users.Add(user);
                _users.Set(user, true);
            }
        }

        return new CommitPlan.Facts(
            id => states[id],
            users.Contains,
            key => found?.TryGetValue(key, out var placed) is true || _sends.TryGet(key, out placed) ? placed : null,
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            options.Value.MaxGroupMembers,
            system.Value.Shards,
            _conversations.RevisionOf,
            user => blocks?.GetValueOrDefault(user) ?? 0);
    }

    private void Remember(CommitPlan plan)
    {
        _conversations.Remember(plan);
        foreach (var (key, placed) in plan.Placed) _sends.Set(key, placed);
    }
}
