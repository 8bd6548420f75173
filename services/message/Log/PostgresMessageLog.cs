using System.Data;
using System.Text;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Storage;
using Im.Message.Commit;
using Npgsql;
using NpgsqlTypes;

namespace Im.Message.Log;

/// <summary>
/// The log in PostgreSQL. A plan is one round trip in one implicit transaction: when this process freezes or dies, no transaction stays open behind it.
/// Arrays travel binary and are unnested on the server, which is as fast as COPY and, unlike COPY, ends with its statement.
/// </summary>
public sealed class PostgresMessageLog(PostgresDatabase database) : IMessageLog
{
    public async Task<IReadOnlyList<ConversationState>> LoadAsync(IReadOnlyCollection<ConversationId> conversations, CancellationToken cancel)
    {
        var ids = conversations.Select(id => id.ToGuid()).ToArray();
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Command(
            """
            SELECT asked.id, coalesce((SELECT max(seq) FROM messages WHERE conversation = asked.id), 0), title, coalesce(owner, 0)
            FROM unnest($1) AS asked(id) LEFT JOIN conversations ON conversation = asked.id
            """,
            Array(ids, NpgsqlDbType.Uuid)));
        batch.BatchCommands.Add(Command(
            "SELECT conversation, user_id FROM members WHERE conversation = ANY($1) AND removed_seq IS NULL ORDER BY conversation, place, user_id",
            Array(conversations.Where(id => id.IsGroup).Select(id => id.ToGuid()).ToArray(), NpgsqlDbType.Uuid)));
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var states = new List<ConversationState>(ids.Length);
        while (await reader.ReadAsync(cancel))
        {
            var id = ConversationId.FromGuid(reader.GetGuid(0));
            states.Add(ConversationState.New(id) with
            {
                Head = reader.GetInt64(1),
                Title = reader.IsDBNull(2) ? null : reader.GetString(2),
                Owner = reader.GetInt64(3),
            });
        }

        await reader.NextResultAsync(cancel);
        var members = new Dictionary<ConversationId, List<long>>();
        while (await reader.ReadAsync(cancel))
        {
            var id = ConversationId.FromGuid(reader.GetGuid(0));
            if (!members.TryGetValue(id, out var list)) members[id] = list = [];
            list.Add(reader.GetInt64(1));
        }

        return states.ConvertAll(state => members.TryGetValue(state.Id, out var list) ? state with { Members = new MemberList(list) } : state);
    }

    public async Task<IReadOnlyCollection<long>> ExistingUsersAsync(IReadOnlyCollection<long> users, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand("SELECT user_id FROM accounts WHERE user_id = ANY($1)");
        command.Parameters.Add(Array(users.ToArray(), NpgsqlDbType.Bigint));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new HashSet<long>();
        while (await reader.ReadAsync(cancel)) found.Add(reader.GetInt64(0));
        return found;
    }

    public async Task<IReadOnlyDictionary<SendKey, Placed>> FindAsync(IReadOnlyCollection<SendKey> keys, CancellationToken cancel)
    {
        await using var command = database.Source.CreateCommand(
            """
            SELECT m.sender, m.client_key, m.conversation, m.seq, m.time, m.type, m.body
            FROM unnest($1, $2) AS asked(sender, client_key) JOIN messages m ON m.sender = asked.sender AND m.client_key = asked.client_key
            """);
        command.Parameters.Add(Array(keys.Select(key => key.Sender).ToArray(), NpgsqlDbType.Bigint));
        command.Parameters.Add(Array(keys.Select(key => key.ClientKey).ToArray(), NpgsqlDbType.Uuid));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new Dictionary<SendKey, Placed>();
        while (await reader.ReadAsync(cancel))
        {
            var content = ContentPrint.OfStored(reader.IsDBNull(5) ? null : reader.GetString(5), Encoding.UTF8.GetBytes(reader.GetString(6)));
            found[new SendKey(reader.GetInt64(0), reader.GetGuid(1))] =
                new Placed(ConversationId.FromGuid(reader.GetGuid(2)), reader.GetInt64(3), reader.GetInt64(4), content);
        }

        return found;
    }

    public async Task<bool> AppendAsync(CommitPlan plan, CancellationToken cancel)
    {
        await using var batch = database.Source.CreateBatch();
        if (plan.NewDirects.Count > 0) AddDirects(batch, plan);
        foreach (var group in plan.NewGroups)
        {
            batch.BatchCommands.Add(Command(
                "INSERT INTO conversations (conversation, kind, title, owner, created_at) VALUES ($1, 2, $2, $3, $4)",
                Value(group.Id.ToGuid()), Value(group.Title!), Value(group.Owner), Value(plan.Now)));
        }

        foreach (var change in plan.Changes) batch.BatchCommands.Add(ChangeCommand(change));
        if (plan.Rows.Count > 0) batch.BatchCommands.Add(RowsCommand(plan.Rows));
        try
        {
            await batch.ExecuteNonQueryAsync(cancel);
            return true;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
        catch (PostgresException fault) when (fault.SqlState.StartsWith("22", StringComparison.Ordinal) || fault.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            throw new UnstorableException(fault.MessageText, fault);
        }
    }

    public async Task MoveCursorsAsync(IReadOnlyCollection<CursorMoved> cursors, CancellationToken cancel)
    {
        // Sorted: two services that move the same rows must take them in the same order.
        var devices = cursors.GroupBy(one => (one.DeviceKey, one.Conversation)).OrderBy(group => group.Key)
            .Select(group => (group.Key, Seq: group.Max(one => one.Delivered))).ToArray();
        var marks = cursors.GroupBy(one => (one.UserId, one.Conversation)).OrderBy(group => group.Key)
            .Select(group => (group.Key, Delivered: group.Max(one => one.Delivered), Read: group.Max(one => one.Read))).ToArray();
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(Command(
            """
            INSERT INTO cursors (device_key, conversation, seq) SELECT * FROM unnest($1, $2, $3)
            ON CONFLICT (device_key, conversation) DO UPDATE SET seq = excluded.seq WHERE cursors.seq < excluded.seq
            """,
            Array(System.Array.ConvertAll(devices, one => one.Key.DeviceKey), NpgsqlDbType.Bigint),
            Array(System.Array.ConvertAll(devices, one => one.Key.Conversation), NpgsqlDbType.Uuid),
            Array(System.Array.ConvertAll(devices, one => one.Seq), NpgsqlDbType.Bigint)));
        batch.BatchCommands.Add(Command(
            """
            INSERT INTO marks (user_id, conversation, delivered, read) SELECT * FROM unnest($1, $2, $3, $4)
            ON CONFLICT (user_id, conversation) DO UPDATE
            SET delivered = greatest(marks.delivered, excluded.delivered), read = greatest(marks.read, excluded.read)
            WHERE marks.delivered < excluded.delivered OR marks.read < excluded.read
            """,
            Array(System.Array.ConvertAll(marks, one => one.Key.UserId), NpgsqlDbType.Bigint),
            Array(System.Array.ConvertAll(marks, one => one.Key.Conversation), NpgsqlDbType.Uuid),
            Array(System.Array.ConvertAll(marks, one => one.Delivered), NpgsqlDbType.Bigint),
            Array(System.Array.ConvertAll(marks, one => one.Read), NpgsqlDbType.Bigint)));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static void AddDirects(NpgsqlBatch batch, CommitPlan plan)
    {
        var ids = plan.NewDirects.ConvertAll(id => id.ToGuid()).ToArray();
        batch.BatchCommands.Add(Command(
            "INSERT INTO conversations (conversation, kind, created_at) SELECT id, 1, $2 FROM unnest($1) AS new(id)",
            Array(ids, NpgsqlDbType.Uuid), Value(plan.Now)));
        var members = plan.NewDirects.SelectMany(id => ConversationState.MembersOf(id).InJoinOrder.Select(user => (Id: id.ToGuid(), User: user))).ToArray();
        batch.BatchCommands.Add(Command(
            "INSERT INTO members (conversation, user_id, from_seq, place) SELECT id, member, 1, 1 FROM unnest($1, $2) AS new(id, member)",
            Array(System.Array.ConvertAll(members, one => one.Id), NpgsqlDbType.Uuid),
            Array(System.Array.ConvertAll(members, one => one.User), NpgsqlDbType.Bigint)));
    }

    private static NpgsqlBatchCommand ChangeCommand(GroupChange change) => change switch
    {
        GroupChange.Joined joined => Command(
            """
            INSERT INTO members (conversation, user_id, from_seq, place) SELECT $1, member, $3, $3 * 100000 + nr FROM unnest($2) WITH ORDINALITY AS new(member, nr)
            ON CONFLICT (conversation, user_id) DO UPDATE SET from_seq = excluded.from_seq, place = excluded.place, removed_seq = NULL
            """,
            Value(joined.Group.ToGuid()), Array(joined.Users.ToArray(), NpgsqlDbType.Bigint), Value(joined.FromSeq)),
        GroupChange.Left left => Command(
            "UPDATE members SET removed_seq = $3 WHERE conversation = $1 AND user_id = ANY($2)",
            Value(left.Group.ToGuid()), Array(left.Users.ToArray(), NpgsqlDbType.Bigint), Value(left.Seq)),
        GroupChange.Inherited inherited => Command(
            "UPDATE conversations SET owner = $2 WHERE conversation = $1", Value(inherited.Group.ToGuid()), Value(inherited.Owner)),
        GroupChange.Renamed renamed => Command(
            "UPDATE conversations SET title = $2 WHERE conversation = $1 AND owner = $3",
            Value(renamed.Group.ToGuid()), Value(renamed.Title), Value(renamed.Owner)),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "a change without SQL"),
    };

    private static NpgsqlBatchCommand RowsCommand(List<LogRow> rows)
    {
        var count = rows.Count;
        var (conversations, seqs, senders) = (new Guid[count], new long[count], new long[count]);
        var (keys, ids, types, bodies, times) = (new Guid[count], new string?[count], new string?[count], new string[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            var row = rows[i];
            (conversations[i], seqs[i], senders[i]) = (row.Conversation.ToGuid(), row.Seq, row.Sender);
            (keys[i], ids[i], types[i]) = (row.ClientKey, ClientMessageKey.StoredText(row.ClientId), row.Type);
            (bodies[i], times[i]) = (Encoding.UTF8.GetString(row.Body.Span), row.Time);
        }

        return Command(
            """
            INSERT INTO messages (conversation, seq, sender, client_key, client_id, type, body, time)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            Array(conversations, NpgsqlDbType.Uuid),
            Array(seqs, NpgsqlDbType.Bigint),
            Array(senders, NpgsqlDbType.Bigint),
            Array(keys, NpgsqlDbType.Uuid),
            Array(ids, NpgsqlDbType.Text),
            Array(types, NpgsqlDbType.Text),
            Array(bodies, NpgsqlDbType.Text),
            Array(times, NpgsqlDbType.Bigint));
    }

    private static NpgsqlBatchCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter<T[]> Array<T>(T[] values, NpgsqlDbType element) => new()
    {
        TypedValue = values,
        NpgsqlDbType = NpgsqlDbType.Array | element,
        Direction = ParameterDirection.Input,
    };

    private static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
