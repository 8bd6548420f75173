using Dapper;
using Im.Contracts;
using Im.Hosting.Storage;

namespace Im.Gateway.Log;

/// <summary>A line of a user's conversation list.</summary>
public sealed record ConversationLine
{
    public ConversationId Conversation { get; init; }

    public string? Title { get; init; }

    /// <summary>Groups only.</summary>
    public long? Owner { get; init; }

    public long Delivered { get; init; }

    public long Read { get; init; }

    public long Unread { get; init; }

    /// <summary>The other of the two; null in groups, and where the user writes to himself.</summary>
    public long? Peer { get; init; }

    /// <summary>How far the other got; null where one of the two blocks the other, for it would tell when he is there.</summary>
    public long? PeerDelivered { get; init; }

    public long? PeerRead { get; init; }

    public LoggedMessage Last { get; set; } = new();
}

/// <summary>Reads what the lists and pages of conversations show. Only what the asking user is a member of.</summary>
public sealed class ConversationReader(Database database)
{
    private const string Columns =
        """
        c.conversation AS Conversation, c.title AS Title, c.owner AS Owner, coalesce(k.delivered, 0) AS Delivered, coalesce(k.read, 0) AS Read,
        (SELECT count(*) FROM messages u WHERE u.conversation = m.conversation AND u.seq > coalesce(k.read, 0) AND u.seq >= m.from_seq AND u.sender <> m.user_id)
            AS Unread,
        p.user_id AS Peer,
        CASE WHEN NOT EXISTS (SELECT 1 FROM blocks b WHERE b.conversation = m.conversation) THEN coalesce(pk.delivered, 0) END AS PeerDelivered,
        CASE WHEN NOT EXISTS (SELECT 1 FROM blocks b WHERE b.conversation = m.conversation) THEN coalesce(pk.read, 0) END AS PeerRead,
        l.seq AS Seq, l.sender AS Sender, l.client_key AS ClientKey, l.client_id AS ClientId, l.type AS Type, l.body AS Body, l.time AS Time
        """;

    private const string Tables =
        """
        members m
        JOIN conversations c ON c.conversation = m.conversation
        JOIN messages l ON l.conversation = m.conversation AND l.seq = (SELECT max(seq) FROM messages WHERE conversation = m.conversation)
        LEFT JOIN marks k ON k.user_id = m.user_id AND k.conversation = m.conversation
        LEFT JOIN members p ON c.kind = 1 AND p.conversation = m.conversation AND p.user_id <> m.user_id
        LEFT JOIN marks pk ON pk.user_id = p.user_id AND pk.conversation = m.conversation
        """;

    /// <summary>Newest message first; <paramref name="before"/> is the last line of the page before.</summary>
    public Task<IReadOnlyList<ConversationLine>> ListAsync(long user, int limit, (long Time, ConversationId Conversation)? before, CancellationToken cancel) => QueryAsync(
        $"""
        SELECT {Columns} FROM {Tables}
        WHERE m.user_id = @user AND m.removed_seq IS NULL AND (l.time < @time OR (l.time = @time AND m.conversation < @conversation))
        ORDER BY l.time DESC, m.conversation DESC LIMIT @limit
        """,
        new
        {
            user,
            limit,
            time = before?.Time ?? long.MaxValue,
            conversation = before?.Conversation ?? default,
        },
        cancel);

    /// <summary>Null where the user is not a member.</summary>
    public async Task<ConversationLine?> FindAsync(long user, ConversationId conversation, CancellationToken cancel)
    {
        var lines = await QueryAsync(
            $"SELECT {Columns} FROM {Tables} WHERE m.user_id = @user AND m.conversation = @conversation AND m.removed_seq IS NULL",
            new { user, conversation },
            cancel);
        return lines.Count == 0 ? null : lines[0];
    }

    /// <summary>In the order of joining.</summary>
    public async Task<IReadOnlyList<long>> MembersAsync(ConversationId conversation, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return [.. await connection.RowsAsync<long>(new CommandDefinition(
            "SELECT user_id FROM members WHERE conversation = @conversation AND removed_seq IS NULL ORDER BY place, user_id",
            new { conversation },
            cancellationToken: cancel))];
    }

    private async Task<IReadOnlyList<ConversationLine>> QueryAsync(string sql, object parameters, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        return [.. await connection.RowsAsync<ConversationLine, LoggedMessage, ConversationLine>(
            new CommandDefinition(sql, parameters, cancellationToken: cancel),
            (line, last) =>
            {
                line.Last = last;
                return line;
            },
            "Seq")];
    }
}
