using System.Data.Common;
using System.Text;
using Dapper;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Storage;
using Im.Message.Commit;

namespace Im.Message.Log;

/// <summary>The log in SQLite, for the one process of a newcomer: a plan is one transaction, on disk before it counts.</summary>
public sealed class SqliteMessageLog(SqliteDatabase database) : IMessageLog
{
    public async Task<IReadOnlyList<ConversationState>> LoadAsync(IReadOnlyCollection<ConversationId> conversations, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var states = new List<ConversationState>(conversations.Count);
        foreach (var id in conversations)
        {
            var (head, title, owner) = await connection.QuerySingleAsync<(long Head, string? Title, long Owner)>(
                """
                SELECT coalesce((SELECT max(seq) FROM messages WHERE conversation = @id), 0),
                       (SELECT title FROM conversations WHERE conversation = @id), coalesce((SELECT owner FROM conversations WHERE conversation = @id), 0)
                """,
                new { id });
            var state = ConversationState.New(id) with { Head = head, Title = title, Owner = owner };
            if (id.IsGroup)
            {
                var members = await connection.QueryAsync<long>(
                    "SELECT user_id FROM members WHERE conversation = @id AND removed_seq IS NULL ORDER BY place, user_id", new { id });
                state = state with { Members = new MemberList([.. members]) };
            }

            states.Add(state);
        }

        return states;
    }

    public async Task<IReadOnlyCollection<long>> ExistingUsersAsync(IReadOnlyCollection<long> users, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var found = await connection.QueryAsync<long>(
            $"SELECT user_id FROM accounts WHERE {database.AnyOf("user_id", "@users")}", new { users = database.List(users) });
        return found.ToHashSet();
    }

    public async Task<IReadOnlyDictionary<SendKey, Placed>> FindAsync(IReadOnlyCollection<SendKey> keys, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var found = new Dictionary<SendKey, Placed>();
        foreach (var key in keys)
        {
            var row = await connection.QuerySingleOrDefaultAsync<(ConversationId Conversation, long Seq, long Time, string? Type, string Body)?>(
                "SELECT conversation, seq, time, type, body FROM messages WHERE sender = @Sender AND client_key = @ClientKey",
                new { key.Sender, ClientKey = Text(key.ClientKey) });
            if (row is not { } at) continue;
            found[key] = new Placed(at.Conversation, at.Seq, at.Time, ContentPrint.OfStored(at.Type, Encoding.UTF8.GetBytes(at.Body)));
        }

        return found;
    }

    public async Task<bool> AppendAsync(CommitPlan plan, CancellationToken cancel)
    {
        try
        {
            return await database.TransactAsync(
                async (connection, transaction) =>
                {
                    await AddConversationsAsync(connection, transaction, plan);
                    foreach (var change in plan.Changes) await ChangeAsync(connection, transaction, change);
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

    public Task MoveCursorsAsync(IReadOnlyCollection<CursorMoved> cursors, CancellationToken cancel) => database.TransactAsync(
        async (connection, transaction) =>
        {
            var rows = cursors.Select(one => new { one.UserId, one.DeviceKey, Conversation = ConversationId.FromGuid(one.Conversation), one.Delivered, one.Read }).ToList();
            await connection.ExecuteAsync(
                """
                INSERT INTO cursors (device_key, conversation, seq) VALUES (@DeviceKey, @Conversation, @Delivered)
                ON CONFLICT (device_key, conversation) DO UPDATE SET seq = excluded.seq WHERE cursors.seq < excluded.seq
                """,
                rows,
                transaction);
            await connection.ExecuteAsync(
                """
                INSERT INTO marks (user_id, conversation, delivered, read) VALUES (@UserId, @Conversation, @Delivered, @Read)
                ON CONFLICT (user_id, conversation) DO UPDATE
                SET delivered = max(marks.delivered, excluded.delivered), read = max(marks.read, excluded.read)
                """,
                rows,
                transaction);
            return true;
        },
        cancel);

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
            "UPDATE conversations SET title = @Title WHERE conversation = @Group AND owner = @Owner", renamed, transaction),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "a change without SQL"),
    };

    private static string Text(Guid id) => id.ToString("D");
}
