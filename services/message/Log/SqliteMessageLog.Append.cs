using System.Data.Common;
using Im.Contracts;
using Im.Hosting.Storage;
using Im.Message.Commit;

namespace Im.Message.Log;

public sealed partial class SqliteMessageLog
{
    public async Task<bool> AppendAsync(CommitPlan plan, CancellationToken cancel)
    {
        try
        {
            return await database.CommitAsync(
                statements =>
                {
                    AddConversations(statements, plan);
                    foreach (var change in plan.Changes) Change(statements, change);
                    foreach (var change in plan.BlockChanges) ChangeBlock(statements, change, plan.Now);
                    Guard(statements, plan);
                    AddMessages(statements, plan.Rows);
                    return true;
                },
                cancel);
        }
        catch (DbException fault) when (database.IsUniqueViolation(fault))
        {
            return false;
        }
    }

    private static void AddConversations(SqliteStatements statements, CommitPlan plan)
    {
        var add = statements["INSERT INTO conversations (conversation, kind, title, owner, created_at) VALUES (?, ?, ?, ?, ?)"];
        var join = statements["INSERT INTO members (conversation, user_id, from_seq, place) VALUES (?, ?, 1, 1)"];
        foreach (var id in plan.NewDirects)
        {
            add.Bind(1, id).Bind(2, 1).BindNull(3).BindNull(4).Bind(5, plan.Now).Run();
            foreach (var user in ConversationState.MembersOf(id).InJoinOrder) join.Bind(1, id).Bind(2, user).Run();
        }

        foreach (var group in plan.NewGroups) add.Bind(1, group.Id).Bind(2, 2).Bind(3, group.Title).Bind(4, group.Owner).Bind(5, plan.Now).Run();
    }

    private static void Change(SqliteStatements statements, GroupChange change)
    {
        switch (change)
        {
            case GroupChange.Joined joined:
                var join = statements[
                    """
                    INSERT INTO members (conversation, user_id, from_seq, place) VALUES (?, ?, ?, ?)
                    ON CONFLICT (conversation, user_id) DO UPDATE SET from_seq = excluded.from_seq, place = excluded.place, removed_seq = NULL
                    """];
                foreach (var (nr, user) in joined.Users.Index())
                    join.Bind(1, joined.Group).Bind(2, user).Bind(3, joined.FromSeq).Bind(4, (joined.FromSeq * 100_000) + nr + 1).Run();
                break;
            case GroupChange.Left left:
                var leave = statements["UPDATE members SET removed_seq = ? WHERE conversation = ? AND user_id = ?"];
                foreach (var user in left.Users) leave.Bind(1, left.Seq).Bind(2, left.Group).Bind(3, user).Run();
                break;
            case GroupChange.Inherited inherited:
                statements["UPDATE conversations SET owner = ? WHERE conversation = ?"].Bind(1, inherited.Owner).Bind(2, inherited.Group).Run();
                break;
            case GroupChange.Renamed renamed:
                statements["UPDATE conversations SET title = ? WHERE conversation = ?"].Bind(1, renamed.Title).Bind(2, renamed.Group).Run();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, "a change without SQL");
        }
    }

    private static void ChangeBlock(SqliteStatements statements, BlockChange change, long now)
    {
        if (change.IsBlocked)
        {
            statements["INSERT INTO blocks (user_id, blocked, conversation, since) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"]
                .Bind(1, change.User).Bind(2, change.Other).Bind(3, change.Conversation).Bind(4, now).Run();
        }
        else
        {
            statements["DELETE FROM blocks WHERE user_id = ? AND blocked = ?"].Bind(1, change.User).Bind(2, change.Other).Run();
        }
    }

    /// <summary>Violates the primary key where a shard has another revision than the plan was made from; then raises those that the plan changes.</summary>
    private static void Guard(SqliteStatements statements, CommitPlan plan)
    {
        var same = statements[
            "INSERT INTO shard_changes (shard, revision) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM shard_changes WHERE shard = ?1 AND revision = ?2)"];
        foreach (var (shard, revision) in plan.Revisions) same.Bind(1, shard).Bind(2, revision).Run();
        var raise = statements["UPDATE shard_changes SET revision = revision + 1 WHERE shard = ?"];
        foreach (var shard in plan.Raised) raise.Bind(1, shard).Run();
    }

    private static void AddMessages(SqliteStatements statements, IReadOnlyList<LogRow> rows)
    {
        var add = statements["INSERT INTO messages (conversation, seq, sender, client_key, client_id, type, body, time) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"];
        foreach (var row in rows)
        {
            add.Bind(1, row.Conversation).Bind(2, row.Seq).Bind(3, row.Sender).Bind(4, row.ClientKey).Bind(5, ClientMessageKey.StoredText(row.ClientId))
                .Bind(6, row.Type).Bind(7, row.Body.Span).Bind(8, row.Time).Run();
        }
    }
}
