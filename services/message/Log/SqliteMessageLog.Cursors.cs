using Im.Contracts;
using Im.Hosting.Storage;
using Im.Message.Commit;
using Im.Message.Cursors;

namespace Im.Message.Log;

public sealed partial class SqliteMessageLog
{
    public Task<IReadOnlyList<MarkMoved>> MoveCursorsAsync(CursorMoves moves, CancellationToken cancel) => database.CommitAsync<IReadOnlyList<MarkMoved>>(
        statements =>
        {
            var cursor = statements[
                """
                INSERT INTO cursors (device_key, conversation, seq) VALUES (?, ?, ?)
                ON CONFLICT (device_key, conversation) DO UPDATE SET seq = excluded.seq WHERE cursors.seq < excluded.seq
                """];
            foreach (var move in moves.Devices) cursor.Bind(1, move.Device).Bind(2, move.Conversation).Bind(3, move.Seq).Run();
            var moved = new List<MarkMoved>(moves.Marks.Count);
            foreach (var mark in moves.Marks) Move(statements, mark, moved);
            return moved;
        },
        cancel);

    public Task<IReadOnlyDictionary<ConversationId, MemberList>> AudiencesAsync(
        IReadOnlyCollection<ConversationId> conversations, int limit, CancellationToken cancel) => database.ReadAsync<IReadOnlyDictionary<ConversationId, MemberList>>(
        statements =>
        {
            // One more than the limit is enough to know that there are more.
            var read = statements[
                """
                SELECT user_id FROM members m WHERE conversation = ? AND removed_seq IS NULL
                AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.conversation = m.conversation) LIMIT ? + 1
                """];
            var audiences = new Dictionary<ConversationId, MemberList>();
            foreach (var id in conversations)
            {
                var members = new List<long>();
                read.Bind(1, id).Bind(2, limit);
                while (read.Next()) members.Add(read.Number(0));
                if (members.Count > 0 && members.Count <= limit) audiences[id] = new MemberList(members);
            }

            return audiences;
        },
        cancel);

    private static void Move(SqliteStatements statements, MarkMove mark, List<MarkMoved> moved)
    {
        var move = statements[
            """
            INSERT INTO marks (user_id, conversation, delivered, read) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (user_id, conversation) DO UPDATE
            SET delivered = max(marks.delivered, excluded.delivered), read = max(marks.read, excluded.read)
            WHERE marks.delivered < excluded.delivered OR marks.read < excluded.read
            RETURNING delivered, read,
                      EXISTS (SELECT 1 FROM members m WHERE m.conversation = ?2 AND m.user_id = ?1 AND m.removed_seq IS NULL),
                      EXISTS (SELECT 1 FROM blocks b WHERE b.conversation = ?2)
            """];
        move.Bind(1, mark.User).Bind(2, mark.Conversation).Bind(3, mark.Delivered).Bind(4, mark.Read);
        while (move.Next())
        {
            moved.Add(new MarkMoved(
                mark.User,
                mark.Conversation,
                mark.Device,
                move.Number(0),
                mark.Read > 0 ? move.Number(1) : 0,
                mark.Conversation.IsDirect || move.Number(2) > 0,
                move.Number(3) > 0));
        }
    }
}
