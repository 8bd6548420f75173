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

    /// <summary>Looked up first and not with RETURNING, for which SQLite makes a table at every run. Nobody else writes meanwhile.</summary>
    private static void Move(SqliteStatements statements, MarkMove mark, List<MarkMoved> moved)
    {
        var find = statements["SELECT delivered, read FROM marks WHERE user_id = ? AND conversation = ?"].Bind(1, mark.User).Bind(2, mark.Conversation);
        (long Delivered, long Read)? before = null;
        while (find.Next()) before = (find.Number(0), find.Number(1));
        if (before is { } at && at.Delivered >= mark.Delivered && at.Read >= mark.Read) return;

        var delivered = Math.Max(before?.Delivered ?? 0, mark.Delivered);
        var read = Math.Max(before?.Read ?? 0, mark.Read);
        statements[
            before is null
                ? "INSERT INTO marks (delivered, read, user_id, conversation) VALUES (?, ?, ?, ?)"
                : "UPDATE marks SET delivered = ?, read = ? WHERE user_id = ? AND conversation = ?"]
            .Bind(1, delivered).Bind(2, read).Bind(3, mark.User).Bind(4, mark.Conversation).Run();
        moved.Add(new MarkMoved(
            mark.User,
            mark.Conversation,
            mark.Device,
            delivered,
            mark.Read > 0 ? read : 0,
            mark.Conversation.IsDirect || IsMember(statements, mark.User, mark.Conversation),
            IsThere(statements["SELECT 1 FROM blocks WHERE conversation = ? LIMIT 1"].Bind(1, mark.Conversation))));
    }

    private static bool IsMember(SqliteStatements statements, long user, ConversationId group) =>
        IsThere(statements["SELECT 1 FROM members WHERE conversation = ? AND user_id = ? AND removed_seq IS NULL"].Bind(1, group).Bind(2, user));

    private static bool IsThere(SqliteStatement statement)
    {
        var isThere = false;
        while (statement.Next()) isThere = true;
        return isThere;
    }
}
