using System.Data.Common;
using Dapper;
using Im.Contracts.Messages;
using Im.Hosting.Storage;
using Microsoft.Extensions.Options;

namespace Im.Session;

/// <summary>A session that is to be opened.</summary>
public sealed record SessionWish(long UserId, DeviceInfo? Device);

/// <summary>What opening them did: the new ones in the order asked, and the older ones that ended for them; or why nothing was done.</summary>
public sealed record OpenOutcome(IReadOnlyList<SessionOpened> Opened, IReadOnlyList<long> Ended, Refused? Refused);

/// <summary>
/// The sessions of users. All that opens or ends sessions of a user holds his account row meanwhile, so two logins at once cannot both be the tenth,
/// nor can a login slip past "end all". Times are the database's, the only clock that all processes share.
/// </summary>
public sealed class SessionStore(Database database, IOptions<SessionOptions> options, TimeProvider time)
{
    private readonly SessionOptions _options = options.Value;

    /// <summary>All of them or none. Refused where a user is unknown (<c>not_found</c>) or disabled (<c>forbidden</c>).</summary>
    public async Task<OpenOutcome> OpenAsync(IReadOnlyList<SessionWish> wishes, CancellationToken cancel)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await database.TransactAsync(
                    (connection, transaction) => new SessionOpening(database, connection, transaction, _options, time, cancel).RunAsync(wishes), cancel);
            }
            catch (DbException fault) when (database.IsUniqueViolation(fault) && tries < 3)
            {
                // Another process drew the same id: draw again.
            }
        }
    }

    /// <summary>Live sessions, the one used last first.</summary>
    public async Task<IReadOnlyList<SessionListed>> ListAsync(long userId, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<SessionListRow>(new CommandDefinition(
            $"""
            SELECT s.session_key AS SessionKey, d.device_id AS DeviceId, d.name AS Name, d.platform AS Platform, s.last_seen_at AS LastSeenAt
            FROM sessions s JOIN devices d ON d.device_key = s.device_key
            WHERE s.user_id = @userId AND s.ended_at IS NULL AND s.expires_at > {database.Now}
            ORDER BY s.last_seen_at DESC, s.session_key DESC
            """,
            new { userId },
            cancellationToken: cancel));
        return [.. rows.Select(row => new SessionListed(row.SessionKey, row.DeviceId, row.Name, row.Platform, row.LastSeenAt))];
    }

    /// <summary>Ends one session or all of the user but one; returns the keys of those that were live.</summary>
    public Task<IReadOnlyList<long>> EndAsync(EndSessions which, CancellationToken cancel) => database.TransactAsync<IReadOnlyList<long>>(
        async (connection, transaction) =>
        {
            await connection.ExecuteAsync(new CommandDefinition(
                $"SELECT user_id FROM accounts WHERE user_id = @UserId {database.ForUpdate}", which, transaction, cancellationToken: cancel));
            var one = which.SessionKey is null ? "" : "AND session_key = @SessionKey";
            var except = which.Except is null ? "" : "AND session_key <> @Except";
            var keys = (await connection.RowsAsync<long>(new CommandDefinition(
                $"""
                SELECT session_key FROM sessions
                WHERE user_id = @UserId AND ended_at IS NULL AND expires_at > {database.Now} {one} {except}
                """,
                which,
                transaction,
                cancellationToken: cancel))).ToList();
            await connection.ExecuteAsync(new CommandDefinition(
                $"UPDATE sessions SET ended_at = {database.Now} WHERE {database.AnyOf("session_key", "@keys")} AND ended_at IS NULL",
                new { keys = database.List(keys) },
                transaction,
                cancellationToken: cancel));
            return keys;
        },
        cancel);

    /// <summary>Moves their end with use, up to the absolute one. What another transaction holds (it is being ended) is left out.</summary>
    public Task<int> UseAsync(IReadOnlyList<long> sessionKeys, CancellationToken cancel) => database.WriteAsync(
        connection => connection.ExecuteAsync(new CommandDefinition(
            $"""
            UPDATE sessions SET last_seen_at = {database.Now},
                expires_at = CASE WHEN {database.Now} + @idle < created_at + @absolute THEN {database.Now} + @idle ELSE created_at + @absolute END
            WHERE session_key IN (
                SELECT session_key FROM sessions
                WHERE {database.AnyOf("session_key", "@keys")} AND ended_at IS NULL AND expires_at > {database.Now}
                {database.ForUpdateSkippingHeld})
            """,
            new { keys = database.List(sessionKeys), idle = _options.IdleMs, absolute = _options.AbsoluteMs },
            cancellationToken: cancel)),
        cancel);

    private sealed class SessionListRow
    {
        public long SessionKey { get; init; }

        public string DeviceId { get; init; } = "";

        public string? Name { get; init; }

        public string? Platform { get; init; }

        public long LastSeenAt { get; init; }
    }
}
