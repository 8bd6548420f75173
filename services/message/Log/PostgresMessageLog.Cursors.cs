using Im.Contracts;
using Im.Message.Commit;
using Im.Message.Cursors;
using Npgsql;
using NpgsqlTypes;

namespace Im.Message.Log;

public sealed partial class PostgresMessageLog
{
    public async Task<IReadOnlyList<MarkMoved>> MoveCursorsAsync(CursorMoves moves, CancellationToken cancel)
    {
        await using var connection = await database.ConnectAsync(cancel);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(Command(
            """
            INSERT INTO cursors (device_key, conversation, seq) SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (device_key, conversation) DO UPDATE SET seq = excluded.seq WHERE cursors.seq < excluded.seq
            """,
            Array(moves.Devices.Select(one => one.Device).ToArray(), NpgsqlDbType.Bigint),
            Array(moves.Devices.Select(one => one.Conversation.ToGuid()).ToArray(), NpgsqlDbType.Uuid),
            Array(moves.Devices.Select(one => one.Seq).ToArray(), NpgsqlDbType.Bigint)));
        var users = moves.Marks.Select(one => one.User).ToArray();
        var conversations = moves.Marks.Select(one => one.Conversation.ToGuid()).ToArray();
        batch.BatchCommands.Add(Command(
            """
            INSERT INTO marks (user_id, conversation, delivered, read) SELECT * FROM unnest($1, $2, $3, $4)
            ON CONFLICT (user_id, conversation) DO UPDATE
            SET delivered = greatest(marks.delivered, excluded.delivered), read = greatest(marks.read, excluded.read)
            WHERE marks.delivered < excluded.delivered OR marks.read < excluded.read
            RETURNING user_id, conversation, delivered, read
            """,
            Array(users, NpgsqlDbType.Bigint),
            Array(conversations, NpgsqlDbType.Uuid),
            Array(moves.Marks.Select(one => one.Delivered).ToArray(), NpgsqlDbType.Bigint),
            Array(moves.Marks.Select(one => one.Read).ToArray(), NpgsqlDbType.Bigint)));
        batch.BatchCommands.Add(Command("SELECT conversation FROM blocks WHERE conversation = ANY($1)", Array(conversations, NpgsqlDbType.Uuid)));
        var groups = moves.Marks.Where(one => one.Conversation.IsGroup).ToArray();
        batch.BatchCommands.Add(Command(
            """
            SELECT m.user_id, m.conversation FROM unnest($1, $2) AS asked(user_id, conversation)
            JOIN members m ON m.conversation = asked.conversation AND m.user_id = asked.user_id AND m.removed_seq IS NULL
            """,
            Array(System.Array.ConvertAll(groups, one => one.User), NpgsqlDbType.Bigint),
            Array(System.Array.ConvertAll(groups, one => one.Conversation.ToGuid()), NpgsqlDbType.Uuid)));

        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var stored = new List<(long User, ConversationId Conversation, long Delivered, long Read)>();
        while (await reader.ReadAsync(cancel))
            stored.Add((reader.GetInt64(0), ConversationId.FromGuid(reader.GetGuid(1)), reader.GetInt64(2), reader.GetInt64(3)));
        await reader.NextResultAsync(cancel);
        var blocked = new HashSet<ConversationId>();
        while (await reader.ReadAsync(cancel)) blocked.Add(ConversationId.FromGuid(reader.GetGuid(0)));
        await reader.NextResultAsync(cancel);
        var members = new HashSet<(long, ConversationId)>();
        while (await reader.ReadAsync(cancel)) members.Add((reader.GetInt64(0), ConversationId.FromGuid(reader.GetGuid(1))));

        var asked = moves.Marks.ToDictionary(one => (one.User, one.Conversation));
        return stored.ConvertAll(one =>
        {
            var key = (one.User, one.Conversation);
            return new MarkMoved(
                one.User,
                one.Conversation,
                asked[key].Device,
                one.Delivered,
                asked[key].Read > 0 ? one.Read : 0,
                one.Conversation.IsDirect || members.Contains(key),
                blocked.Contains(one.Conversation));
        });
    }

    public async Task<IReadOnlyDictionary<ConversationId, MemberList>> AudiencesAsync(
        IReadOnlyCollection<ConversationId> conversations, int limit, CancellationToken cancel)
    {
        // One more than the limit is enough to know that there are more.
        await using var connection = await database.ConnectAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            SELECT asked.id, array(SELECT user_id FROM members WHERE conversation = asked.id AND removed_seq IS NULL LIMIT $2 + 1)
            FROM unnest($1) AS asked(id) WHERE NOT EXISTS (SELECT FROM blocks WHERE conversation = asked.id)
            """,
            connection);
        command.Parameters.Add(Array(conversations.Select(id => id.ToGuid()).ToArray(), NpgsqlDbType.Uuid));
        command.Parameters.Add(Value(limit));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var audiences = new Dictionary<ConversationId, MemberList>();
        while (await reader.ReadAsync(cancel))
        {
            var members = reader.GetFieldValue<long[]>(1);
            if (members.Length > 0 && members.Length <= limit) audiences[ConversationId.FromGuid(reader.GetGuid(0))] = new MemberList(members);
        }

        return audiences;
    }
}
