using Dapper;
using Im.Hosting.Storage;

namespace Im.Hosting.Sessions;

/// <summary>A session as it stands in the database.</summary>
public sealed record SessionRow
{
    public long SessionKey { get; init; }

    public long UserId { get; init; }

    public long DeviceKey { get; init; }

    /// <summary>The device's id as the client knows it.</summary>
    public string DeviceId { get; init; } = "";

    /// <summary>Unix milliseconds; moves with use up to an absolute end.</summary>
    public long ExpiresAt { get; init; }
}

/// <summary>Reads sessions where they are checked. The session service alone writes them.</summary>
public sealed class SessionReader(Database database)
{
    /// <summary>The live session with this hash; null where it is unknown, ended, expired, or its user disabled.</summary>
    public async Task<SessionRow?> FindAsync(byte[] tokenHash, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return await connection.RowAsync<SessionRow>(new CommandDefinition(
            $"""
            SELECT s.session_key AS SessionKey, s.user_id AS UserId, s.device_key AS DeviceKey, d.device_id AS DeviceId, s.expires_at AS ExpiresAt
            FROM sessions s JOIN devices d ON d.device_key = s.device_key JOIN accounts a ON a.user_id = s.user_id
            WHERE s.token_hash = @tokenHash AND s.ended_at IS NULL AND s.expires_at > {database.Now} AND a.disabled = @no
            """,
            new { tokenHash, no = false },
            cancellationToken: cancel));
    }

    /// <summary>
    /// Which of these sessions are not alive any more. A gateway asks this once a second for the sessions that it holds, so that the loss of an event
    /// costs a second and no more.
    /// </summary>
    public async Task<IReadOnlyList<long>> EndedAsync(IReadOnlyList<long> sessionKeys, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return [.. await connection.RowsAsync<long>(new CommandDefinition(
            $"""
            SELECT session_key FROM sessions
            WHERE {database.AnyOf("session_key", "@keys")} AND (ended_at IS NOT NULL OR expires_at <= {database.Now})
            """,
            new { keys = database.List(sessionKeys) },
            cancellationToken: cancel))];
    }
}
