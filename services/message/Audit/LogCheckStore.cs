using System.Data.Common;
using System.Text.Json;
using Dapper;
using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Nodes;
using Im.Hosting.Storage;

namespace Im.Message.Audit;

/// <summary>
/// The pages that the check reads, and what it remembers. Pages follow the primary keys, so that each costs what it reads and nothing more; one statement sees
/// one state of the log, and a hole in it cannot be a commit on its way.
/// </summary>
public sealed class LogCheckStore(Database database, NodeIdentity self)
{
    /// <summary>Holes that are named in one stretch; the rest shows once these are mended.</summary>
    private const int MaxHoles = 100;

    /// <summary>
    /// Takes or keeps the lease of the one that checks. Null while another process holds it. By the database's clock and in the database, for without it there is
    /// nothing to check.
    /// </summary>
    public Task<(LogWalkState Walk, long Now)?> TakeAsync(TimeSpan lease, CancellationToken cancel) => database.WriteAsync<(LogWalkState, long)?>(
        async connection =>
        {
            var rows = await connection.RowsAsync<(string? Walk, long Until)>(Command(
                $"""
                UPDATE log_check SET owner = @Boot, owned_until = {database.Now} + @lease
                WHERE id = 1 AND (owner = @Boot OR owned_until < {database.Now}) RETURNING walk, owned_until
                """,
                new { self.Boot, lease = (long)lease.TotalMilliseconds },
                null,
                cancel));
            if (rows is not [var mine]) return null;
            var walk = mine.Walk is null ? LogWalkState.None : JsonSerializer.Deserialize<LogWalkState>(mine.Walk)!;
            return (walk, mine.Until - (long)lease.TotalMilliseconds);
        },
        cancel);

    /// <summary>The next rows of the log, by conversation.</summary>
    public async Task<IReadOnlyList<Stretch>> MessagesAsync(LogWalkState walk, int rows, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return [.. (await connection.RowsAsync<(ConversationId, long, long, long)>(Command(
            """
            SELECT conversation, count(*), min(seq), max(seq) FROM (
                SELECT conversation, seq FROM messages WHERE (conversation, seq) > (@Conversation, @Last) ORDER BY conversation, seq LIMIT @rows) page
            GROUP BY conversation ORDER BY conversation
            """,
            new { walk.Conversation, walk.Last, rows },
            null,
            cancel))).Select(row => new Stretch(row.Item1, row.Item2, row.Item3, row.Item4))];
    }

    /// <summary>The next members.</summary>
    public async Task<IReadOnlyList<Standing>> MembersAsync(LogWalkState walk, int rows, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return [.. (await connection.RowsAsync<(ConversationId, long, long, long, long, long)>(Command(
            """
            SELECT m.conversation, m.user_id, m.from_seq, coalesce(m.removed_seq, 0), coalesce(k.delivered, 0),
                   coalesce((SELECT max(seq) FROM messages WHERE conversation = m.conversation), 0)
            FROM members m LEFT JOIN marks k ON k.user_id = m.user_id AND k.conversation = m.conversation
            WHERE (m.conversation, m.user_id) > (@Conversation, @Last) ORDER BY m.conversation, m.user_id LIMIT @rows
            """,
            new { walk.Conversation, walk.Last, rows },
            null,
            cancel))).Select(row => new Standing(row.Item1, row.Item2, row.Item3, row.Item4, row.Item5, row.Item6))];
    }

    /// <summary>The holes between two seqs that should both be there, looked up again and one by one.</summary>
    public async Task<IReadOnlyList<LogGap>> HolesAsync(Stretch stretch, long from, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return [.. (await connection.RowsAsync<(long, long)>(Command(
            """
            SELECT previous + 1, seq - 1 FROM (
                SELECT seq, coalesce(lag(seq) OVER (ORDER BY seq), @from - 1) AS previous FROM messages
                WHERE conversation = @Conversation AND seq BETWEEN @from AND @Last) places
            WHERE seq > previous + 1 ORDER BY seq LIMIT @MaxHoles
            """,
            new { stretch.Conversation, stretch.Last, from, MaxHoles },
            null,
            cancel))).Select(row => new LogGap(stretch.Conversation, row.Item1, row.Item2))];
    }

    /// <summary>
    /// Stores what a slice found and where the next one begins. Answers with the gaps that were not known before; null where another process has the lease
    /// meanwhile, and nothing is stored.
    /// </summary>
    /// <param name="finished">Where the slice was the last of its round: gaps that this round did not find are forgotten.</param>
    public Task<IReadOnlyList<LogGap>?> StoreAsync(
        LogWalkState after, IReadOnlyList<LogGap> found, LogCheckReport? finished, CancellationToken cancel) => database.TransactAsync<IReadOnlyList<LogGap>?>(
        async (connection, transaction) =>
        {
            var held = await connection.ExecuteAsync(Command(
                "UPDATE log_check SET walk = @walk, finished = coalesce(@finished, finished) WHERE id = 1 AND owner = @Boot",
                new { walk = JsonSerializer.Serialize(after), finished = finished is null ? null : JsonSerializer.Serialize(finished), self.Boot },
                transaction,
                cancel));
            if (held == 0) return null;
            var fresh = new List<LogGap>();
            foreach (var gap in found)
            {
                var known = await connection.ExecuteAsync(Command(
                    "UPDATE log_gaps SET until = @Until, round = @Round WHERE conversation = @Conversation AND seq = @Seq",
                    new { gap.Until, after.Round, gap.Conversation, gap.Seq },
                    transaction,
                    cancel));
                if (known > 0) continue;
                await connection.ExecuteAsync(Command(
                    $"INSERT INTO log_gaps (conversation, seq, until, found_at, round) VALUES (@Conversation, @Seq, @Until, {database.Now}, @Round)",
                    new { gap.Conversation, gap.Seq, gap.Until, after.Round },
                    transaction,
                    cancel));
                fresh.Add(gap);
            }

            if (finished is not null)
                await connection.ExecuteAsync(Command("DELETE FROM log_gaps WHERE round < @Round", new { after.Round }, transaction, cancel));
            return fresh;
        },
        cancel);

    public async Task<long> CountGapsAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return await connection.ExecuteScalarAsync<long>(Command("SELECT count(*) FROM log_gaps", null, null, cancel));
    }

    private static CommandDefinition Command(string sql, object? values, DbTransaction? transaction, CancellationToken cancel) =>
        new(sql, values, transaction, cancellationToken: cancel);
}
