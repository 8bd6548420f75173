using Dapper;
using Im.Hosting.Storage;

namespace Im.Presence.Seen;

/// <summary>When users were last seen, for good. It never moves back, in whatever order writes arrive.</summary>
public sealed class LastSeenTable(Database database)
{
    /// <summary>Unix milliseconds of those of the users who were ever seen.</summary>
    public async Task<IReadOnlyDictionary<long, long>> ReadAsync(IReadOnlyList<long> users, CancellationToken cancel)
    {
        if (users.Count == 0) return new Dictionary<long, long>();
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<(long UserId, long SeenAt)>(new CommandDefinition(
            $"SELECT user_id, seen_at FROM last_seen WHERE {database.AnyOf("user_id", "@users")}",
            new { users = database.List(users) },
            cancellationToken: cancel));
        return rows.ToDictionary(row => row.UserId, row => row.SeenAt);
    }

    /// <summary>Writes a batch in one statement.</summary>
    public Task WriteAsync(IReadOnlyDictionary<long, long> seen, CancellationToken cancel)
    {
        // In order of ids, so that two instances never wait for each other's rows. Numbers need no parameters, and no two batches are the same text.
        var rows = string.Join(',', seen.OrderBy(one => one.Key).Select(one => FormattableString.Invariant($"({one.Key},{one.Value})")));
        return database.WriteAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(
                $"""
                INSERT INTO last_seen (user_id, seen_at) VALUES {rows}
                ON CONFLICT (user_id) DO UPDATE SET seen_at = excluded.seen_at WHERE last_seen.seen_at < excluded.seen_at
                """,
                cancellationToken: cancel)),
            cancel);
    }
}
