using System.Text.Json;
using Dapper;
using Im.Contracts;
using Im.Hosting.Nodes;
using Im.Hosting.Storage;

namespace Im.Admin;

/// <param name="Owner">Boot id of the process that checks now; null where none does.</param>
/// <param name="Finished">Null before the first round is over.</param>
public sealed record LogChecked(string? Owner, LogCheckReport? Finished, long Gaps);

/// <param name="FoundAt">Unix milliseconds.</param>
public sealed record GapFound(ConversationId Conversation, long From, long To, long FoundAt);

/// <summary>Reads what the check of the log has stored; a few rows, whatever the size of the log.</summary>
public sealed class LedgerReader(Database database)
{
    /// <summary>Gaps that one answer names: more than that is one misfortune, and its first cases tell of it.</summary>
    public const int MaxGaps = 100;

    public async Task<LogChecked> CheckAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var (owner, finished, gaps) = (await connection.RowsAsync<(string?, string?, long)>(new CommandDefinition(
            $"""
            SELECT CASE WHEN owned_until >= {database.Now} THEN owner END, finished, (SELECT count(*) FROM log_gaps) FROM log_check WHERE id = 1
            """,
            cancellationToken: cancel))).Single();
        return new LogChecked(owner, finished is null ? null : JsonSerializer.Deserialize<LogCheckReport>(finished), gaps);
    }

    /// <summary>The gaps found last.</summary>
    public async Task<IReadOnlyList<GapFound>> GapsAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var rows = await connection.RowsAsync<(ConversationId, long, long, long)>(new CommandDefinition(
            "SELECT conversation, seq, until, found_at FROM log_gaps ORDER BY found_at DESC, conversation, seq LIMIT @MaxGaps",
            new { MaxGaps },
            cancellationToken: cancel));
        return [.. rows.Select(row => new GapFound(row.Item1, row.Item2, row.Item3, row.Item4))];
    }
}
