using Dapper;
using Im.Contracts.Messages;
using Im.Hosting.Storage;

namespace Im.Profile;

/// <summary>Profiles. A user who never wrote one has his name as display name; no row is made for him.</summary>
public sealed class ProfileStore(Database database)
{
    private const string Select =
        """
        SELECT a.user_id AS UserId, a.username AS Username, COALESCE(p.display_name, a.username) AS DisplayName, p.bio AS Bio, p.avatar_url AS AvatarUrl
        FROM accounts a LEFT JOIN profiles p ON p.user_id = a.user_id
        """;

    public Task<Contracts.Messages.Profile?> FindByIdAsync(long userId, CancellationToken cancel) =>
        FindAsync($"{Select} WHERE a.user_id = @userId", new { userId }, cancel);

    /// <param name="key">The name in the form that names are compared in.</param>
    public Task<Contracts.Messages.Profile?> FindByKeyAsync(string key, CancellationToken cancel) =>
        FindAsync($"{Select} WHERE a.username_key = @key", new { key }, cancel);

    /// <summary>Null leaves a field as it is, an empty text clears it. In one statement: two changes at once both count. Null: no such user.</summary>
    public async Task<Contracts.Messages.Profile?> UpdateAsync(UpdateProfile change, CancellationToken cancel)
    {
        await database.WriteAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO profiles (user_id, display_name, bio, avatar_url)
                SELECT a.user_id, COALESCE(@DisplayName, a.username), NULLIF(@Bio, ''), NULLIF(@AvatarUrl, '') FROM accounts a WHERE a.user_id = @UserId
                ON CONFLICT (user_id) DO UPDATE SET
                    display_name = COALESCE(@DisplayName, profiles.display_name),
                    bio = NULLIF(COALESCE(@Bio, profiles.bio), ''),
                    avatar_url = NULLIF(COALESCE(@AvatarUrl, profiles.avatar_url), '')
                """,
                change,
                cancellationToken: cancel)),
            cancel);
        return await FindByIdAsync(change.UserId, cancel);
    }

    private async Task<Contracts.Messages.Profile?> FindAsync(string sql, object values, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var row = await connection.RowAsync<Row>(new CommandDefinition(sql, values, cancellationToken: cancel));
        return row is null ? null : new(row.UserId, row.Username, row.DisplayName, row.Bio, row.AvatarUrl);
    }

    private sealed class Row
    {
        public long UserId { get; init; }

        public string Username { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public string? Bio { get; init; }

        public string? AvatarUrl { get; init; }
    }
}
