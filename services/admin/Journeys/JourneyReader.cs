using Dapper;
using Im.Contracts;
using Im.Hosting.Storage;

namespace Im.Admin.Journeys;

/// <summary>A message's place and origin, without its body.</summary>
public sealed record FoundMessage
{
    public ConversationId Conversation { get; init; }

    public long Seq { get; init; }

    public long Sender { get; init; }

    public Guid ClientKey { get; init; }

    public string? ClientId { get; init; }

    public string? Type { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long Time { get; init; }
}

/// <param name="IsRemoved">He was a member when the message came and is not any more: what he had not fetched he never gets.</param>
/// <param name="Delivered">Highest seq that any of his devices acknowledged, those that have logged out since included.</param>
public sealed record MemberOf(long User, bool IsRemoved, long Delivered);

/// <summary>A device with a live session.</summary>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="Cursor">Highest seq that it acknowledged; 0 where it has no cursor yet.</param>
public sealed record DeviceOf(long User, long DeviceKey, string DeviceId, long CreatedAt, long Cursor);

/// <summary>Reads what the log and the cursors say of one message. Of a group's members one page at a time.</summary>
public sealed class JourneyReader(Database database)
{
    private const string Columns =
        "conversation AS Conversation, seq AS Seq, sender AS Sender, client_key AS ClientKey, client_id AS ClientId, type AS Type, time AS Time";

    /// <summary>Whom the message is for: who had joined by then, and was not removed before or by it.</summary>
    private const string Entitled = "m.conversation = @Conversation AND m.from_seq <= @Seq AND (m.removed_seq IS NULL OR m.removed_seq > @Seq)";

    public Task<FoundMessage?> FindAsync(ConversationId conversation, long seq, CancellationToken cancel) =>
        FindAsync("conversation = @conversation AND seq = @seq", new { conversation, seq }, cancel);

    public Task<FoundMessage?> FindAsync(long sender, string clientId, CancellationToken cancel) =>
        FindAsync("sender = @sender AND client_key = @key", new { sender, key = ClientMessageKey.Of(clientId) }, cancel);

    /// <summary>How many members the message is for, and how many of them acknowledged it on some device.</summary>
    public async Task<(long Members, long Acknowledged)> CountAsync(FoundMessage message, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return (await connection.RowsAsync<(long, long)>(new CommandDefinition(
            $"""
            SELECT count(*), count(CASE WHEN k.delivered >= @Seq THEN 1 END)
            FROM members m LEFT JOIN marks k ON k.user_id = m.user_id AND k.conversation = m.conversation WHERE {Entitled}
            """,
            new { message.Conversation, message.Seq },
            cancellationToken: cancel))).Single();
    }

    /// <summary>The next members behind <paramref name="after"/>, by their ids.</summary>
    public async Task<IReadOnlyList<MemberOf>> MembersAsync(FoundMessage message, long after, int limit, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<(long, long, long)>(new CommandDefinition(
            $"""
            SELECT m.user_id, coalesce(m.removed_seq, 0), coalesce(k.delivered, 0)
            FROM members m LEFT JOIN marks k ON k.user_id = m.user_id AND k.conversation = m.conversation
            WHERE {Entitled} AND m.user_id > @after ORDER BY m.user_id LIMIT @limit
            """,
            new { message.Conversation, message.Seq, after, limit },
            cancellationToken: cancel));
        return [.. rows.Select(row => new MemberOf(row.Item1, row.Item2 > 0, row.Item3))];
    }

    public async Task<IReadOnlyList<DeviceOf>> DevicesAsync(ConversationId conversation, IEnumerable<long> users, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<(long, long, string, long, long)>(new CommandDefinition(
            $"""
            SELECT DISTINCT d.user_id, d.device_key, d.device_id, d.created_at, coalesce(k.seq, 0)
            FROM sessions s JOIN devices d ON d.device_key = s.device_key
            LEFT JOIN cursors k ON k.device_key = d.device_key AND k.conversation = @conversation
            WHERE {database.AnyOf("s.user_id", "@users")} AND s.ended_at IS NULL AND s.expires_at > {database.Now} ORDER BY d.user_id, d.device_key
            """,
            new { conversation, users = database.List(users) },
            cancellationToken: cancel));
        return [.. rows.Select(row => new DeviceOf(row.Item1, row.Item2, row.Item3, row.Item4, row.Item5))];
    }

    private async Task<FoundMessage?> FindAsync(string which, object values, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return await connection.RowAsync<FoundMessage>(
            new CommandDefinition($"SELECT {Columns} FROM messages WHERE {which}", values, cancellationToken: cancel));
    }
}
