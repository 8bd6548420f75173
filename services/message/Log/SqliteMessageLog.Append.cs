using System.Data.Common;
using System.Text;
using Dapper;
using Im.Contracts;
using Im.Message.Commit;

namespace Im.Message.Log;

public sealed partial class SqliteMessageLog
{
    public async Task<bool> AppendAsync(CommitPlan plan, CancellationToken cancel)
    {
        try
        {
            return await database.TransactAsync(
                async (connection, transaction) =>
                {
                    await AddConversationsAsync(connection, transaction, plan);
                    foreach (var change in plan.Changes) await ChangeAsync(connection, transaction, change);
                    foreach (var change in plan.BlockChanges) await ChangeBlockAsync(connection, transaction, change, plan.Now);
                    await GuardAsync(connection, transaction, plan);
                    await connection.ExecuteAsync(
                        """
                        INSERT INTO messages (conversation, seq, sender, client_key, client_id, type, body, time)
                        VALUES (@Conversation, @Seq, @Sender, @key, @text, @Type, @body, @Time)
                        """,
                        plan.Rows.Select(row => new
                        {
                            row.Conversation,
                            row.Seq,
                            row.Sender,
                            key = Text(row.ClientKey),
                            text = ClientMessageKey.StoredText(row.ClientId),
                            row.Type,
                            body = Encoding.UTF8.GetString(row.Body.Span),
                            row.Time,
                        }),
                        transaction);
                    return true;
                },
                cancel);
        }
        catch (DbException fault) when (database.IsUniqueViolation(fault))
        {
            return false;
        }
    }

    private static async Task AddConversationsAsync(DbConnection connection, DbTransaction transaction, CommitPlan plan)
    {
        foreach (var id in plan.NewDirects)
        {
            await connection.ExecuteAsync(
                "INSERT INTO conversations (conversation, kind, created_at) VALUES (@id, 1, @Now)", new { id, plan.Now }, transaction);
            await connection.ExecuteAsync(
                "INSERT INTO members (conversation, user_id, from_seq, place) VALUES (@id, @user, 1, 1)",
                ConversationState.MembersOf(id).InJoinOrder.Select(user => new { id, user }),
                transaction);
        }

        await connection.ExecuteAsync(
            "INSERT INTO conversations (conversation, kind, title, owner, created_at) VALUES (@Id, 2, @Title, @Owner, @Now)",
            plan.NewGroups.Select(group => new { group.Id, group.Title, group.Owner, plan.Now }),
            transaction);
    }

    private static Task<int> ChangeAsync(DbConnection connection, DbTransaction transaction, GroupChange change) => change switch
    {
        GroupChange.Joined joined => connection.ExecuteAsync(
            """
            INSERT INTO members (conversation, user_id, from_seq, place) VALUES (@Group, @user, @FromSeq, @place)
            ON CONFLICT (conversation, user_id) DO UPDATE SET from_seq = excluded.from_seq, place = excluded.place, removed_seq = NULL
            """,
            joined.Users.Select((user, nr) => new { joined.Group, user, joined.FromSeq, place = (joined.FromSeq * 100_000) + nr + 1 }),
            transaction),
        GroupChange.Left left => connection.ExecuteAsync(
            "UPDATE members SET removed_seq = @Seq WHERE conversation = @Group AND user_id = @user",
            left.Users.Select(user => new { left.Group, left.Seq, user }),
            transaction),
        GroupChange.Inherited inherited => connection.ExecuteAsync(
            "UPDATE conversations SET owner = @Owner WHERE conversation = @Group", inherited, transaction),
        GroupChange.Renamed renamed => connection.ExecuteAsync(
            "UPDATE conversations SET title = @Title WHERE conversation = @Group", renamed, transaction),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "a change without SQL"),
    };

    private static Task<int> ChangeBlockAsync(DbConnection connection, DbTransaction transaction, BlockChange change, long now) => change.IsBlocked
        ? connection.ExecuteAsync(
            "INSERT INTO blocks (user_id, blocked, conversation, since) VALUES (@User, @Other, @Conversation, @now) ON CONFLICT DO NOTHING",
            new { change.User, change.Other, change.Conversation, now },
            transaction)
        : connection.ExecuteAsync("DELETE FROM blocks WHERE user_id = @User AND blocked = @Other", new { change.User, change.Other }, transaction);

    /// <summary>Violates the primary key where a shard has another revision than the plan was made from; then raises those that the plan changes.</summary>
    private static async Task GuardAsync(DbConnection connection, DbTransaction transaction, CommitPlan plan)
    {
        await connection.ExecuteAsync(
            """
            INSERT INTO shard_changes (shard, revision)
            SELECT @Key, @Value WHERE NOT EXISTS (SELECT 1 FROM shard_changes WHERE shard = @Key AND revision = @Value)
            """,
            plan.Revisions.Select(one => new { one.Key, one.Value }),
            transaction);
        await connection.ExecuteAsync(
            "UPDATE shard_changes SET revision = revision + 1 WHERE shard = @shard", plan.Raised.Select(shard => new { shard }), transaction);
    }
}
