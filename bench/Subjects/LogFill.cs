using Npgsql;

namespace Im.Bench.Subjects;

/// <summary>
/// Messages that are in the log before anything is measured: an empty table fits into memory, and its index is one page. They are conversations of two like any others,
/// complete and without gaps, of users who never come.
/// </summary>
internal static class LogFill
{
    /// <summary>As the goals ask for it. About 1.5 GB with its indexes.</summary>
    private const int Messages = 5_000_000;

    private const int PerConversation = 100, PerStep = 500;

    /// <summary>Adds what is missing; answers how many messages there are now, about.</summary>
    public static async Task<long> AtLeastAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var count = new NpgsqlCommand("SELECT count(*) FROM conversations WHERE created_at = 0", connection) { CommandTimeout = 0 };
        var conversations = (long)(await count.ExecuteScalarAsync(cancel))!;
        for (; conversations < Messages / PerConversation; conversations += PerStep)
        {
            // A step is a transaction: one that was broken off leaves nothing behind.
            await using var fill = new NpgsqlCommand(Sql, connection) { CommandTimeout = 0, Parameters = { new() { Value = conversations + 1 }, new() { Value = conversations + PerStep } } };
            await fill.ExecuteNonQueryAsync(cancel);
        }

        await using var settle = new NpgsqlCommand("VACUUM ANALYZE messages", connection) { CommandTimeout = 0 };
        await settle.ExecuteNonQueryAsync(cancel);
        // Else the first round would pay for it.
        await using var written = new NpgsqlCommand("CHECKPOINT", connection) { CommandTimeout = 0 };
        await written.ExecuteNonQueryAsync(cancel);
        await using var all = new NpgsqlCommand("SELECT count(*) FROM messages", connection) { CommandTimeout = 0 };
        return (long)(await all.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Conversations $1 to $2, between user 2n and 2n + 1; the id is the pair of their ids (ADR 2).</summary>
    private const string Sql = """
        WITH pair AS (
            SELECT 2 * n AS one, 2 * n + 1 AS other, (lpad(to_hex(2 * n), 16, '0') || lpad(to_hex(2 * n + 1), 16, '0'))::uuid AS id FROM generate_series($1::bigint, $2::bigint) AS n
        ), conversation AS (
            INSERT INTO conversations (conversation, kind, created_at) SELECT id, 1, 0 FROM pair
        ), member AS (
            INSERT INTO members (conversation, user_id, from_seq, place) SELECT id, one, 1, 1 FROM pair UNION ALL SELECT id, other, 1, 1 FROM pair
        )
        INSERT INTO messages (conversation, seq, sender, client_key, body, time)
        SELECT id, seq, CASE WHEN seq % 2 = 0 THEN one ELSE other END, gen_random_uuid(), repeat('x', 100), seq FROM pair, generate_series(1, 100) AS seq
        """;
}
