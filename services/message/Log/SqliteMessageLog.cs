using System.Text;
using Dapper;
using Im.Contracts;
using Im.Hosting.Storage;
using Im.Message.Commit;

namespace Im.Message.Log;

/// <summary>The log in SQLite, for the one process of a newcomer: a plan is one transaction, on disk before it counts.</summary>
public sealed partial class SqliteMessageLog(SqliteDatabase database) : IMessageLog
{
    public async Task<LoadedStates> LoadAsync(
        IReadOnlyCollection<ConversationId> conversations, IReadOnlyCollection<int> shards, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var revisions = shards.ToDictionary(shard => shard, _ => 0L);
        foreach (var (shard, revision) in await connection.QueryAsync<(long Shard, long Revision)>(
            $"SELECT shard, revision FROM shard_changes WHERE {database.AnyOf("shard", "@shards")}",
            new { shards = database.List(shards.Select(shard => (long)shard)) })) revisions[(int)shard] = revision;
        var states = new List<ConversationState>(conversations.Count);
        foreach (var id in conversations)
        {
            var (head, title, owner, blocks) = await connection.QuerySingleAsync<(long Head, string? Title, long Owner, long Blocks)>(
                """
                SELECT coalesce((SELECT max(seq) FROM messages WHERE conversation = @id), 0),
                       (SELECT title FROM conversations WHERE conversation = @id), coalesce((SELECT owner FROM conversations WHERE conversation = @id), 0),
                       (SELECT coalesce(sum(CASE WHEN user_id < blocked THEN 1 ELSE 2 END), 0) FROM blocks WHERE conversation = @id)
                """,
                new { id });
            var state = ConversationState.New(id) with { Head = head, Title = title, Owner = owner, Blocks = (PairBlocks)blocks };
            if (id.IsGroup)
            {
                var members = await connection.QueryAsync<long>(
                    "SELECT user_id FROM members WHERE conversation = @id AND removed_seq IS NULL ORDER BY place, user_id", new { id });
                state = state with { Members = new MemberList([.. members]) };
            }

            states.Add(state);
        }

        return new LoadedStates(states, revisions);
    }

    public async Task<IReadOnlyCollection<long>> ExistingUsersAsync(IReadOnlyCollection<long> users, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var found = await connection.QueryAsync<long>(
            $"SELECT user_id FROM accounts WHERE {database.AnyOf("user_id", "@users")}", new { users = database.List(users) });
        return found.ToHashSet();
    }

    public async Task<IReadOnlyDictionary<long, int>> CountBlocksAsync(IReadOnlyCollection<long> users, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var counts = await connection.QueryAsync<(long User, long Count)>(
            $"SELECT user_id, count(*) FROM blocks WHERE {database.AnyOf("user_id", "@users")} GROUP BY user_id", new { users = database.List(users) });
        return counts.ToDictionary(one => one.User, one => (int)one.Count);
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

    private static string Text(Guid id) => id.ToString("D");
}
