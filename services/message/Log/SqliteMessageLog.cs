using Im.Contracts;
using Im.Hosting.Storage;
using Im.Message.Commit;

namespace Im.Message.Log;

/// <summary>
/// The log in SQLite, for the one process of a newcomer: a plan is one transaction, on disk before it counts. Here no round trip is saved by asking for many rows
/// at once, so each row has its run of a compiled statement.
/// </summary>
public sealed partial class SqliteMessageLog(SqliteDatabase database) : IMessageLog
{
    public Task<LoadedStates> LoadAsync(IReadOnlyCollection<ConversationId> conversations, IReadOnlyCollection<int> shards, CancellationToken cancel) =>
        database.ReadAsync(
            statements =>
            {
                var revisions = shards.ToDictionary(shard => shard, shard => One(statements["SELECT revision FROM shard_changes WHERE shard = ?"], shard));
                return new LoadedStates([.. conversations.Select(id => Load(statements, id))], revisions);
            },
            cancel);

    public Task<IReadOnlyCollection<long>> ExistingUsersAsync(IReadOnlyCollection<long> users, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyCollection<long>>(
            statements => users.Where(user => One(statements["SELECT 1 FROM accounts WHERE user_id = ?"], user) > 0).ToHashSet(), cancel);

    public Task<IReadOnlyDictionary<long, int>> CountBlocksAsync(IReadOnlyCollection<long> users, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyDictionary<long, int>>(
            statements => users.Distinct().Select(user => (User: user, Count: (int)One(statements["SELECT count(*) FROM blocks WHERE user_id = ?"], user)))
                .Where(one => one.Count > 0).ToDictionary(one => one.User, one => one.Count),
            cancel);

    public Task<IReadOnlyDictionary<SendKey, Placed>> FindAsync(IReadOnlyCollection<SendKey> keys, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyDictionary<SendKey, Placed>>(
            statements =>
            {
                var find = statements["SELECT conversation, seq, time, type, body FROM messages WHERE sender = ? AND client_key = ?"];
                var found = new Dictionary<SendKey, Placed>();
                foreach (var key in keys)
                {
                    find.Bind(1, key.Sender).Bind(2, key.ClientKey);
                    while (find.Next())
                        found[key] = new Placed(find.Conversation(0), find.Number(1), find.Number(2), ContentPrint.OfStored(find.Text(3), find.Bytes(4)));
                }

                return found;
            },
            cancel);

    private static ConversationState Load(SqliteStatements statements, ConversationId id)
    {
        var read = statements[
            """
            SELECT coalesce((SELECT max(seq) FROM messages WHERE conversation = ?1), 0),
                   (SELECT title FROM conversations WHERE conversation = ?1), coalesce((SELECT owner FROM conversations WHERE conversation = ?1), 0),
                   (SELECT coalesce(sum(CASE WHEN user_id < blocked THEN 1 ELSE 2 END), 0) FROM blocks WHERE conversation = ?1)
            """];
        var state = ConversationState.New(id);
        read.Bind(1, id);
        while (read.Next()) state = state with { Head = read.Number(0), Title = read.Text(1), Owner = read.Number(2), Blocks = (PairBlocks)read.Number(3) };
        return id.IsGroup ? state with { Members = MembersOf(statements, id) } : state;
    }

    private static MemberList MembersOf(SqliteStatements statements, ConversationId group)
    {
        var read = statements["SELECT user_id FROM members WHERE conversation = ? AND removed_seq IS NULL ORDER BY place, user_id"];
        var members = new List<long>();
        read.Bind(1, group);
        while (read.Next()) members.Add(read.Number(0));
        return new MemberList(members);
    }

    /// <summary>The one number that is found for a key; 0 where there is none.</summary>
    private static long One(SqliteStatement statement, long key)
    {
        var found = 0L;
        statement.Bind(1, key);
        while (statement.Next()) found = statement.Number(0);
        return found;
    }
}
