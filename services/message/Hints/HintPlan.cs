using Im.Contracts;
using Im.Contracts.Lanes;
using Im.Message.Commit;
using Im.Message.Cursors;
using Route = Im.Hosting.Routes.Route;

namespace Im.Message.Hints;

/// <summary>
/// Decides who is told of what nobody keeps: receipts and typing. Pure. What is to be told is an envelope whose notices name everybody, on whatever node;
/// with the routes it becomes one envelope per node.
/// </summary>
public static class HintPlan
{
    /// <summary>
    /// Receipts are for the user's other devices, and in a conversation of two for the other one. Between two with a block they would tell when the other is
    /// there.
    /// </summary>
    public static Envelope ReceiptsOf(IReadOnlyList<MarkMoved> moved)
    {
        var receipts = new List<ReceiptNotice>(moved.Count);
        foreach (var one in moved)
        {
            if (!one.IsMember) continue;
            var tellsPeer = one.Conversation.IsDirect && !one.IsBlocked && one.Conversation.PeerOf(one.User) != one.User;
            long[] users = tellsPeer ? [one.User, one.Conversation.PeerOf(one.User)] : [one.User];
            receipts.Add(new ReceiptNotice(one.Conversation, one.User, one.Device, one.Delivered, one.Read, users));
        }

        return Envelope.Empty with { Receipts = receipts };
    }

    /// <param name="audiences">Of the conversations in which typing is told at all.</param>
    public static Envelope TypingsOf(
        IReadOnlyList<(long User, ConversationId Conversation)> typed, IReadOnlyDictionary<ConversationId, MemberList> audiences)
    {
        var typings = new List<TypingNotice>(typed.Count);
        foreach (var (user, conversation) in typed)
        {
            if (!audiences.TryGetValue(conversation, out var members) || !members.Contains(user) || members.Count == 1) continue;
            typings.Add(new TypingNotice(conversation, user, members.Without([user]).InJoinOrder));
        }

        return Envelope.Empty with { Typings = typings };
    }

    /// <summary>Everybody who is to be told.</summary>
    public static IReadOnlyList<long> UsersOf(Envelope hints) =>
        [.. hints.Receipts.SelectMany(one => one.Users).Concat(hints.Typings.SelectMany(one => one.Users)).Distinct()];

    /// <param name="hints">Notices for everybody; nothing else is in it.</param>
    public static IReadOnlyDictionary<string, Envelope> Of(Envelope hints, Func<long, IReadOnlyList<Route>> routes)
    {
        var drafts = new Dictionary<string, Draft>();
        foreach (var receipt in hints.Receipts)
        {
            foreach (var user in receipt.Users)
            {
                foreach (var route in routes(user))
                {
                    // The device knows what it reported.
                    if (user != receipt.User || route.DeviceKey != receipt.Device) Of(drafts, route.Boot).Add(receipt, user);
                }
            }
        }

        foreach (var typing in hints.Typings)
        {
            foreach (var user in typing.Users)
                foreach (var route in routes(user)) Of(drafts, route.Boot).Add(typing, user);
        }

        return drafts.ToDictionary(entry => entry.Key, entry => Envelope.Empty with { Receipts = entry.Value.Receipts, Typings = entry.Value.Typings });
    }

    private static Draft Of(Dictionary<string, Draft> drafts, string boot)
    {
        if (!drafts.TryGetValue(boot, out var draft)) drafts[boot] = draft = new Draft();
        return draft;
    }

    /// <summary>What one node is told. The users of a notice come one after the other, so the last notice is the one that grows.</summary>
    private sealed class Draft
    {
        private object? _last;
        private List<long> _users = [];

        public List<ReceiptNotice> Receipts { get; } = [];

        public List<TypingNotice> Typings { get; } = [];

        public void Add(ReceiptNotice notice, long user)
        {
            if (IsNew(notice, user)) Receipts.Add(notice with { Users = _users });
        }

        public void Add(TypingNotice notice, long user)
        {
            if (IsNew(notice, user)) Typings.Add(notice with { Users = _users });
        }

        private bool IsNew(object notice, long user)
        {
            if (ReferenceEquals(_last, notice))
            {
                if (_users[^1] != user) _users.Add(user);
                return false;
            }

            (_last, _users) = (notice, [user]);
            return true;
        }
    }
}
