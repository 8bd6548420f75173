using System.Data;
using System.Data.Common;
using Dapper;
using Im.Contracts;
using Im.Hosting.Storage;

namespace Im.Gateway.Log;

/// <summary>Where a device stands in a conversation of its user.</summary>
/// <param name="FromSeq">The first message that the user may see.</param>
/// <param name="Cursor">Highest seq that the device acknowledged; 0 where it never did.</param>
public sealed record ConversationStart(ConversationId Conversation, long FromSeq, long Cursor, long Head);

public sealed record ConversationHead(long UserId, ConversationId Conversation, long FromSeq, long Head);

/// <summary>A message as it stands in the log.</summary>
public sealed record LoggedMessage
{
    public long Seq { get; init; }

    public long Sender { get; init; }

    public Guid ClientKey { get; init; }

    public string? ClientId { get; init; }

    public string? Type { get; init; }

    public string Body { get; init; } = "";

    public long Time { get; init; }

    public string SenderId => ClientMessageKey.TextOf(ClientKey, ClientId);
}

/// <summary>At most <paramref name="Limit"/> messages behind <paramref name="After"/>, or behind where the user sees the conversation from.</summary>
public readonly record struct LogRange(ConversationId Conversation, long After, int Limit);

/// <param name="FromSeq">The first message that the user may see.</param>
public sealed record LogPage(long FromSeq, IReadOnlyList<LoggedMessage> Messages);

/// <summary>
/// Reads the log for connections. Every read goes through the membership as it is at that moment, so that after a removal nothing more comes out.
/// The message service alone writes.
/// </summary>
public sealed class LogReader(Database database)
{
    private const string Membership = "FROM members WHERE conversation = @conversation AND user_id = @user AND removed_seq IS NULL";

    /// <summary>All conversations of the user with their heads, as the device has to catch up on them.</summary>
    public async Task<IReadOnlyList<ConversationStart>> StartsAsync(long user, long deviceKey, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<(ConversationId, long, long, long)>(new CommandDefinition(
            """
            SELECT m.conversation, m.from_seq, coalesce(k.seq, 0),
                   coalesce((SELECT max(seq) FROM messages WHERE conversation = m.conversation), 0)
            FROM members m LEFT JOIN cursors k ON k.device_key = @deviceKey AND k.conversation = m.conversation
            WHERE m.user_id = @user AND m.removed_seq IS NULL
            """,
            new { user, deviceKey },
            cancellationToken: cancel));
        return [.. rows.Select(row => new ConversationStart(row.Item1, row.Item2, row.Item3, row.Item4))];
    }

    /// <summary>The heads of all conversations of these users.</summary>
    public async Task<IReadOnlyList<ConversationHead>> HeadsAsync(IReadOnlyCollection<long> users, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<(long, ConversationId, long, long)>(new CommandDefinition(
            $"""
            SELECT m.user_id, m.conversation, m.from_seq, coalesce((SELECT max(seq) FROM messages WHERE conversation = m.conversation), 0)
            FROM members m WHERE {database.AnyOf("m.user_id", "@users")} AND m.removed_seq IS NULL
            """,
            new { users = database.List(users) },
            cancellationToken: cancel));
        return [.. rows.Select(row => new ConversationHead(row.Item1, row.Item2, row.Item3, row.Item4))];
    }

    /// <summary>When these messages were accepted, Unix milliseconds. For a handful: each is looked up by itself.</summary>
    public async Task<IReadOnlyDictionary<(ConversationId Conversation, long Seq), long>> TimesAsync(
        IReadOnlyList<(ConversationId Conversation, long Seq)> messages, CancellationToken cancel)
    {
        if (messages.Count == 0) return new Dictionary<(ConversationId, long), long>();
        var values = new DynamicParameters();
        foreach (var (place, message) in messages.Index())
        {
            values.Add($"c{place}", message.Conversation);
            values.Add($"s{place}", message.Seq);
        }

        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<(ConversationId, long, long)>(new CommandDefinition(
            string.Join(" UNION ALL ", messages.Select((_, place) => $"SELECT conversation, seq, time FROM messages WHERE conversation = @c{place} AND seq = @s{place}")),
            values,
            cancellationToken: cancel));
        var times = new Dictionary<(ConversationId Conversation, long Seq), long>();
        foreach (var (conversation, seq, time) in rows) times[(conversation, seq)] = time;
        return times;
    }

    /// <summary>
    /// At most <paramref name="limit"/> messages, ascending: behind <paramref name="after"/>, or else the last ones before <paramref name="before"/>.
    /// Null where the user is not in the conversation.
    /// </summary>
    public async Task<LogPage?> ReadAsync(long user, ConversationId conversation, long? after, long? before, int limit, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        // Each looks at the membership by itself. One lower bound and not two: SQLite walks an index from one, and looks at every row between it and the other.
        await using var answers = await connection.ExecuteReaderAsync(new CommandDefinition(
            $"""
            SELECT from_seq {Membership};
            SELECT seq AS Seq, sender AS Sender, client_key AS ClientKey, client_id AS ClientId, type AS Type, body AS Body, time AS Time FROM messages
            WHERE conversation = @conversation AND seq > (SELECT CASE WHEN from_seq > @lower THEN from_seq - 1 ELSE @lower END {Membership}) AND seq < @upper
            ORDER BY seq {(after is null ? "DESC" : "ASC")} LIMIT @limit
            """,
            new { conversation, user, lower = after ?? 0, upper = before ?? long.MaxValue, limit },
            cancellationToken: cancel), CommandBehavior.Default);
        var membership = await answers.RowsAsync<long>(cancel);
        await answers.NextResultAsync(cancel);
        var messages = await answers.RowsAsync<LoggedMessage>(cancel);
        if (membership is not [var from]) return null;
        if (after is null) messages.Reverse();
        return new LogPage(from, messages);
    }

    /// <summary>The messages of many ranges, each ascending, in one query. Null in the place of one in whose conversation the user is not.</summary>
    public async Task<IReadOnlyList<LogPage?>> ReadAsync(long user, IReadOnlyList<LogRange> ranges, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        // The log has no gaps, so so many places are so many messages (where it has one, a wide one shows as an empty page): a bound is an index's work, a limit for each range
        // would be a query for each. CROSS keeps SQLite to this order.
        command.CommandText =
            $"""
            SELECT seen.place, seen.from_seq, x.seq, x.sender, x.client_key, x.client_id, x.type, x.body, x.time
            FROM (
                SELECT asked.place, asked.id, m.from_seq, asked.second AS count, CASE WHEN m.from_seq > asked.first THEN m.from_seq - 1 ELSE asked.first END AS after
                FROM {database.Rows} CROSS JOIN members m
                WHERE m.conversation = asked.id AND m.user_id = @user AND m.removed_seq IS NULL
            ) seen
            LEFT JOIN messages x ON x.conversation = seen.id AND x.seq > seen.after AND x.seq <= seen.after + seen.count
            ORDER BY seen.place, x.seq
            """;
        Database.Add(command, "user", user);
        database.AddRows(command, [.. ranges.Select(range => (range.Conversation.ToGuid(), range.After, (long)range.Limit))]);
        var pages = new LogPage?[ranges.Count];
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<LoggedMessage> messages = [];
        while (await reader.ReadAsync(cancel))
        {
            var place = (int)reader.GetInt64(0);
            if (pages[place] is null) pages[place] = new LogPage(reader.GetInt64(1), messages = []);
            if (!reader.IsDBNull(2)) messages.Add(Message(reader));
        }

        return pages;
    }

    private static LoggedMessage Message(DbDataReader row) => new()
    {
        Seq = row.GetInt64(2),
        Sender = row.GetInt64(3),
        ClientKey = row.GetGuid(4),
        ClientId = row.IsDBNull(5) ? null : row.GetString(5),
        Type = row.IsDBNull(6) ? null : row.GetString(6),
        Body = row.GetString(7),
        Time = row.GetInt64(8),
    };
}
