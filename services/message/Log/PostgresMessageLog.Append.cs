using System.Text;
using Im.Contracts;
using Im.Message.Commit;
using Npgsql;
using NpgsqlTypes;

namespace Im.Message.Log;

public sealed partial class PostgresMessageLog
{
    public async Task<bool> AppendAsync(CommitPlan plan, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch();
        if (plan.NewDirects.Count > 0) AddDirects(batch, plan);
        foreach (var group in plan.NewGroups)
        {
            batch.BatchCommands.Add(Command(
                "INSERT INTO conversations (conversation, kind, title, owner, created_at) VALUES ($1, 2, $2, $3, $4)",
                Value(group.Id.ToGuid()), Value(group.Title!), Value(group.Owner), Value(plan.Now)));
        }

        foreach (var change in plan.Changes) batch.BatchCommands.Add(ChangeCommand(change));
        foreach (var change in plan.BlockChanges) batch.BatchCommands.Add(BlockCommand(change, plan.Now));
        batch.BatchCommands.Add(plan.Rows.Count > 0 ? RowsCommand(plan) : GuardCommand(plan));
        // Behind the guard, which compares with the revisions as they were.
        if (plan.Raised.Count > 0)
        {
            batch.BatchCommands.Add(Command(
                "UPDATE shard_changes SET revision = revision + 1 WHERE shard = ANY($1)", Array(plan.Raised.Order().ToArray(), NpgsqlDbType.Integer)));
        }

        try
        {
            await ConfirmedAsync(
                async connection =>
                {
                    batch.Connection = connection;
                    await batch.ExecuteNonQueryAsync(cancel);
                },
                cancel);
            return true;
        }
        catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected)
        {
            // A deadlock: another service writes into the same conversations, and of the two this one was undone. The places are taken, or will be in a moment.
            return false;
        }
        catch (PostgresException fault) when (fault.SqlState.StartsWith("22", StringComparison.Ordinal) || fault.SqlState.StartsWith("23", StringComparison.Ordinal))
        {
            throw new UnstorableException(fault.MessageText, fault);
        }
    }

    private static void AddDirects(NpgsqlBatch batch, CommitPlan plan)
    {
        // Sorted, as the rows are.
        var directs = plan.NewDirects.OrderBy(id => id.ToGuid()).ToArray();
        var ids = System.Array.ConvertAll(directs, id => id.ToGuid());
        batch.BatchCommands.Add(Command(
            "INSERT INTO conversations (conversation, kind, created_at) SELECT id, 1, $2 FROM unnest($1) AS new(id)",
            Array(ids, NpgsqlDbType.Uuid), Value(plan.Now)));
        var members = directs.SelectMany(id => ConversationState.MembersOf(id).InJoinOrder.Select(user => (Id: id.ToGuid(), User: user))).ToArray();
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
            "UPDATE conversations SET title = $2 WHERE conversation = $1", Value(renamed.Group.ToGuid()), Value(renamed.Title)),
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, "a change without SQL"),
    };

    private static NpgsqlBatchCommand BlockCommand(BlockChange change, long now) => change.IsBlocked
        ? Command(
            "INSERT INTO blocks (user_id, blocked, conversation, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            Value(change.User), Value(change.Other), Value(change.Conversation.ToGuid()), Value(now))
        : Command("DELETE FROM blocks WHERE user_id = $1 AND blocked = $2", Value(change.User), Value(change.Other));

    private static NpgsqlBatchCommand GuardCommand(CommitPlan plan)
    {
        var (shards, revisions) = GuardParameters(plan);
        return Command(Guard("$1", "$2"), shards, revisions);
    }

    /// <summary>
    /// The rows are sorted by their places: around a hand-over two services may write into the same conversations for a few seconds, and the second one is to wait for the
    /// first at the first of them, not each for the other.
    /// </summary>
    private static NpgsqlBatchCommand RowsCommand(CommitPlan plan)
    {
        var rows = plan.Rows.Select(row => (Conversation: row.Conversation.ToGuid(), Row: row)).ToArray();
        System.Array.Sort(rows, (one, other) => one.Conversation.CompareTo(other.Conversation) is not 0 and var order ? order : one.Row.Seq.CompareTo(other.Row.Seq));
        var count = rows.Length;
        var (conversations, seqs, senders) = (new Guid[count], new long[count], new long[count]);
        var (keys, ids, types, bodies, times) = (new Guid[count], new string?[count], new string?[count], new string[count], new long[count]);
        for (var i = 0; i < count; i++)
        {
            var (conversation, row) = rows[i];
            (conversations[i], seqs[i], senders[i]) = (conversation, row.Seq, row.Sender);
            (keys[i], ids[i], types[i]) = (row.ClientKey, ClientMessageKey.StoredText(row.ClientId), row.Type);
            (bodies[i], times[i]) = (Encoding.UTF8.GetString(row.Body.Span), row.Time);
        }

        var (shards, revisions) = GuardParameters(plan);
        return Command(
            $"""
            WITH guard AS ({Guard("$9", "$10")})
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
            Array(times, NpgsqlDbType.Bigint),
            shards,
            revisions);
    }

    /// <summary>
    /// Does nothing where the shards have these revisions, and violates the primary key where one has another. A shard without a row has none yet and gets it.
    /// </summary>
    /// <remarks>
    /// No lock is needed, because the guard stands in the statement that inserts the rows and so sees what they see. A block that this snapshot does not show
    /// is committed after it was taken, hence answered after it; and the send was here before it. So no send that began after the answer gets past the
    /// guard, although a row may be committed a moment after the block. A lock on the revision would put the two in one order, but a process that
    /// freezes in the middle of its batch would hold it and with it every block of the shard. The raise itself follows in the same transaction, never
    /// compares and always adds: of two that change a shard at once, each finds the other's change at its next commit.
    /// </remarks>
    private static string Guard(string shards, string revisions) =>
        $"""
        INSERT INTO shard_changes (shard, revision)
        SELECT expected.shard, expected.revision FROM unnest({shards}, {revisions}) AS expected(shard, revision)
        WHERE NOT EXISTS (SELECT FROM shard_changes held WHERE held.shard = expected.shard AND held.revision = expected.revision)
        """;

    private static (NpgsqlParameter Shards, NpgsqlParameter Revisions) GuardParameters(CommitPlan plan)
    {
        // Sorted: two that make rows for the same shards must not wait for each other.
        var guarded = plan.Revisions.OrderBy(one => one.Key).ToArray();
        return (Array(System.Array.ConvertAll(guarded, one => one.Key), NpgsqlDbType.Integer), Array(System.Array.ConvertAll(guarded, one => one.Value), NpgsqlDbType.Bigint));
    }
}
