using Dapper;
using Im.Contracts;
using Im.Message.Commit;
using Im.Message.Cursors;

namespace Im.Message.Log;

public sealed partial class SqliteMessageLog
{
    public Task<IReadOnlyList<MarkMoved>> MoveCursorsAsync(CursorMoves moves, CancellationToken cancel) => database.TransactAsync<IReadOnlyList<MarkMoved>>(
        async (connection, transaction) =>
        {
            await connection.ExecuteAsync(
                """
                INSERT INTO cursors (device_key, conversation, seq) VALUES (@Device, @Conversation, @Seq)
                ON CONFLICT (device_key, conversation) DO UPDATE SET seq = excluded.seq WHERE cursors.seq < excluded.seq
                """,
                moves.Devices,
                transaction);
            var moved = new List<MarkMoved>();
            foreach (var mark in moves.Marks)
            {
                var stored = await connection.QuerySingleOrDefaultAsync<(long Delivered, long Read, long IsMember, long IsBlocked)?>(
                    """
                    INSERT INTO marks (user_id, conversation, delivered, read) VALUES (@User, @Conversation, @Delivered, @Read)
                    ON CONFLICT (user_id, conversation) DO UPDATE
                    SET delivered = max(marks.delivered, excluded.delivered), read = max(marks.read, excluded.read)
                    WHERE marks.delivered < excluded.delivered OR marks.read < excluded.read
                    RETURNING delivered, read,
                              EXISTS (SELECT 1 FROM members m WHERE m.conversation = @Conversation AND m.user_id = @User AND m.removed_seq IS NULL),
                              EXISTS (SELECT 1 FROM blocks b WHERE b.conversation = @Conversation)
                    """,
                    mark,
                    transaction);
                if (stored is not { } now) continue;
                moved.Add(new MarkMoved(
                    mark.User,
                    mark.Conversation,
                    mark.Device,
                    now.Delivered,
                    mark.Read > 0 ? now.Read : 0,
                    mark.Conversation.IsDirect || now.IsMember > 0,
                    now.IsBlocked > 0));
            }

            return moved;
        },
        cancel);

    public async Task<IReadOnlyDictionary<ConversationId, MemberList>> AudiencesAsync(
        IReadOnlyCollection<ConversationId> conversations, int limit, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var audiences = new Dictionary<ConversationId, MemberList>();
        foreach (var id in conversations)
        {
            // One more than the limit is enough to know that there are more.
            var members = (await connection.QueryAsync<long>(
                """
                SELECT user_id FROM members m WHERE conversation = @id AND removed_seq IS NULL
                AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.conversation = m.conversation) LIMIT @limit + 1
                """,
                new { id, limit })).AsList();
            if (members.Count > 0 && members.Count <= limit) audiences[id] = new MemberList(members);
        }

        return audiences;
    }
}
