using System.Data;
using System.Text;
using Im.Contracts;
using Im.Hosting.Storage;
using Im.Message.Commit;
using Npgsql;
using NpgsqlTypes;

namespace Im.Message.Log;

/// <summary>
/// The log in PostgreSQL. A plan is one round trip in one implicit transaction: when this process freezes or dies, no transaction stays open behind it.
/// Arrays travel binary and are unnested on the server, which is as fast as COPY and, unlike COPY, ends with its statement.
/// </summary>
public sealed partial class PostgresMessageLog(PostgresDatabase database) : IMessageLog
{
    public async Task<LoadedStates> LoadAsync(
        IReadOnlyCollection<ConversationId> conversations, IReadOnlyCollection<int> shards, CancellationToken cancel)
    {
        var ids = conversations.Select(id => id.ToGuid()).ToArray();
        await using var connection = await database.ConnectAsync(cancel);
        await using var batch = connection.CreateBatch();
        // First: each statement has a snapshot of its own, and no revision may be newer than the states.
        batch.BatchCommands.Add(Command("SELECT shard, revision FROM shard_changes WHERE shard = ANY($1)", Array(shards.ToArray(), NpgsqlDbType.Integer)));
        batch.BatchCommands.Add(Command(
            """
            SELECT asked.id, coalesce((SELECT max(seq) FROM messages WHERE conversation = asked.id), 0), title, coalesce(owner, 0),
                   (SELECT coalesce(sum(CASE WHEN user_id < blocked THEN 1 ELSE 2 END), 0) FROM blocks WHERE conversation = asked.id)
            FROM unnest($1) AS asked(id) LEFT JOIN conversations ON conversation = asked.id
            """,
            Array(ids, NpgsqlDbType.Uuid)));
        var groups = conversations.Where(id => id.IsGroup).Select(id => id.ToGuid()).ToArray();
        if (groups.Length > 0)
        {
            batch.BatchCommands.Add(Command(
                "SELECT conversation, user_id FROM members WHERE conversation = ANY($1) AND removed_seq IS NULL ORDER BY conversation, place, user_id",
                Array(groups, NpgsqlDbType.Uuid)));
        }

        await using var reader = await batch.ExecuteReaderAsync(cancel);
        var revisions = shards.ToDictionary(shard => shard, _ => 0L);
        while (await reader.ReadAsync(cancel)) revisions[reader.GetInt32(0)] = reader.GetInt64(1);

        await reader.NextResultAsync(cancel);
        var states = new List<ConversationState>(ids.Length);
        while (await reader.ReadAsync(cancel))
        {
            var id = ConversationId.FromGuid(reader.GetGuid(0));
            states.Add(ConversationState.New(id) with
            {
                Head = reader.GetInt64(1),
                Title = reader.IsDBNull(2) ? null : reader.GetString(2),
                Owner = reader.GetInt64(3),
                Blocks = (PairBlocks)reader.GetInt64(4),
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

        return new LoadedStates(
            states.ConvertAll(state => members.TryGetValue(state.Id, out var list) ? state with { Members = new MemberList(list) } : state), revisions);
    }

    public async Task<IReadOnlyCollection<long>> ExistingUsersAsync(IReadOnlyCollection<long> users, CancellationToken cancel)
    {
        await using var connection = await database.ConnectAsync(cancel);
        await using var command = new NpgsqlCommand("SELECT user_id FROM accounts WHERE user_id = ANY($1)", connection);
        command.Parameters.Add(Array(users.ToArray(), NpgsqlDbType.Bigint));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var found = new HashSet<long>();
        while (await reader.ReadAsync(cancel)) found.Add(reader.GetInt64(0));
        return found;
    }

    public async Task<IReadOnlyDictionary<long, int>> CountBlocksAsync(IReadOnlyCollection<long> users, CancellationToken cancel)
    {
        await using var connection = await database.ConnectAsync(cancel);
        await using var command = new NpgsqlCommand("SELECT user_id, count(*) FROM blocks WHERE user_id = ANY($1) GROUP BY user_id", connection);
        command.Parameters.Add(Array(users.ToArray(), NpgsqlDbType.Bigint));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var counts = new Dictionary<long, int>();
        while (await reader.ReadAsync(cancel)) counts[reader.GetInt64(0)] = (int)reader.GetInt64(1);
        return counts;
    }

    public async Task<IReadOnlyDictionary<SendKey, Placed>> FindAsync(IReadOnlyCollection<SendKey> keys, CancellationToken cancel)
    {
        var found = await FindSeenAsync(keys, cancel);
        if (found.Count > 0) await ConfirmSeenAsync(cancel);
        return found;
    }

    private async Task<Dictionary<SendKey, Placed>> FindSeenAsync(IReadOnlyCollection<SendKey> keys, CancellationToken cancel)
    {
        await using var connection = await database.ConnectAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            SELECT m.sender, m.client_key, m.conversation, m.seq, m.time, m.type, m.body
            FROM unnest($1, $2) AS asked(sender, client_key) JOIN messages m ON m.sender = asked.sender AND m.client_key = asked.client_key
            """,
            connection);
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
