using System.Data.Common;
using Dapper;
using Im.Contracts;
using Im.Contracts.Messages;
using Im.Hosting.Sessions;
using Im.Hosting.Storage;

namespace Im.Session;

/// <summary>
/// Opens sessions inside one transaction, in a handful of statements whatever their number: check the users, find or add the devices, add the
/// sessions, end those that they replace.
/// </summary>
internal sealed class SessionOpening(
    Database database, DbConnection connection, DbTransaction transaction, SessionOptions options, TimeProvider time, CancellationToken cancel)
{
    private sealed record Opening(SessionWish Wish, string DeviceId, string Secret, byte[] Hash, long SessionKey)
    {
        public long DeviceKey { get; set; }

        public bool IsNewDevice { get; set; }
    }

    public async Task<OpenOutcome> RunAsync(IReadOnlyList<SessionWish> wishes)
    {
        if (await RefusalAsync([.. wishes.Select(wish => wish.UserId).Distinct()]) is { } refused) return new([], [], refused);
        var now = await connection.ExecuteScalarAsync<long>(Command($"SELECT {database.Now}"));
        var openings = wishes.Select(Draw).ToList();
        foreach (var opening in openings) await FindDeviceAsync(opening);
        await AddDevicesAsync([.. openings.Where(opening => opening.IsNewDevice)], now);
        var ended = await EndOlderOfDevicesAsync([.. openings.Where(opening => !opening.IsNewDevice).Select(opening => opening.DeviceKey)]);
        var expiresAt = now + Math.Min(options.IdleMs, options.AbsoluteMs);
        await AddSessionsAsync(openings, now, expiresAt);
        ended.AddRange(await EndIdlestAsync(openings));
        var opened = openings.Select(one => new SessionOpened(one.Secret, one.SessionKey, one.Wish.UserId, one.DeviceId, expiresAt));
        return new([.. opened], ended, null);
    }

    /// <summary>Takes the account rows, in the order of their ids so that two batches cannot wait for each other.</summary>
    private async Task<Refused?> RefusalAsync(IReadOnlyList<long> users)
    {
        var found = (await connection.RowsAsync<(long UserId, bool Disabled)>(Command(
            $"SELECT user_id, disabled FROM accounts WHERE {database.AnyOf("user_id", "@users")} ORDER BY user_id {database.ForUpdate}",
            new { users = database.List(users) }))).ToDictionary(row => row.UserId, row => row.Disabled);
        foreach (var user in users)
        {
            // It writes to every conversation there is: no client is to be it.
            if (user == Ids.SystemUser) return new(Im.Protocol.Codes.Forbidden, "the system user has no sessions");
            if (!found.TryGetValue(user, out var disabled)) return new(Im.Protocol.Codes.NotFound, $"there is no user {Ids.Text(user)}");
            if (disabled) return new(Im.Protocol.Codes.Forbidden, $"user {Ids.Text(user)} is disabled");
        }

        return null;
    }

    private Opening Draw(SessionWish wish)
    {
        var secret = SessionId.New();
        if (!SessionId.TryHash(secret, out var hash)) throw new InvalidOperationException("a new session id is not one");
        return new(wish, wish.Device?.Id ?? Guid.CreateVersion7(time.GetUtcNow()).ToString("N"), secret, hash, Ids.Next(time));
    }

    private async Task FindDeviceAsync(Opening opening)
    {
        if (opening.Wish.Device?.Id is { } id)
        {
            opening.DeviceKey = await connection.ExecuteScalarAsync<long?>(Command(
                """
                UPDATE devices SET name = COALESCE(@Name, name), platform = COALESCE(@Platform, platform)
                WHERE user_id = @UserId AND device_id = @id RETURNING device_key
                """,
                new { opening.Wish.UserId, id, opening.Wish.Device.Name, opening.Wish.Device.Platform })) ?? 0;
        }

        opening.IsNewDevice = opening.DeviceKey == 0;
        if (opening.IsNewDevice) opening.DeviceKey = Ids.Next(time);
    }

    /// <summary>A new device holds what the user's devices hold at this moment, and follows them no further.</summary>
    private async Task AddDevicesAsync(IReadOnlyList<Opening> openings, long now)
    {
        if (openings.Count == 0) return;
        await connection.InsertManyAsync(
            transaction,
            "INSERT INTO devices (device_key, user_id, device_id, name, platform, created_at)",
            [.. openings.Select(one => new object?[] { one.DeviceKey, one.Wish.UserId, one.DeviceId, one.Wish.Device?.Name, one.Wish.Device?.Platform, now })],
            cancel);
        await connection.ExecuteAsync(Command(
            $"""
            INSERT INTO cursors (device_key, conversation, seq)
            SELECT d.device_key, m.conversation, m.delivered FROM devices d JOIN marks m ON m.user_id = d.user_id
            WHERE {database.AnyOf("d.device_key", "@devices")} AND m.delivered > 0
            """,
            new { devices = database.List(openings.Select(one => one.DeviceKey)) }));
    }

    private Task AddSessionsAsync(IReadOnlyList<Opening> openings, long now, long expiresAt) => connection.InsertManyAsync(
        transaction,
        "INSERT INTO sessions (session_key, token_hash, user_id, device_key, created_at, last_seen_at, expires_at)",
        [.. openings.Select(one => new object?[] { one.SessionKey, one.Hash, one.Wish.UserId, one.DeviceKey, now, now, expiresAt })],
        cancel);

    private async Task<List<long>> EndOlderOfDevicesAsync(IReadOnlyList<long> devices) => devices.Count == 0 ? [] : await EndAsync(
        $"SELECT session_key FROM sessions WHERE {database.AnyOf("device_key", "@devices")} AND ended_at IS NULL", new { devices = database.List(devices) });

    /// <summary>Of each user the sessions used last stay, the new ones before all others.</summary>
    private Task<List<long>> EndIdlestAsync(IReadOnlyList<Opening> openings) => EndAsync(
        $"""
        SELECT session_key FROM (
            SELECT session_key, row_number() OVER (
                PARTITION BY user_id
                ORDER BY CASE WHEN {database.AnyOf("session_key", "@fresh")} THEN 0 ELSE 1 END, last_seen_at DESC, session_key DESC) AS place
            FROM sessions WHERE {database.AnyOf("user_id", "@users")} AND ended_at IS NULL AND expires_at > {database.Now}) ranked
        WHERE place > @most
        """,
        new
        {
            fresh = database.List(openings.Select(one => one.SessionKey)),
            users = database.List(openings.Select(one => one.Wish.UserId).Distinct()),
            most = options.MaxPerUser,
        });

    private async Task<List<long>> EndAsync(string which, object values)
    {
        var keys = (await connection.RowsAsync<long>(Command(which, values))).ToList();
        if (keys.Count > 0)
        {
            await connection.ExecuteAsync(Command(
                $"UPDATE sessions SET ended_at = {database.Now} WHERE {database.AnyOf("session_key", "@keys")}", new { keys = database.List(keys) }));
        }

        return keys;
    }

    private CommandDefinition Command(string sql, object? values = null) => new(sql, values, transaction, cancellationToken: cancel);
}
