using Dapper;
using Im.Hosting.Storage;

namespace Im.Gateway.Log;

/// <param name="Since">Unix milliseconds.</param>
public sealed record BlockedUser(long UserId, string Username, string DisplayName, long Since);

/// <summary>Reads whom a user blocks. The message service alone writes it.</summary>
public sealed class BlockReader(Database database)
{
    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<BlockedUser>> ListAsync(long user, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<(long, string, string, long)>(new CommandDefinition(
            """
            SELECT b.blocked, a.username, coalesce(p.display_name, a.username), b.since
            FROM blocks b JOIN accounts a ON a.user_id = b.blocked LEFT JOIN profiles p ON p.user_id = b.blocked
            WHERE b.user_id = @user ORDER BY b.since DESC, b.blocked DESC
            """,
            new { user },
            cancellationToken: cancel));
        return [.. rows.Select(row => new BlockedUser(row.Item1, row.Item2, row.Item3, row.Item4))];
    }

    /// <summary>Those of <paramref name="others"/> who have blocked the user or whom he has blocked: to each other they are offline.</summary>
    public async Task<IReadOnlySet<long>> BetweenAsync(long user, IReadOnlyList<long> others, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var found = await connection.RowsAsync<long>(new CommandDefinition(
            $"""
            SELECT blocked FROM blocks WHERE user_id = @user AND {database.AnyOf("blocked", "@others")}
            UNION SELECT user_id FROM blocks WHERE {database.AnyOf("user_id", "@others")} AND blocked = @user
            """,
            new { user, others = database.List(others) },
            cancellationToken: cancel));
        return found.ToHashSet();
    }
}
