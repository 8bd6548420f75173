using Im.Contracts.Lanes;
using Im.Message.Commit;
using Route = Im.Hosting.Routes.Route;

namespace Im.Message.Delivery;

/// <summary>
/// Decides which node gets what of a commit: one envelope per node, with the deliveries and the answers together. Pure. Who has no route gets nothing
/// here: the log and his cursors are his offline store.
/// </summary>
public static class DeliveryPlan
{
    /// <param name="routes">The routes of a user as they were after the commit.</param>
    public static IReadOnlyDictionary<string, Envelope> Of(IReadOnlyList<Outcome> outcomes, Func<long, IReadOnlyList<Route>> routes)
    {
        var drafts = new Dictionary<string, Draft>();
        foreach (var outcome in outcomes)
        {
            if (outcome.Row is not null) Deliver(drafts, outcome, routes);
            else Answer(drafts, outcome);
            if (outcome.Changed is not null) Notify(drafts, outcome, routes);
        }

        return drafts.ToDictionary(
            entry => entry.Key, entry => Envelope.Empty with { Deliveries = entry.Value.Deliveries, Answers = entry.Value.Answers, Notices = entry.Value.Notices });
    }

    private static void Deliver(Dictionary<string, Draft> drafts, Outcome outcome, Func<long, IReadOnlyList<Route>> routes)
    {
        var (row, submission, node) = (outcome.Row!, outcome.Pending.Submission, outcome.Pending.Node);
        // A command's connection is a waiting call, not a socket: its members, the asking one too, get the message like anybody.
        var isSend = submission.Kind == SubmissionKind.Send;
        var usersByNode = new Dictionary<string, List<long>>();
        foreach (var user in outcome.Audience.InJoinOrder)
        {
            foreach (var route in routes(user))
            {
                if (isSend && route.Boot == node && route.Connection == submission.Connection) continue;
                if (!usersByNode.TryGetValue(route.Boot, out var users)) usersByNode[route.Boot] = users = [];
                if (users.Count == 0 || users[^1] != user) users.Add(user);
            }
        }

        if (!isSend) Answer(drafts, outcome);
        else usersByNode.TryAdd(node, []);
        foreach (var (boot, users) in usersByNode)
        {
            var origin = isSend && boot == node ? submission.Connection : 0;
            Of(drafts, boot).Deliveries.Add(
                new Im.Contracts.Lanes.Delivery(row.Conversation, row.Seq, row.Sender, row.ClientId, row.Type, row.Body, row.Time, origin, users, submission.Trace));
        }
    }

    private static void Answer(Dictionary<string, Draft> drafts, Outcome outcome)
    {
        var submission = outcome.Pending.Submission;
        Of(drafts, outcome.Pending.Node).Answers.Add(
            new Answer(submission.Connection, submission.ClientId, submission.Conversation, outcome.Seq, outcome.Time, outcome.Code));
    }

    private static void Notify(Dictionary<string, Draft> drafts, Outcome outcome, Func<long, IReadOnlyList<Route>> routes)
    {
        var group = outcome.Changed!;
        var byMembership = outcome.Notified!.ToLookup(group.Members.Contains);
        foreach (var isMember in new[] { true, false })
        {
            // Who is out learns that he is, not who is in.
            var members = isMember ? group.Members.InJoinOrder : [];
            var usersByNode = byMembership[isMember].SelectMany(user => routes(user).Select(route => (route.Boot, User: user))).Distinct().ToLookup(one => one.Boot, one => one.User);
            foreach (var users in usersByNode)
                Of(drafts, users.Key).Notices.Add(new ConversationNotice(group.Id, group.Title ?? "", members, [.. users]));
        }
    }

    private static Draft Of(Dictionary<string, Draft> drafts, string boot)
    {
        if (!drafts.TryGetValue(boot, out var draft)) drafts[boot] = draft = new Draft();
        return draft;
    }

    private sealed class Draft
    {
        public List<Im.Contracts.Lanes.Delivery> Deliveries { get; } = [];

        public List<Answer> Answers { get; } = [];

        public List<ConversationNotice> Notices { get; } = [];
    }
}
